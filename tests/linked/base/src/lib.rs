//! A registry for others.

#[festoon::registry]
pub trait Format: Send + Sync {
    fn format(&self, number: u64) -> String;
}

macro_rules! plain {
    ($($type:ident $name:literal $format:literal)*) => {$(
        #[festoon::register(dyn Format, name = $name)]
        #[derive(Default)]
        pub struct $type;

        impl Format for $type {
            fn format(&self, number: u64) -> String {
                format!($format, number)
            }
        }
    )*};
}

plain!(Decimal "decimal" "{}");

pub mod deeper {
    use super::Format;

    plain!(Hex "hex" "{:x}");
}

/// A registry in which names may be used twice.
#[festoon::registry(duplicates)]
pub trait Shared: Send + Sync {}

/// What is found, in order: `name module version`.
pub fn found() -> Vec<String> {
    let line = |entry: &festoon::Entry<dyn Format>| {
        format!("{} {} {}", entry.name(), entry.module(), entry.version().unwrap_or_default())
    };
    <dyn Format>::registry().iter().map(line).collect()
}
