//! How a call in a worker process fails.

use std::fmt::{Display, Formatter};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A call of an `#[offload(process)]` function has no result.
///
/// It is converted into the function's error type: write `impl From<WorkerError> for ShopError`, or return a
/// `Result<T, WorkerError>`. `io::Error` accepts it already, but cannot be sent from one process to another itself.
///
/// With `#[retry]` above, a crash and a timeout are tried again; the others would only fail again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WorkerError {
    /// The worker process ended before the call did. The next call gets a new one.
    #[non_exhaustive]
    Crashed {
        /// The signal that ended it: 11 (`SIGSEGV`) after a segmentation fault, 6 (`SIGABRT`) after an abort, a stack
        /// overflow or a failed allocation, 9 (`SIGKILL`) if the system ran out of memory.
        signal: Option<i32>,
        /// Its exit code, if it called `exit`.
        code: Option<i32>,
    },
    /// The call took longer than `timeout`, and its worker was killed.
    #[non_exhaustive]
    TimedOut {
        /// The time limit.
        after: Duration,
    },
    /// No worker process could be started. The text says why.
    NotStarted(String),
    /// The arguments or the result could not be encoded, or not be decoded on the other side. The text says why.
    Encoding(String),
}

impl WorkerError {
    pub(super) fn crashed(status: ExitStatus) -> Self {
        WorkerError::Crashed { signal: status.signal(), code: status.code() }
    }
}

const SIGNALS: [(i32, &str); 8] = [
    (rustix::process::Signal::ILL.as_raw(), "SIGILL"),
    (rustix::process::Signal::ABORT.as_raw(), "SIGABRT"),
    (rustix::process::Signal::BUS.as_raw(), "SIGBUS"),
    (rustix::process::Signal::FPE.as_raw(), "SIGFPE"),
    (rustix::process::Signal::KILL.as_raw(), "SIGKILL"),
    (rustix::process::Signal::SEGV.as_raw(), "SIGSEGV"),
    (rustix::process::Signal::TERM.as_raw(), "SIGTERM"),
    (rustix::process::Signal::XCPU.as_raw(), "SIGXCPU"),
];

impl Display for WorkerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            WorkerError::Crashed { signal: Some(signal), .. } => {
                let name = SIGNALS.iter().find(|(number, _)| number == signal).map(|(_, name)| name);
                write!(f, "the worker process was killed by signal {signal}")?;
                name.map_or(Ok(()), |name| write!(f, " ({name})"))
            }
            WorkerError::Crashed { code: Some(code), .. } => write!(f, "the worker process exited with code {code}"),
            WorkerError::Crashed { .. } => f.write_str("the worker process ended"),
            WorkerError::TimedOut { after } => write!(f, "timed out after {after:?}; the worker process was killed"),
            WorkerError::NotStarted(why) => write!(f, "no worker process could be started: {why}"),
            WorkerError::Encoding(why) => write!(f, "cannot be sent to or from a worker process: {why}"),
        }
    }
}

impl std::error::Error for WorkerError {}

impl From<WorkerError> for std::io::Error {
    fn from(error: WorkerError) -> Self {
        let kind = match error {
            WorkerError::TimedOut { .. } => std::io::ErrorKind::TimedOut,
            WorkerError::Encoding(_) => std::io::ErrorKind::InvalidData,
            _ => std::io::ErrorKind::Other,
        };
        std::io::Error::new(kind, error)
    }
}

#[cfg(feature = "retry")]
impl crate::Retryable for WorkerError {
    fn advice(&self) -> crate::Advice {
        match self {
            WorkerError::Crashed { .. } | WorkerError::TimedOut { .. } => crate::Advice::Transient,
            WorkerError::NotStarted(_) | WorkerError::Encoding(_) => crate::Advice::Never,
        }
    }
}
