//! A copy of a crate: what the compiler says of it, and which of its tests pass.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::rewrite::{Decorators, Lines, On, rewrite};

/// A decorated function: its file and its lines.
pub type Function = (PathBuf, Lines);

/// A function that does not compile, or for a while anything else.
#[derive(Clone)]
pub struct Fault {
    pub file: PathBuf,
    /// The first of the function's.
    pub line: usize,
    /// As in `E0277`; none for what festoon refuses.
    pub code: String,
    pub message: String,
    places: Vec<(PathBuf, usize)>,
}

impl Fault {
    /// The smallest function that it is in.
    pub fn placed_in(&self, functions: &[Function]) -> Option<Fault> {
        let around = |(path, line): &(PathBuf, usize)| {
            let around = functions.iter().filter(move |(file, lines)| path.ends_with(file) && lines.contains(line));
            around.min_by_key(|(_, lines)| lines.end() - lines.start()).cloned()
        };
        let (file, lines) = self.places.iter().find_map(around)?;
        Some(Fault { file, line: *lines.start(), ..self.clone() })
    }

    /// What festoon refuses itself, or has the compiler refuse in its words: an argument that the body uses up.
    pub fn is_refused(&self) -> bool {
        let words = ["moved by the first attempt", "would keep the changes of a failed attempt"];
        self.code.is_empty() || words.iter().any(|words| self.message.contains(words))
    }

    /// A key that is not `Hash`, a value that is not `Clone`, a `&'a mut` that the first attempt gives away: nothing that
    /// another expansion would help.
    pub fn is_about_types(&self, decorators: Decorators) -> bool {
        let asks = decorators.on == On::Inside || decorators.attributes.contains("cached");
        let codes: &[&str] = if asks { &["E0277", "E0310", "E0521", "E0282", "E0599", "E0726"] } else { &["E0521"] };
        codes.contains(&self.code.as_str())
    }
}

pub struct Project<'c> {
    source: &'c Path,
    folder: PathBuf,
    target: PathBuf,
    tests: &'c [String],
}

impl<'c> Project<'c> {
    /// A fresh copy, with festoon among its dependencies.
    pub fn copy(name: &str, source: &'c Path, tests: &'c [String], place: &Path) -> Self {
        let folder = place.join(name);
        let _ = fs::remove_dir_all(&folder);
        copy(source, &folder);
        let manifest = fs::read_to_string(source.join("Cargo.toml")).expect("a manifest");
        let support = Path::new(env!("CARGO_MANIFEST_DIR")).join("support");
        let festoon = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime");
        let more = format!(
            "\n[workspace]\n[dependencies.festoon]\npath = {festoon:?}\n[dependencies.festoon-corpus-support]\npath = {support:?}\n"
        );
        fs::write(folder.join("Cargo.toml"), without_benches(&manifest) + &more).expect("a manifest");
        let _ = fs::remove_file(folder.join("Cargo.lock"));
        Project { source, folder, target: place.join("target"), tests }
    }

    /// Writes every file anew, and returns the functions that could have a decorator.
    pub fn rewrite(&self, decorators: Decorators, left: &BTreeSet<(PathBuf, usize)>) -> Vec<Function> {
        let mut functions = Vec::new();
        for path in files(&self.source.join("src")) {
            let file = path.strip_prefix(self.source).expect("a file of the crate").to_owned();
            let leave = left.iter().filter(|(other, _)| *other == file).map(|(_, line)| *line).collect();
            let source = fs::read_to_string(&path).unwrap_or_default();
            if let Some(rewritten) = rewrite(&source, decorators, &leave) {
                fs::write(self.folder.join(&file), rewritten.text).expect("a file of the copy");
                functions.extend(rewritten.decorated.into_iter().map(|lines| (file.clone(), lines)));
            }
        }
        functions
    }

    /// What the compiler says.
    pub fn faults(&self) -> Vec<Fault> {
        let output = self.cargo(&["--quiet", "--no-run", "--message-format=json"], &[]);
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let messages = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let errors = messages.filter(|message| message["message"]["level"] == "error");
        let mut faults: Vec<Fault> = errors.map(|error| fault(&error["message"])).collect();
        if faults.is_empty() && !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let message = text.lines().find(|line| line.starts_with("error")).unwrap_or("cargo fails").to_owned();
            faults.push(Fault { file: PathBuf::new(), line: 0, code: String::new(), message, places: Vec::new() });
        }
        faults
    }

    /// The names of the tests that pass.
    pub fn passing(&self) -> BTreeSet<String> {
        let output = self.cargo(&["--no-fail-fast"], &["--test-threads=2"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let name = |line: &str| line.strip_prefix("test ")?.strip_suffix(" ... ok").map(ToOwned::to_owned);
        text.lines().filter_map(name).collect()
    }

    fn cargo(&self, flags: &[&str], harness: &[&str]) -> Output {
        let mut command = Command::new("timeout");
        let (skipped, chosen): (Vec<&String>, _) = self.tests.iter().partition(|word| word.starts_with('!'));
        command.args(["900", "cargo", "test"]).args(flags).args::<Vec<_>, _>(chosen).arg("--").args(harness);
        command.args(skipped.iter().flat_map(|test| ["--skip", &test[1..]]));
        command.current_dir(&self.folder);
        // A published crate is not what its lints are for.
        command.env("RUSTFLAGS", "--cap-lints allow").env("CARGO_TARGET_DIR", &self.target);
        command.output().expect("cargo")
    }
}

/// *Input:* a diagnostic in JSON. *Output:* it, with every place that it names, the calls of macros among them.
fn fault(message: &Value) -> Fault {
    let mut places = Vec::new();
    for span in message["spans"].as_array().into_iter().flatten() {
        let first = places.len();
        let mut span = span;
        while span["file_name"].is_string() {
            let line = span["line_start"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or_default();
            places.push((PathBuf::from(span["file_name"].as_str().unwrap_or_default()), line));
            span = &span["expansion"]["span"];
        }
        if span["is_primary"] == true {
            places.rotate_right(first);
        }
    }
    Fault {
        file: PathBuf::new(),
        line: 0,
        code: message["code"]["code"].as_str().unwrap_or_default().to_owned(),
        message: message["message"].as_str().unwrap_or_default().to_owned(),
        places,
    }
}

/// A manifest without what only benches need.
fn without_benches(manifest: &str) -> String {
    let mut is_kept = true;
    let mut lines = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_kept = !["criterion", "bencher", "[[bench]]"].iter().any(|word| line.contains(word));
        }
        if is_kept {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder below `target`");
    for entry in fs::read_dir(from).expect("a crate's folder").flatten() {
        let into = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &into);
        } else {
            fs::copy(entry.path(), into).expect("a file of the crate");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
