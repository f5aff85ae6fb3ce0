//! The report at the end of the program, however it ends.

#[cfg(unix)]
mod unix;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::report::{Report, collect};
use crate::sync::lock;

/// The reports that are still to be written. Locked while they are, so that nobody ends the process in the middle.
static WAITING: Mutex<BTreeMap<u64, Vec<Target>>> = Mutex::new(BTreeMap::new());

/// Where a report goes.
#[derive(Debug, Clone)]
enum Target {
    Stderr,
    Stdout,
    File(PathBuf),
}

/// Prints the report when the program ends. Bind the guard in `main`, to a name and not to `_`, which
/// would drop it at once:
///
/// ```
/// use festoon::{timed, timing};
///
/// #[timed]
/// fn work() {}
///
/// // The first line of `main`:
/// let _report = timing::report_on_exit();
/// work();
/// ```
///
/// The table goes to standard error, as by [`Report::eprint`], unless [`to_file`](ReportOnExit::to_file) or
/// [`to_stdout`](ReportOnExit::to_stdout) say otherwise. It is printed once:
///
/// | the program ends by | printed? |
/// |---|---|
/// | the end of `main`, or a panic there that unwinds | yes: the guard is dropped |
/// | [`std::process::exit`], on whatever thread | on Unix |
/// | `SIGINT` (Ctrl-C), `SIGTERM`, `SIGHUP` | on Unix; the signal's default action follows, and a second one ends the program at once |
/// | one of these signals that the program handles or ignores itself | by the way it then ends |
/// | [`std::process::abort`], `panic = "abort"`, `_exit`, `SIGKILL`, a crash | no: nothing of the program runs any more |
///
/// On other platforms than Unix only the first row holds: call [`report`](crate::timing::report) before an early exit.
///
/// Calls that are still running at the end are not in the report. Signals cost a thread that sleeps until one arrives.
pub fn report_on_exit() -> ReportOnExit {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Relaxed);
    lock(&WAITING).insert(id, Vec::new());
    #[cfg(unix)]
    unix::install();
    ReportOnExit { id }
}

/// Writes the report when it is dropped, or when the program ends before that; see [`report_on_exit`].
#[derive(Debug)]
#[must_use = "the report is printed when this guard is dropped: bind it in `main`, `let _report = ..`"]
pub struct ReportOnExit {
    id: u64,
}

impl ReportOnExit {
    /// Writes a file instead. The ending says in what form: `.html`, `.json` (feature `serde`), `.prom` (Prometheus'
    /// text format); any other is the table. May be called more than once, for more than one file.
    ///
    /// A file of that name is replaced. One that cannot be written is told about on standard error.
    ///
    /// ```
    /// # let dir = std::env::temp_dir();
    /// let _report = festoon::timing::report_on_exit().to_file(dir.join("timing.html")).to_stderr();
    /// # drop(_report);
    /// # assert!(std::fs::read_to_string(dir.join("timing.html")).unwrap().contains("</html>"));
    /// ```
    ///
    /// # Panics
    /// For `.json` without the feature `serde`: now, rather than at the end of a long run.
    pub fn to_file(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        assert!(
            cfg!(feature = "serde") || extension(path) != "json",
            "a report as JSON ({}) needs the feature `serde` of festoon",
            path.display()
        );
        // Wherever the program will be when it ends.
        self.to(Target::File(absolute(path).unwrap_or_else(|_| path.to_owned())))
    }

    /// Prints the table to standard output, as [`Report::print`] does.
    pub fn to_stdout(self) -> Self {
        self.to(Target::Stdout)
    }

    /// Prints the table to standard error; this is what happens when nothing else is asked for.
    pub fn to_stderr(self) -> Self {
        self.to(Target::Stderr)
    }

    fn to(self, target: Target) -> Self {
        lock(&WAITING).entry(self.id).or_default().push(target);
        self
    }
}

impl Drop for ReportOnExit {
    fn drop(&mut self) {
        let mut waiting = lock(&WAITING);
        if let Some(targets) = waiting.remove(&self.id) {
            write(&targets);
        }
    }
}

/// The process ends before the guards are dropped.
#[cfg(unix)]
fn write_all() {
    let mut waiting = lock(&WAITING);
    while let Some((_, targets)) = waiting.pop_first() {
        write(&targets);
    }
}

fn write(targets: &[Target]) {
    let report = collect();
    let targets = if targets.is_empty() { &[Target::Stderr] } else { targets };
    for target in targets {
        let written = match target {
            // Nobody is left to be told that standard error is closed.
            Target::Stderr => report.eprint().or(Ok(())),
            Target::Stdout => report.print(),
            Target::File(path) => fs::write(path, form(&report, path)),
        };
        if let Err(error) = written {
            tell(target, &error);
        }
    }
}

fn tell(target: &Target, error: &io::Error) {
    use io::Write;
    let target = match target {
        Target::File(path) => path.display().to_string(),
        _ => "standard output".to_owned(),
    };
    let _ = writeln!(io::stderr(), "festoon: the report could not be written to {target}: {error}");
}

/// The report in the form that the file's name asks for.
fn form(report: &Report, path: &Path) -> String {
    match extension(path).as_str() {
        "html" | "htm" => report.to_html(),
        "prom" => report.to_prometheus(),
        #[cfg(feature = "serde")]
        "json" => report.to_json(),
        _ => format!("{report}\n"),
    }
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}
