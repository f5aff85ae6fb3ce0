//! The report at the end of the program, however it ends.

#[cfg(unix)]
mod unix;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::report::{Report, collect};
use crate::link::Link;
use crate::sync::lock;

/// The reports that have not been written yet.
type Reports = BTreeMap<u64, Vec<Target>>;

/// The reports of one process.
struct Waiting {
    process: u32,
    /// Locked while they are written, so that the process is not ended half-way.
    reports: Mutex<Reports>,
    /// From here on the thread that ends the process writes all remaining reports.
    is_ending: AtomicBool,
}

static WAITING: Link<Waiting> = Link::none();

impl Waiting {
    /// The reports of this process, and not those of a process that this one was forked from: that one writes its own,
    /// and the thread that held its lock does not exist here.
    fn here() -> Option<&'static Waiting> {
        WAITING.get().filter(|waiting| waiting.process == process::id())
    }

    fn here_or_new() -> &'static Waiting {
        let before = WAITING.get();
        Waiting::here().unwrap_or_else(|| {
            let new = Box::leak(Box::new(Waiting {
                process: process::id(),
                reports: Mutex::default(),
                is_ending: AtomicBool::new(false),
            }));
            WAITING.set_if(before, new);
            // If two threads got here at once, one was first.
            Waiting::here().unwrap_or(new)
        })
    }

    /// At the end of the process another thread may be writing its report. It may also never finish, for example if it
    /// needs the standard output that the ending thread has locked.
    fn lock_for_a_while(&self) -> Option<MutexGuard<'_, Reports>> {
        let start = Instant::now();
        loop {
            match self.reports.try_lock() {
                Ok(reports) => return Some(reports),
                Err(TryLockError::Poisoned(reports)) => return Some(PoisonError::into_inner(reports)),
                Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => return None,
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
            }
        }
    }
}

/// How long the end of the process waits for a thread that is writing a report.
const PATIENCE: Duration = Duration::from_secs(1);

/// The target of a report.
#[derive(Debug, Clone)]
enum Target {
    Stderr,
    Stdout,
    File(PathBuf),
}

/// Prints the report when the program ends. Bind the guard in `main` to a name, not to `_`, which would drop it at
/// once:
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
/// The table goes to standard error, as with [`Report::eprint`], unless you call [`to_file`](ReportOnExit::to_file) or
/// [`to_stdout`](ReportOnExit::to_stdout). It is printed once:
///
/// | the program ends with | printed? |
/// |---|---|
/// | the end of `main`, or a panic there that unwinds | yes: the guard is dropped |
/// | [`std::process::exit`], on any thread | on Unix |
/// | `SIGINT` (Ctrl-C), `SIGTERM`, `SIGHUP` | on Unix; the signal's default action follows, and a second one ends the program at once |
/// | one of these signals that the program handles or ignores itself | depends on how it then ends |
/// | [`std::process::abort`], `panic = "abort"`, `_exit`, `SIGKILL`, a crash | no: the program cannot run any more code |
///
/// On platforms other than Unix only the first row applies: call [`report`](crate::timing::report) before an early
/// exit.
///
/// A process that is forked from this one does not write its reports, whether it drops the guard or exits.
///
/// Calls that are still running at the end are not in the report. Handling signals takes a thread that sleeps until one
/// arrives.
pub fn report_on_exit() -> ReportOnExit {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Relaxed);
    let waiting = Waiting::here_or_new();
    // The thread that ends the process writes the state at that time.
    if !waiting.is_ending.load(Relaxed) {
        lock(&waiting.reports).insert(id, Vec::new());
    }
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
    /// Writes to a file instead. The extension selects the format: `.html`, `.json` (feature `serde`), `.prom`
    /// (Prometheus text format); any other is the table. You can call this more than once, to write more than one file.
    ///
    /// An existing file is replaced. If the file cannot be written, that is reported on standard error.
    ///
    /// ```
    /// # let dir = std::env::temp_dir();
    /// let _report = festoon::timing::report_on_exit().to_file(dir.join("timing.html")).to_stderr();
    /// # drop(_report);
    /// # assert!(std::fs::read_to_string(dir.join("timing.html")).unwrap().contains("</html>"));
    /// ```
    ///
    /// # Panics
    /// For `.json` without the feature `serde`: at once, rather than at the end of a long run.
    pub fn to_file(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        assert!(
            cfg!(feature = "serde") || extension(path) != "json",
            "a report as JSON ({}) needs the feature `serde` of festoon",
            path.display()
        );
        // Absolute, since the program may end in another working directory.
        self.to(Target::File(absolute(path).unwrap_or_else(|_| path.to_owned())))
    }

    /// Prints the table to standard output, as [`Report::print`] does.
    pub fn to_stdout(self) -> Self {
        self.to(Target::Stdout)
    }

    /// Prints the table to standard error; this is the default.
    pub fn to_stderr(self) -> Self {
        self.to(Target::Stderr)
    }

    fn to(self, target: Target) -> Self {
        if let Some(waiting) = Waiting::here()
            && let Some(targets) = lock(&waiting.reports).get_mut(&self.id)
        {
            targets.push(target);
        }
        self
    }
}

impl Drop for ReportOnExit {
    fn drop(&mut self) {
        let Some(waiting) = Waiting::here() else { return };
        if waiting.is_ending.load(Relaxed) {
            return;
        }
        let mut reports = lock(&waiting.reports);
        if let Some(targets) = reports.remove(&self.id) {
            write(&targets);
        }
    }
}

/// The process ends before the guards are dropped.
#[cfg(unix)]
fn write_all() {
    let Some(waiting) = Waiting::here() else { return };
    waiting.is_ending.store(true, Relaxed);
    let Some(mut reports) = waiting.lock_for_a_while() else { return };
    while let Some((_, targets)) = reports.pop_first() {
        write(&targets);
    }
}

fn write(targets: &[Target]) {
    let report = collect();
    let targets = if targets.is_empty() { &[Target::Stderr] } else { targets };
    for target in targets {
        let written = match target {
            // If standard error is closed, this cannot be reported anywhere.
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

/// The report in the format of the file's extension.
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
