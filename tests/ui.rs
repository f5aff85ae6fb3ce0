//! The compiler's message for each mistake: `ui/<name>/<mistake>.rs` and `.stderr`, one mistake per file.
//! `TRYBUILD=overwrite cargo test -p festoon-tests ui` rewrites the latter.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler whose words the `.stderr` files hold.
const TOOLCHAIN: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained() {
    if version().starts_with(TOOLCHAIN) {
        trybuild::TestCases::new().compile_fail("ui/*/*.rs");
    } else {
        eprintln!("skipped: the expected messages are those of {TOOLCHAIN}*, this is {}", version());
    }
    let folders = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"));
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| entries(folder)).collect();
    let lonely: Vec<_> = files.iter().filter(|file| is_asked_for(file) && !partner(file).exists()).collect();
    assert!(lonely.is_empty(), "without .rs or .stderr: {lonely:#?}");
}

fn entries(path: &Path) -> Vec<PathBuf> {
    path.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// With `trybuild=never_returns`, one case is blessed; the others may not have been yet.
fn is_asked_for(file: &Path) -> bool {
    let words: Vec<String> =
        std::env::args().filter_map(|word| Some(word.strip_prefix("trybuild=")?.to_owned())).collect();
    words.is_empty() || words.iter().any(|word| file.to_string_lossy().contains(word))
}

fn partner(file: &Path) -> PathBuf {
    file.with_extension(if file.extension().is_some_and(|extension| extension == "rs") { "stderr" } else { "rs" })
}

fn version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
