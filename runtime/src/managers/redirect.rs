//! The standard output of the process, led somewhere else.
#![allow(unsafe_code)]

use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use crate::{Exit, Manager, Outcome, Verdict};

/// Leads what the process writes to its standard output to this file, pipe or socket for the scope; Python's
/// `contextlib.redirect_stdout`, but for the process and not for one object of it.
///
/// * It is the file descriptor: what C libraries and child processes write goes there, too, where Python's does not.
/// * It belongs to all threads: what another one prints meanwhile goes there as well.
/// * What `println!` writes within a `#[test]` does not come by, unless the tests run with `--nocapture`: the test harness
///   takes it before.
/// * The end gives back what there was at the beginning: scopes within one another do, and those that overlap do not.
///
/// ```
/// use festoon::Manager;
/// use festoon::managers::redirect_stdout;
/// use std::fs::{self, File};
/// use std::io::{self, Write};
///
/// # let path = std::env::temp_dir().join(format!("festoon-doc-out-{}", std::process::id()));
/// redirect_stdout(File::create(&path)?).scope(|_| writeln!(io::stdout(), "to the file"))?;
/// assert_eq!(fs::read_to_string(&path)?, "to the file\n");
/// # fs::remove_file(path)?;
/// # io::Result::Ok(())
/// ```
pub fn redirect_stdout<T: AsFd>(target: T) -> Redirect<T> {
    Redirect { target, which: libc::STDOUT_FILENO }
}

/// As [`redirect_stdout`], for the standard error output.
pub fn redirect_stderr<T: AsFd>(target: T) -> Redirect<T> {
    Redirect { target, which: libc::STDERR_FILENO }
}

/// Made by [`redirect_stdout`] and [`redirect_stderr`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is entered"]
pub struct Redirect<T> {
    target: T,
    which: RawFd,
}

/// Entered by [`redirect_stdout`] and [`redirect_stderr`].
#[derive(Debug)]
pub struct Redirected<T> {
    target: T,
    before: Option<OwnedFd>,
    which: RawFd,
}

impl<T: AsFd> Manager for Redirect<T> {
    type Active = Redirected<T>;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Redirected<T>> {
        let Redirect { target, which } = self;
        // SAFETY: these two are open for as long as the process runs, or an error says that they are not.
        let before = unsafe { BorrowedFd::borrow_raw(which) }.try_clone_to_owned()?;
        flush(which)?;
        replace(which, target.as_fd())?;
        Ok(Redirected { target, before: Some(before), which })
    }
}

impl<T> Redirected<T> {
    /// Where it goes.
    pub fn target(&mut self) -> &mut T {
        &mut self.target
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let flushed = flush(self.which);
        replace(self.which, before.as_fd())?;
        flushed
    }
}

/// What stands in the buffer belongs to the place that it was printed for.
fn flush(which: RawFd) -> io::Result<()> {
    if which == libc::STDOUT_FILENO { io::stdout().flush() } else { io::stderr().flush() }
}

fn replace(which: RawFd, target: BorrowedFd<'_>) -> io::Result<()> {
    loop {
        // SAFETY: both are open. Nobody owns the standard outputs: whoever borrows one writes elsewhere then.
        if unsafe { libc::dup2(target.as_raw_fd(), which) } != -1 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

impl<T> Drop for Redirected<T> {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, "an output could not be given back");
        }
    }
}

#[diagnostic::do_not_recommend]

impl<T, E: From<io::Error>> Exit<E> for Redirected<T> {
    fn exit(mut self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        self.end()?;
        Ok(Verdict::Pass)
    }
}
