//! A registry in a library: crates that depend on it register types for it.

use festoon::{Register, registry};

/// Makes text of a number.
#[registry(args(prefix: String, width: usize))]
pub trait Format: Send + Sync {
    /// The text.
    fn format(&self, number: u64) -> String;
}

/// `0x2a`
#[derive(Register)]
#[register(dyn Format, name = "hex", new = |prefix, width| Hex { prefix, width })]
pub struct Hex {
    prefix: String,
    width: usize,
}

impl Format for Hex {
    fn format(&self, number: u64) -> String {
        format!("{}{number:0width$x}", self.prefix, width = self.width)
    }
}
