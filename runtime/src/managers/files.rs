//! Context managers of files and folders.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, process};

use crate::{Exit, Manager, Outcome, Verdict};

/// Changes the working directory of the process for the scope; Python's `contextlib.chdir`.
///
/// All threads share it, so do not use this while other code runs concurrently.
///
/// ```
/// use festoon::Manager;
/// use festoon::managers::set_current_dir;
/// use std::{env, io};
///
/// let before = env::current_dir().unwrap();
/// let inside = set_current_dir(env::temp_dir()).scope(|_| env::current_dir());
/// assert_eq!(inside.unwrap(), env::temp_dir().canonicalize().unwrap());
/// assert_eq!(env::current_dir().unwrap(), before);
/// ```
pub fn set_current_dir(path: impl Into<PathBuf>) -> SetCurrentDir {
    SetCurrentDir(path.into())
}

/// Returned by [`set_current_dir`].
#[derive(Debug, Clone)]
pub struct SetCurrentDir(PathBuf);

/// The value that [`set_current_dir`] enters.
#[derive(Debug)]
pub struct CurrentDir {
    before: PathBuf,
}

impl Manager for SetCurrentDir {
    type Active = CurrentDir;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<CurrentDir> {
        let before = env::current_dir()?;
        env::set_current_dir(self.0)?;
        Ok(CurrentDir { before })
    }
}

impl<E: From<io::Error>> Exit<E> for CurrentDir {
    fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        env::set_current_dir(self.before)?;
        Ok(Verdict::Pass)
    }
}

/// Replaces a file such that it is either the complete old one or the complete new one, even if the process or the
/// machine stops.
///
/// The scope writes a temporary file in the same folder. After success it is synchronized with the disk and renamed to
/// the target, and then the folder is synchronized; otherwise it is removed. If the process is killed, the temporary
/// file stays behind. The target's permissions are kept, and a symbolic link is followed unless you call
/// [`refuse_symlinks`](AtomicFile::refuse_symlinks).
///
/// ```
/// use festoon::managers::atomic_file;
/// use festoon::with;
/// use std::io::{self, Write};
///
/// fn save(path: &std::path::Path, lines: &[&str]) -> io::Result<()> {
///     with!(file = atomic_file(path) => {
///         for line in lines {
///             if line.is_empty() {
///                 return Err(io::Error::other("an empty line")); // the old file stays
///             }
///             writeln!(file, "{line}")?;
///         }
///     });
///     Ok(())
/// }
///
/// # let path = std::env::temp_dir().join(format!("festoon-doc-{}", std::process::id()));
/// save(&path, &["one", "two"])?;
/// assert!(save(&path, &["three", ""]).is_err());
/// assert_eq!(std::fs::read_to_string(&path)?, "one\ntwo\n");
/// # std::fs::remove_file(path)?;
/// # io::Result::Ok(())
/// ```
pub fn atomic_file(path: impl Into<PathBuf>) -> AtomicFile {
    AtomicFile { path: path.into(), refuses_symlinks: false }
}

/// Returned by [`atomic_file`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is entered"]
pub struct AtomicFile {
    path: PathBuf,
    refuses_symlinks: bool,
}

impl AtomicFile {
    /// Returns an error for a target that is a symbolic link, instead of following it.
    pub fn refuse_symlinks(mut self) -> Self {
        self.refuses_symlinks = true;
        self
    }

    /// The target of the link, if it is one.
    fn target(&self) -> io::Result<PathBuf> {
        let is_link = fs::symlink_metadata(&self.path).is_ok_and(|metadata| metadata.is_symlink());
        match (is_link, self.refuses_symlinks) {
            (false, _) => Ok(self.path.clone()),
            (true, true) => Err(io::Error::new(io::ErrorKind::InvalidInput, "the file is a symbolic link")),
            (true, false) => fs::canonicalize(&self.path),
        }
    }
}

impl Manager for AtomicFile {
    type Active = Replacement;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Replacement> {
        let target = self.target()?;
        let permissions = fs::metadata(&target).ok().map(|metadata| metadata.permissions());
        let (file, path) = temporary(&target)?;
        let replacement = Replacement { file, path, target };
        match permissions.map_or(Ok(()), |permissions| replacement.permit(permissions)) {
            Ok(()) => Ok(replacement),
            Err(error) => {
                replacement.remove()?;
                Err(error)
            }
        }
    }
}

/// A new file in the folder of the target: a rename does not cross file systems.
fn temporary(target: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let Some(name) = target.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"));
    };
    loop {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{}.tmp", process::id(), COUNT.fetch_add(1, Relaxed)));
        let path = target.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return Ok((file?, path)),
        }
    }
}

/// The value that [`atomic_file`] enters: the new content, unbuffered. For many small writes wrap it in a `BufWriter`,
/// and flush that.
#[derive(Debug)]
pub struct Replacement {
    file: File,
    path: PathBuf,
    target: PathBuf,
}

impl Replacement {
    /// Returns the temporary file.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    fn permit(&self, permissions: Permissions) -> io::Result<()> {
        self.file.set_permissions(permissions)
    }

    fn publish(self) -> io::Result<()> {
        let Replacement { file, path, target } = self;
        let synced = file.sync_all();
        drop(file);
        if let Err(error) = synced.and_then(|()| fs::rename(&path, &target)) {
            fs::remove_file(path)?;
            return Err(error);
        }
        sync_folder(&target)
    }

    fn remove(self) -> io::Result<()> {
        drop(self.file);
        fs::remove_file(self.path)
    }
}

/// Until then the rename itself may be lost in a power failure.
fn sync_folder(target: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl<E: From<io::Error>> Exit<E> for Replacement {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        if how.is_success() {
            self.publish()?;
        } else {
            self.remove()?;
        }
        Ok(Verdict::Pass)
    }
}
