//! Decorates every function of published crates, builds them, and runs their own tests. See `README.md`.

mod build;
mod rewrite;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use build::{Fault, Project};
use rewrite::{Decorators, On};

const DECORATORS: &[Decorators] = &[
    Decorators { name: "timed", attributes: "#[::festoon::timed]", on: On::Functions },
    Decorators { name: "timed-blocks", attributes: "#[::festoon::timed]", on: On::Blocks },
    Decorators { name: "timed-span", attributes: "#[::festoon::timed(span)]", on: On::Functions },
    Decorators {
        name: "layer",
        attributes: "#[::festoon::decorate(layer = ::festoon_corpus_support::Pass)]",
        on: On::Functions,
    },
    Decorators {
        name: "offload",
        attributes: "#[::festoon::offload(pool = ::festoon_corpus_support::Threads)]",
        on: On::Inside,
    },
    // More attempts would change what a function does that fails on purpose.
    Decorators { name: "retry", attributes: "#[::festoon::retry(attempts = 1)]", on: On::Fallible },
    // A value that is kept would change what a function does whose result depends on more than its arguments.
    Decorators { name: "cached", attributes: "#[::festoon::cached(scope = thread, if = |_| false)]", on: On::Values },
    Decorators {
        name: "timed-retry",
        attributes: "#[::festoon::timed] #[::festoon::retry(attempts = 1)]",
        on: On::Fallible,
    },
    Decorators {
        name: "timed-layer-cached",
        attributes: "#[::festoon::timed] #[::festoon::decorate(layer = ::festoon_corpus_support::Pass)] \
                     #[::festoon::cached(scope = thread, if = |_| false)]",
        on: On::Values,
    },
];

/// One crate: where it was published, and how its tests are run.
struct Crate {
    name: String,
    source: PathBuf,
    tests: Vec<String>,
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str, all: &[&str]| {
        let named: Vec<&String> = wanted.iter().filter(|word| all.contains(&word.as_str())).collect();
        named.is_empty() || named.iter().any(|word| *word == name)
    };
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus");
    let crates = fetch(&place);
    let names: Vec<&str> = crates.iter().map(|it| it.name.as_str()).collect();
    let decorators: Vec<&str> = DECORATORS.iter().map(|it| it.name).collect();
    let mut is_good = true;
    println!(
        "| crate | decorators | functions | compile | refused with a sentence | types do not allow | fail | tests |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for krate in crates.iter().filter(|krate| is_wanted(&krate.name, &names)) {
        let Some(passing) = test_plain(krate, &place) else {
            println!("| {} | none | its own tests do not build |", krate.name);
            is_good = false;
            continue;
        };
        for decorators in DECORATORS.iter().filter(|it| is_wanted(it.name, &decorators)) {
            is_good &= try_one(krate, *decorators, &passing, &place);
        }
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The sources of the crates, from the registry.
fn fetch(place: &Path) -> Vec<Crate> {
    let list = include_str!("../crates.txt");
    let lines: Vec<Vec<&str>> =
        list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_whitespace().collect()).collect();
    let of: String =
        lines.iter().map(|words| format!("{} = \"={}\"\n", words[0], words[1])).collect::<Vec<_>>().concat();
    let fetching = place.join("fetch");
    fs::create_dir_all(fetching.join("src")).expect("a folder below `target`");
    fs::write(fetching.join("src/lib.rs"), "").expect("a file below `target`");
    let manifest = format!("[workspace]\n[package]\nname = \"fetch\"\nedition = \"2024\"\n[dependencies]\n{of}");
    fs::write(fetching.join("Cargo.toml"), manifest).expect("a file below `target`");
    let output = Command::new("cargo").args(["metadata", "--format-version", "1"]).current_dir(&fetching).output();
    let metadata = output.expect("cargo").stdout;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).expect("cargo finds the crates");
    let packages = metadata["packages"].as_array().expect("packages");
    let source = |words: &[&str]| {
        let found = packages.iter().find(|package| package["name"] == words[0] && package["version"] == words[1]);
        Path::new(found.expect(words[0])["manifest_path"].as_str().expect("a path")).with_file_name("")
    };
    let krate = |words: Vec<&str>| Crate {
        name: words[0].to_owned(),
        source: source(&words),
        tests: words[2..].iter().map(ToString::to_string).collect(),
    };
    lines.into_iter().map(krate).collect()
}

/// The tests that pass without decorators.
fn test_plain(krate: &Crate, place: &Path) -> Option<BTreeSet<String>> {
    let project = Project::copy(&krate.name, &krate.source, &krate.tests, place);
    project.faults().is_empty().then(|| project.passing())
}

/// Decorates what can be decorated. What the compiler refuses is left out, until it compiles; then the tests run.
fn try_one(krate: &Crate, decorators: Decorators, passing: &BTreeSet<String>, place: &Path) -> bool {
    let project = Project::copy(&krate.name, &krate.source, &krate.tests, place);
    let functions = project.rewrite(decorators, &BTreeSet::new());
    let mut left: Vec<Fault> = Vec::new();
    loop {
        let faults = project.faults();
        if faults.is_empty() {
            break;
        }
        let placed: Vec<Fault> = faults.iter().filter_map(|fault| fault.placed_in(&functions)).collect();
        let known = left.len();
        for fault in placed {
            if !left.iter().any(|other| other.file == fault.file && other.line == fault.line) {
                left.push(fault);
            }
        }
        if left.len() == known {
            println!("| {} | {} | does not build | {} |", krate.name, decorators.name, faults[0].message);
            return false;
        }
        project.rewrite(decorators, &left.iter().map(|fault| (fault.file.clone(), fault.line)).collect());
    }
    let still = project.passing();
    let broken: Vec<&String> = passing.difference(&still).collect();
    let refused = left.iter().filter(|fault| fault.is_refused()).count();
    let unfit = left.iter().filter(|fault| fault.is_about_types(decorators)).count();
    let failed = left.len() - refused - unfit;
    let tests = format!("{} of {} pass", passing.len() - broken.len(), passing.len());
    println!(
        "| {} | {} | {} | {} | {refused} | {unfit} | {failed} | {tests} |",
        krate.name,
        decorators.name,
        functions.len(),
        functions.len() - left.len(),
    );
    for fault in &left {
        eprintln!("{}:{}: {} {}", fault.file.display(), fault.line, fault.code, fault.message);
    }
    broken.iter().for_each(|test| eprintln!("broken: {test}"));
    failed == 0 && broken.is_empty()
}
