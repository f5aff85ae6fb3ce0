//! The thousand names that `registry.rs` uses for its types, and two hundred for `wire.rs`.

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
    let mut messages = String::from("messages! {\n");
    for number in 0..200 {
        writeln!(messages, "    {number} \"message-{number:03}\"").expect("a String takes everything");
    }
    messages.push_str("}\n");
    fs::write(Path::new(&out).join("messages.rs"), messages)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
