//! `#[derive(Guard)]`: a report that appears under its name only when it is complete.

use festoon::{Guard, Outcome};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is written next to its final path, and moved there if everything succeeded.
#[derive(Guard)]
#[guard(exit = Self::close, error = io::Error)]
#[must_use]
struct Replacement {
    path: PathBuf,
    file: File,
}

impl Replacement {
    fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path.with_extension("part"))?;
        Ok(Replacement { path: path.to_owned(), file })
    }

    fn close(&mut self, how: Outcome<'_, io::Error>) -> io::Result<()> {
        let part = self.path.with_extension("part");
        match how {
            Outcome::Success => return fs::rename(part, &self.path),
            Outcome::Error(error) => println!("  given up: {error}"),
            other => println!("  ended by {}", other.name()),
        }
        fs::remove_file(part)
    }
}

fn write(path: &Path, lines: &[&str]) -> io::Result<()> {
    let mut replacement = Replacement::create(path)?;
    let mut result = lines.iter().try_for_each(|line| match *line {
        "" => Err(io::Error::other("an empty line")),
        line => writeln!(replacement.file, "{line}"),
    });
    replacement.finish_with(&mut result);
    result
}

fn main() -> io::Result<()> {
    let path = std::env::temp_dir().join(format!("festoon-guard-{}.txt", std::process::id()));
    println!("an error: {:?}", write(&path, &["one", ""]));
    println!("  is there: {}", path.exists());
    println!("a success: {:?}", write(&path, &["one", "two"]));
    println!("  is there: {}", path.exists());

    let never_told = Replacement::create(&path)?;
    drop(never_told);
    println!("never told: the report of before is there: {}", path.exists());
    fs::remove_file(path)
}
