//! One name, one path: what has a page in `macros/docs/` has all of its other places too.

use std::path::{Path, PathBuf};

/// Where each of them has something; a folder counts as the file.
const PLACES: &[&str] = &["macros/src/", "runtime/src/", "tests/", "tests/ui/", "macros/snapshots/", "examples/"];

/// What is left out, and why.
const EXCEPT: &[(&str, &str, &str)] = &[
    ("register", "runtime/src/", "what it registers in is `registry`"),
    ("register", "tests/", "neither does anything without the other: `registry`"),
    ("register", "examples/", "the same"),
    ("stack", "runtime/src/", "it writes attributes, and nothing of it runs"),
    ("stack", "examples/", "it is a part of `decorate`"),
    ("stack", "macros/snapshots/", "its expansions stand beside those of `decorate`"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn names() -> Vec<String> {
    let pages = root().join("macros/docs").read_dir().unwrap().map(|page| page.unwrap().path());
    let mut names: Vec<String> = pages.map(|page| page.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn is_there(name: &str, place: &str) -> bool {
    let path = root().join(place).join(name);
    path.with_extension("rs").is_file() || path.read_dir().is_ok_and(|mut files| files.next().is_some())
}

#[test]
fn every_page_has_all_of_its_places() {
    assert!(names().iter().any(|name| name == "timed"));
    let mut missing = Vec::new();
    for name in names() {
        for place in PLACES {
            let is_excepted = EXCEPT.iter().any(|(who, what, _)| (*who, *what) == (name.as_str(), *place));
            if is_there(&name, place) == is_excepted {
                missing
                    .push(format!("{place}{name}: {}", if is_excepted { "is there after all" } else { "is missing" }));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_page_is_the_documentation_of_its_attribute() {
    let lib = std::fs::read_to_string(root().join("macros/src/lib.rs")).unwrap();
    for name in names() {
        let listed = format!("\n    {name},\n");
        let included = format!("include_str!(\"../docs/{name}.md\")");
        assert!(lib.contains(&listed) || lib.contains(&included), "macros/src/lib.rs does not show docs/{name}.md");
    }
}
