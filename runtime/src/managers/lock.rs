//! Files that one process at a time holds.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use crate::{Exit, Manager, Outcome, Verdict};

/// Holds a lock on this file for the scope, and waits for it. The file is made when it is missing, and stays afterwards: to
/// remove it would let a third process lock a new one beside the old one.
///
/// The lock excludes whoever asks for one, in this process as well, and nobody else: the operating system's own, by
/// [`File::lock`]. It ends with the process, however that ends. On network file systems it is what those make of it. The
/// thread waits: in async code call [`try_lock`](LockFile::try_lock), or enter it on a thread for blocking work.
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

/// Made by [`lock_file`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is entered"]
pub struct LockFile {
    path: PathBuf,
    is_shared: bool,
    waits: bool,
}

impl LockFile {
    /// Others may hold a shared lock at the same time, and nobody one of the other kind.
    pub fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }

    /// Does not wait: when somebody else holds it, entering gives an [`io::ErrorKind::WouldBlock`].
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
                io::Error::new(io::ErrorKind::WouldBlock, "somebody else holds the file's lock")
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

/// Entered by [`lock_file`]: the file, open for reading and writing. Dropped, it gives up the lock.
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
