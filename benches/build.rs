//! The thousand names that `registry.rs` uses for its types.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() -> std::io::Result<()> {
    let mut types = String::from("types! {\n");
    for number in 0..1000 {
        writeln!(types, "    Codec{number:04} \"codec-{number:04}\"").expect("a String takes everything");
    }
    types.push_str("}\n");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("types.rs"), types)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
