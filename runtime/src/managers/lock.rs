//! Files that one process at a time can lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use crate::{Exit, Manager, Outcome, Verdict};

/// Waits for a lock on this file, and holds it for the scope. Creates the file if it is missing, and leaves it in place
/// afterwards: if it were removed, a third process could lock a new file next to the old one.
///
/// The lock only excludes code that requests it too, including code in this process: it is the operating system's,
/// through [`File::lock`]. It ends with the process, however that ends. On network file systems it depends on them. The
/// thread blocks: in async code call [`try_lock`](LockFile::try_lock), or enter it on a thread for blocking work.
///
/// ```
/// use festoon::Manager;
/// use festoon::managers::lock_file;
/// use std::io::{self, ErrorKind};
///
/// # let path = std::env::temp_dir().join(format!("festoon-doc-lock-{}", std::process::id()));
/// lock_file(&path).scope(|_| {
///     let second = lock_file(&path).try_lock().scope(|_| Ok::<_, io::Error>(()));
///     assert_eq!(second.unwrap_err().kind(), ErrorKind::WouldBlock);
///     Ok::<_, io::Error>(())
/// })?;
/// # std::fs::remove_file(path)?;
/// # io::Result::Ok(())
/// ```
pub fn lock_file(path: impl Into<PathBuf>) -> LockFile {
    LockFile { path: path.into(), is_shared: false, waits: true }
}

/// Returned by [`lock_file`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is entered"]
pub struct LockFile {
    path: PathBuf,
    is_shared: bool,
    waits: bool,
}

impl LockFile {
    /// Requests a shared lock: several holders may have one at the same time, but none next to an exclusive one.
    pub fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }

    /// Does not wait: if the lock is held elsewhere, entering returns an [`io::ErrorKind::WouldBlock`].
    pub fn try_lock(mut self) -> Self {
        self.waits = false;
        self
    }

    #[allow(clippy::incompatible_msrv, reason = "the feature needs Rust 1.89")]
    fn lock(&self, file: &File) -> io::Result<()> {
        let locked = match (self.is_shared, self.waits) {
            (false, true) => return file.lock(),
            (true, true) => return file.lock_shared(),
            (false, false) => file.try_lock(),
            (true, false) => file.try_lock_shared(),
        };
        locked.map_err(|error| match error {
            TryLockError::WouldBlock => {
                io::Error::new(io::ErrorKind::WouldBlock, "the file is locked by another holder")
            }
            TryLockError::Error(error) => error,
        })
    }
}

impl Manager for LockFile {
    type Active = LockedFile;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<LockedFile> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.path)?;
        self.lock(&file)?;
        Ok(LockedFile(file))
    }
}

/// The value that [`lock_file`] enters: the file, open for reading and writing. Dropping it releases the lock.
#[derive(Debug)]
pub struct LockedFile(File);

impl Deref for LockedFile {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl DerefMut for LockedFile {
    fn deref_mut(&mut self) -> &mut File {
        &mut self.0
    }
}

#[diagnostic::do_not_recommend]
impl<E: From<io::Error>> Exit<E> for LockedFile {
    #[allow(clippy::incompatible_msrv, reason = "the feature needs Rust 1.89")]
    fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        // A clone of the file, or a child process, may keep it open.
        self.0.unlock()?;
        Ok(Verdict::Pass)
    }
}
