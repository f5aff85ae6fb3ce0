//! One name, one path: everything with a page in `macros/docs/` also has all of its other places.

use std::path::{Path, PathBuf};

/// Where each of them has something; a folder counts as the file.
const PLACES: &[&str] = &["macros/src/", "runtime/src/", "tests/", "tests/ui/", "macros/snapshots/", "examples/"];

/// What is left out, and why.
const EXCEPT: &[(&str, &str, &str)] = &[
    ("register", "runtime/src/", "what it registers in is `registry`"),
    ("register", "tests/", "neither does anything without the other: `registry`"),
    ("register", "examples/", "the same"),
    ("require", "runtime/src/", "a part of `registry`"),
    ("require", "tests/", "it is a part of `registry`, and of `linked`"),
    ("require", "examples/", "the same"),
    ("main", "macros/src/", "`src/main.rs` would be a program: `entry_point`"),
    ("main", "runtime/src/", "what it calls is a part of `workers`"),
    ("main", "examples/", "it is a part of `process`"),
    ("test", "runtime/src/", "what it runs in is `testing`"),
    ("test", "examples/", "a program is no test"),
    ("within", "runtime/src/", "what it calls is that of `with`"),
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

/// The pages of the guide: `docs/*.md`.
fn pages() -> Vec<String> {
    let files = root().join("docs").read_dir().unwrap().map(|file| file.unwrap().path());
    let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    pages.map(|page| page.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_page_of_the_guide_is_listed_and_rendered() {
    let guide = std::fs::read_to_string(root().join("runtime/src/guide.rs")).unwrap();
    let rendered = guide.split("pages! {").nth(1).unwrap();
    assert!(pages().iter().any(|page| page == "cache"));
    for page in pages() {
        let is_listed = ["", "mod@"].iter().any(|kind| guide.contains(&format!("]({kind}{page})")));
        assert!(is_listed, "the list of runtime/src/guide.rs lacks {page}");
        assert!(
            rendered.split_whitespace().any(|name| name == page),
            "runtime/src/guide.rs does not include {page}.md"
        );
    }
}

#[test]
fn the_readme_and_the_crate_name_every_decorator() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let lib = std::fs::read_to_string(root().join("runtime/src/lib.rs")).unwrap();
    for name in names() {
        let written = [
            format!("#[{name}]"),
            format!("#[festoon::{name}]"),
            format!("{name}!"),
            format!("#[derive({})]", capitalised(&name)),
        ];
        for (file, text) in [("README.md", &readme), ("runtime/src/lib.rs", &lib)] {
            assert!(written.iter().any(|form| text.contains(form.as_str())), "{file} does not name {name}");
        }
    }
}

fn capitalised(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
