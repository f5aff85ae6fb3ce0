//! A registry and interned values in WebAssembly: as a program, and as a library that exports a function.

use festoon::{Interned, Register, interned, registry};

/// Has a level.
#[registry(args(level: u32))]
pub trait Codec {
    /// Its level.
    fn level(&self) -> u32;
}

#[derive(Register)]
#[register(dyn Codec, name = "gzip", new = |level| Gzip(level))]
struct Gzip(u32);

#[derive(Register)]
#[register(dyn Codec, name = "zstd", alias("zs"), priority = 1, new = |level: u32| Zstd(level))]
struct Zstd(u32);

impl Codec for Gzip {
    fn level(&self) -> u32 {
        self.0
    }
}

impl Codec for Zstd {
    fn level(&self) -> u32 {
        self.0 * 2
    }
}

#[interned]
fn label(number: u32) -> Interned<str> {
    format!("label {number}")
}

/// 42, if the types are registered.
#[unsafe(no_mangle)]
pub extern "C" fn level() -> u32 {
    let registry = <dyn Codec>::registry();
    assert_eq!(registry.names(), ["zstd", "gzip"]);
    assert!(registry.check(&["gzip", "zstd"]).is_ok());
    assert!(label(1) == label(1));
    registry.create("zs", (21,)).map_or(0, |codec| codec.level())
}
