//! What only a macro can know: the place and the target of its expansion.

/// The place of the code that is being compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! __registry_place {
    () => {
        $crate::__private::registry::Place::new(
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
    };
}

/// Nothing on targets where types can register themselves; an error where the registry would silently be empty.
#[doc(hidden)]
#[cfg(any(
    windows,
    target_family = "wasm",
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "haiku",
    target_os = "illumos",
    target_os = "ios",
    target_os = "linux",
    target_os = "macos",
    target_os = "netbsd",
    target_os = "none",
    target_os = "nto",
    target_os = "openbsd",
    target_os = "redox",
    target_os = "vxworks",
))]
#[macro_export]
macro_rules! __registry_target {
    () => {};
}

#[doc(hidden)]
#[cfg(not(any(
    windows,
    target_family = "wasm",
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "haiku",
    target_os = "illumos",
    target_os = "ios",
    target_os = "linux",
    target_os = "macos",
    target_os = "netbsd",
    target_os = "none",
    target_os = "nto",
    target_os = "openbsd",
    target_os = "redox",
    target_os = "vxworks",
)))]
#[macro_export]
macro_rules! __registry_target {
    () => {
        ::core::compile_error!(
            "`#[registry]` cannot collect types on this target: nothing runs before `main` there, and the registry would be empty"
        );
    };
}
