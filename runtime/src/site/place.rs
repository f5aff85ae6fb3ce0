//! The place of a function in the source, to distinguish functions with the same path.
#![cfg_attr(
    not(any(feature = "cached", feature = "timed", feature = "retry")),
    allow(dead_code, reason = "unused without these parts")
)]

use std::fmt;

/// A file, a line and a column in it, and the version of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Set if cargo builds it.
    pub(crate) version: Option<&'static str>,
}

impl Place {
    /// The place of the function that contains this call.
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32, version: Option<&'static str>) -> Self {
        Place { file, line, column, version }
    }
}

/// `src/shop.rs:12:5, 0.1.0`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, column, version } = self;
        write!(f, "{file}:{line}:{column}")?;
        version.map_or(Ok(()), |version| write!(f, ", {version}"))
    }
}
