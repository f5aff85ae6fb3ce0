//! A census of a source tree, with every part of festoon at work.
//!
//! ```text
//! cargo run --example pipeline -- [PATH] [--format table|json|csv] [--output FILE] [--report FILE] [--chaos SHARE]
//! ```
//!
//! It walks the files of PATH (this workspace by default), reads each one through a stack of decorators, analyses it on
//! every core with an analyser that is chosen by the file's extension, and writes the result through a guard.
//! `--report timing.html` writes a page with the measurements. `--chaos 0.2` makes that share of the reads fail, so
//! that you can see the retries.

#[path = "pipeline/analyse.rs"]
mod analyse;
#[path = "pipeline/census.rs"]
mod census;
#[path = "pipeline/draft.rs"]
mod draft;
#[path = "pipeline/format.rs"]
mod format;
#[path = "pipeline/options.rs"]
mod options;
#[path = "pipeline/read.rs"]
mod read;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use festoon::{Decorated, timed, timing};
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};

use crate::analyse::{Analyser, analyse};
use crate::census::{Census, FileReport};
use crate::draft::Draft;
use crate::format::Format;
use crate::options::Options;
use crate::read::read;

/// The maximum number of files that are processed at the same time.
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pipeline: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    <dyn Analyser>::registry().check(&["rs", "toml", "md", "text"])?;
    let format = <dyn Format>::registry().create(&options.format, ())?;
    read::set_chaos(options.chaos);
    let _report = options.report.as_ref().map(|file| timing::report_on_exit().to_file(file));

    let files = files(&options.path);
    let mut census = count(&files).await;
    census.duplicates = duplicates(&files).await;

    let at_output = |error: io::Error| format!("{}: {error}", options.output.display());
    let mut draft = Draft::create(&options.output).map_err(at_output)?;
    format.write(&census, &mut draft.file)?;
    draft.commit()?;
    let mut out = io::stdout().lock();
    out.write_all(&std::fs::read(&options.output)?)?;
    writeln!(out, "\nwritten to {}\n", options.output.display())?;
    drop(out);
    report()
}

/// Every file below a path that `.gitignore` does not exclude, in order.
#[timed(name = "files")]
fn files(path: &Path) -> Vec<PathBuf> {
    let entries = ignore::WalkBuilder::new(path).sort_by_file_name(Ord::cmp).build();
    let is_file = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| kind.is_file());
    entries.filter_map(Result::ok).filter(is_file).map(ignore::DirEntry::into_path).collect()
}

/// Reads and analyses every file.
#[timed(name = "count")]
async fn count(files: &[PathBuf]) -> Census {
    let progress = progress(files.len());
    let mut reports = stream::iter(files).map(|path| examine(path)).buffer_unordered(AT_ONCE);
    let mut census = Census::default();
    while let Some(report) = reports.next().await {
        progress.inc(1);
        match report {
            Ok(report) => census.add(report),
            Err(error) => census.unreadable.push(error),
        }
    }
    progress.finish_and_clear();
    census.unreadable.sort();
    census
}

#[timed(name = "examine")]
async fn examine(path: &Path) -> Result<FileReport, String> {
    let text = read(path).await.map_err(|error| format!("{}: {error}", path.display()))?;
    let (language, counts) = analyse(analyse::name_for(path), text).await;
    Ok(FileReport { language, counts })
}

/// The number of duplicate files. Reads them a second time, from the cache.
#[timed(name = "duplicates")]
async fn duplicates(files: &[PathBuf]) -> usize {
    let texts: Vec<_> = stream::iter(files).map(|path| read(path)).buffer_unordered(AT_ONCE).collect().await;
    let texts: Vec<_> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    let distinct: std::collections::HashSet<_> = texts.iter().collect();
    texts.len() - distinct.len()
}

/// A progress bar on a terminal, hidden elsewhere.
fn progress(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {per_sec}, {eta} left");
    let bar = ProgressBar::new(files as u64);
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

/// Prints the measurements.
fn report() -> Result<(), Box<dyn Error>> {
    timing::report().print()?;
    let (cache, retries) = (read.cache().info(), read.retries());
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\ncache: {} of {} reads were hits ({:.0} %), {} files held",
        cache.hits,
        cache.hits + cache.misses,
        cache.hit_rate() * 100.0,
        cache.len
    )?;
    writeln!(
        out,
        "retries: {} more attempts for {} reads; {} reads recovered, {} gave up",
        retries.retried, retries.calls, retries.recovered, retries.gave_up
    )?;
    Ok(())
}
