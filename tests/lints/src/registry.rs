//! `#[registry]` and `#[derive(Register)]`.

use festoon::{Entry, Register, registry};
use std::fmt::Debug;

/// Public.
#[registry(args(level: u32))]
pub trait Codec: Debug + Send + Sync {
    /// Runs.
    fn run(&self) -> u32;
}

/// Private, and nobody asks for it.
#[registry]
trait Quiet {}

/// Everything that can be said.
#[derive(Debug, Register)]
#[register(dyn Codec, name = "gzip", alias("gz"), new = Self::new, priority = -1, tag(kind = "lossless"))]
#[register(dyn Quiet, name = "gzip", new = Self::quiet, singleton, on_register = Self::on_register)]
struct Gzip {
    /// The level.
    level: u32,
}

impl Gzip {
    /// A new one.
    const fn new(level: u32) -> Self {
        Self { level }
    }

    /// A quiet one.
    const fn quiet() -> Self {
        Self { level: 0 }
    }

    /// Is asked.
    fn on_register(entry: &Entry<dyn Quiet>) -> Result<(), String> {
        if entry.name().is_empty() { Err("no name".to_owned()) } else { Ok(()) }
    }
}

impl Codec for Gzip {
    fn run(&self) -> u32 {
        self.level
    }
}

impl Quiet for Gzip {}
