//! The command line.

use std::error::Error;
use std::path::PathBuf;

use lexopt::prelude::*;

/// What the user wants.
pub(crate) struct Options {
    /// The tree to count.
    pub(crate) path: PathBuf,
    /// The name of a registered format.
    pub(crate) format: String,
    /// Where the census is written.
    pub(crate) output: PathBuf,
    /// Where the timing report is written when the program ends, if at all: `.html`, `.json`, `.prom`, or any other
    /// extension for the table.
    pub(crate) report: Option<PathBuf>,
    /// The share of reads that fail, `0.0..=1.0`.
    pub(crate) chaos: f64,
}

impl Options {
    /// Reads the command line.
    pub(crate) fn from_args() -> Result<Self, Box<dyn Error>> {
        let (mut path, mut format, mut output) = (None, "table".to_owned(), None);
        let (mut report, mut chaos) = (None, 0.0);
        let mut args = lexopt::Parser::from_env();
        while let Some(arg) = args.next()? {
            match arg {
                Long("format") => format = args.value()?.string()?,
                Long("output") => output = Some(PathBuf::from(args.value()?)),
                Long("report") => report = Some(PathBuf::from(args.value()?)),
                Long("chaos") => chaos = args.value()?.parse_with(share)?,
                Value(value) if path.is_none() => path = Some(PathBuf::from(value)),
                other => return Err(other.unexpected().into()),
            }
        }
        let path = path.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));
        if !path.exists() {
            return Err(format!("{} does not exist", path.display()).into());
        }
        let output = output.unwrap_or_else(|| std::env::temp_dir().join(format!("census.{format}")));
        Ok(Options { path, format, output, report, chaos })
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("a share lies between 0 and 1".to_owned()) }
}
