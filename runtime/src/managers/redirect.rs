//! Redirects the standard output of the process.
#![expect(unsafe_code, reason = "descriptors are duplicated through the C library")]

use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use crate::{Exit, Manager, Outcome, Verdict};

/// Redirects the standard output of the process to this file, pipe or socket for the scope; like Python's
/// `contextlib.redirect_stdout`, but for the whole process rather than for one of its objects.
///
/// * It redirects the file descriptor, so the output of C libraries and child processes is redirected too, unlike in
///   Python.
/// * All threads share it: what another thread prints in the meantime is redirected as well.
/// * The output of `println!` within a `#[test]` is not redirected, unless the tests run with `--nocapture`: the test
///   harness captures it first.
/// * The end restores what there was at the start: this works for nested scopes, but not for overlapping ones.
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

/// Like [`redirect_stdout`], for the standard error output.
pub fn redirect_stderr<T: AsFd>(target: T) -> Redirect<T> {
    Redirect { target, which: libc::STDERR_FILENO }
}

/// Returned by [`redirect_stdout`] and [`redirect_stderr`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is entered"]
pub struct Redirect<T> {
    target: T,
    which: RawFd,
}

/// The value that [`redirect_stdout`] and [`redirect_stderr`] enter.
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
        // SAFETY: these two stay open while the process runs, or an error reports that they are not.
        let before = unsafe { BorrowedFd::borrow_raw(which) }.try_clone_to_owned()?;
        flush(which)?;
        replace(which, target.as_fd())?;
        Ok(Redirected { target, before: Some(before), which })
    }
}

impl<T> Redirected<T> {
    /// Returns the target.
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

/// The buffer's content belongs to the target that it was printed for.
fn flush(which: RawFd) -> io::Result<()> {
    if which == libc::STDOUT_FILENO { io::stdout().flush() } else { io::stderr().flush() }
}

fn replace(which: RawFd, target: BorrowedFd<'_>) -> io::Result<()> {
    loop {
        // SAFETY: both are open. Nothing owns the standard outputs: code that has borrowed one writes elsewhere then.
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
            tracing::error!(%error, "an output could not be restored");
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
