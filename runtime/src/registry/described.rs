//! What an entry describes: its fields and its place.

use std::fmt;

/// A field of a registered struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name; `0`, `1` in a tuple struct.
    pub name: &'static str,
    /// Its type, as written.
    pub type_name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
    /// The names and values of its `#[field(..)]`.
    pub attributes: &'static [(&'static str, &'static str)],
}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, type_name: &'static str, docs: &'static str) -> Self {
        Field { name, type_name, docs, attributes: &[] }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with(self, attributes: &'static [(&'static str, &'static str)]) -> Self {
        Field { attributes, ..self }
    }

    /// Returns the value of one name in its `#[field(..)]`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// Where a type is registered.
#[derive(Clone, Copy)]
pub struct Place {
    pub(super) type_name: fn() -> &'static str,
    pub(super) module: &'static str,
    pub(super) file: &'static str,
    pub(super) line: u32,
    pub(super) package: Option<&'static str>,
    pub(super) version: Option<&'static str>,
}

impl Place {
    /// The place of the code that is being compiled.
    pub const fn new(
        module: &'static str,
        file: &'static str,
        line: u32,
        package: Option<&'static str>,
        version: Option<&'static str>,
    ) -> Self {
        Place { type_name: || "", module, file, line, package, version }
    }
}

/// `app::codecs::Gzip at src/codecs.rs:12 (app 0.1.0)`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", (self.type_name)(), self.file, self.line)?;
        match (self.package, self.version) {
            (Some(package), Some(version)) => write!(f, " ({package} {version})"),
            _ => Ok(()),
        }
    }
}
