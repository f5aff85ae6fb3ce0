//! Types of several crates in one program, as each linker puts it together: see `linked/README.md`.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::path::Path;
use std::process::Command;

/// Debug alone takes some seconds; with `FESTOON_LINKED=all`, every way.
#[test]
fn each_program_finds_the_types_that_are_linked() {
    let all = std::env::var_os("FESTOON_LINKED").is_some_and(|value| value == "all");
    let ways: &[&str] = if all { &["dev", "release", "thin", "fat", "units", "bfd"] } else { &["dev"] };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let limit = if all { "1800" } else { "300" };
    let output = Command::new("timeout")
        .args(["--kill-after=5", limit, "bash"])
        .arg(tests.join("linked/run.sh"))
        .args(ways)
        .env("CARGO_TARGET_DIR", tests.join("../target/linked"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{out}\n{error}", output.status);
    assert_eq!(out.matches(": as expected").count(), ways.len(), "{out}");
}
