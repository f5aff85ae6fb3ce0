//! What the linker can detect: a name that is registered twice, and one that is not registered at all.

use std::any::TypeId;

/// Links crates into the program whose types register themselves: the compiler silently leaves out a crate that is
/// listed in `Cargo.toml` but never named.
///
/// In a program with these two under `[dependencies]`, which is why this is text here:
///
/// ```text
/// festoon::link!(codec_gzip, codec_zstd);
/// ```
///
/// It is an item: write it once, outside of functions. A crate that does not exist is a compile error.
#[macro_export]
macro_rules! link {
    ($($krate:ident),+ $(,)?) => {
        $(extern crate $krate as _;)+
    };
}

/// What a [`require!`](macro@crate::require) requires, so that `check` can report it where the linker does not.
#[derive(Debug)]
pub struct Required {
    pub(super) registry: fn() -> TypeId,
    pub(super) names: &'static [&'static str],
}

impl Required {
    /// Nothing, of no registry.
    pub(super) const NONE: Required = Required { registry: TypeId::of::<()>, names: &[] };

    /// Requires these names in the registry of `T`.
    #[must_use]
    pub const fn of<T: ?Sized + super::Registered<Key = str>>(names: &'static [&'static str]) -> Self {
        Required { registry: TypeId::of::<T>, names }
    }
}

inventory::collect!(Required);

/// Defines a symbol for each name of an entry, composed of the name and the symbol of the registry: a linker accepts a
/// symbol only once. Where duplicates are allowed, the symbols are weak, and it accepts any number. Nothing calls the
/// function.
#[doc(hidden)]
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]
#[macro_export]
macro_rules! __registry_names {
    ($registry:ty, $($name:literal),+) => {
        #[unsafe(naked)]
        extern "C" fn names() {
            ::core::arch::naked_asm!(
                $(
                    ".if {shared}",
                    ::core::concat!(".ifndef \"festoon: the name `", $name, "` in the registry {registry}\""),
                    ::core::concat!(".weak \"festoon: the name `", $name, "` in the registry {registry}\""),
                    ::core::concat!("\"festoon: the name `", $name, "` in the registry {registry}\":"),
                    ".endif",
                    ".else",
                    ::core::concat!(".globl \"festoon: the name `", $name, "` in the registry {registry}\""),
                    ::core::concat!("\"festoon: the name `", $name, "` in the registry {registry}\":"),
                    ".endif",
                    ::core::concat!(".hidden \"festoon: the name `", $name, "` in the registry {registry}\""),
                )+
                "ud2",
                registry = sym <$registry>::festoon_names,
                shared = const <$registry>::FESTOON_SHARED as u32,
            )
        }

        #[used]
        static NAMES: extern "C" fn() = names;
    };
}

/// Nothing on targets where this is untested: `check` reports the same.
#[doc(hidden)]
#[cfg(not(all(target_os = "linux", target_arch = "x86_64", not(miri))))]
#[macro_export]
macro_rules! __registry_names {
    ($($any:tt)*) => {};
}

/// Refers to the symbols of these names, from a section that the linker keeps.
#[doc(hidden)]
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]
#[macro_export]
macro_rules! __registry_require {
    ($registry:ty, $($name:literal),+) => {
        #[unsafe(naked)]
        extern "C" fn required() {
            ::core::arch::naked_asm!(
                ".pushsection .data.rel.ro.festoon,\"awR\",@progbits",
                $(::core::concat!(".quad \"festoon: the name `", $name, "` in the registry {registry}\""),)+
                ".popsection",
                "ud2",
                registry = sym <$registry>::festoon_names,
            )
        }

        #[used]
        static REQUIRED: extern "C" fn() = required;
    };
}

#[doc(hidden)]
#[cfg(not(all(target_os = "linux", target_arch = "x86_64", not(miri))))]
#[macro_export]
macro_rules! __registry_require {
    ($($any:tt)*) => {};
}
