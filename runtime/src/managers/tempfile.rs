//! The temporary files and folders of `tempfile`.

use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use ::tempfile::{NamedTempFile, TempDir, TempPath};

use crate::{Exit, Outcome, Verdict};

/// A file or folder that is removed at the end of its scope.
trait Temporary {
    fn remove(self) -> io::Result<()>;
    /// Leaves it where it is.
    fn keep(self) -> io::Result<PathBuf>;
}

impl<F> Temporary for NamedTempFile<F> {
    fn remove(self) -> io::Result<()> {
        self.close()
    }

    fn keep(self) -> io::Result<PathBuf> {
        let (_file, path) = self.keep()?;
        Ok(path)
    }
}

impl Temporary for TempPath {
    fn remove(self) -> io::Result<()> {
        self.close()
    }

    fn keep(self) -> io::Result<PathBuf> {
        Ok(self.keep()?)
    }
}

impl Temporary for TempDir {
    fn remove(self) -> io::Result<()> {
        self.close()
    }

    fn keep(self) -> io::Result<PathBuf> {
        Ok(self.keep())
    }
}

macro_rules! removed {
    ($([$($generics:tt)*] $temporary:ty),* $(,)?) => {
        $(
            /// Removes it. Its `Drop` would ignore an error; here it becomes the scope's, if that has none.
            #[diagnostic::do_not_recommend]
            impl<$($generics)* E: From<io::Error>> Exit<E> for $temporary {
                fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
                    self.remove()?;
                    Ok(Verdict::Pass)
                }
            }
        )*
    };
}

removed! {
    [F,] NamedTempFile<F>,
    [] TempPath,
    [] TempDir,
}

/// Renames the temporary file after success, replacing what is there, and removes it otherwise. The path has to be on the
/// same file system. The content is not synchronized with the disk; [`atomic_file`](super::atomic_file) does that.
///
/// ```
/// use festoon::managers::persisted;
/// use festoon::with;
/// use std::io::{self, Write};
/// use tempfile::NamedTempFile;
///
/// fn save(folder: &std::path::Path, lines: &[&str]) -> io::Result<()> {
///     with!(file = persisted(NamedTempFile::new_in(folder)?, folder.join("lines")) => {
///         for line in lines {
///             if line.is_empty() {
///                 return Err(io::Error::other("an empty line")); // the temporary file is removed
///             }
///             writeln!(file, "{line}")?;
///         }
///     });
///     Ok(())
/// }
///
/// let folder = tempfile::tempdir()?;
/// assert!(save(folder.path(), &["one", ""]).is_err());
/// assert_eq!(folder.path().read_dir()?.count(), 0);
/// save(folder.path(), &["one", "two"])?;
/// assert_eq!(std::fs::read_to_string(folder.path().join("lines"))?, "one\ntwo\n");
/// # io::Result::Ok(())
/// ```
pub fn persisted<F>(file: NamedTempFile<F>, path: impl Into<PathBuf>) -> Persisted<F> {
    Persisted { file, path: path.into() }
}

/// Returned by [`persisted`].
#[derive(Debug)]
#[must_use = "it does nothing without a scope"]
pub struct Persisted<F> {
    file: NamedTempFile<F>,
    path: PathBuf,
}

impl<F, E: From<io::Error>> Exit<E> for Persisted<F> {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        if how.is_success() {
            self.file.persist(self.path).map_err(io::Error::from)?;
        } else {
            self.file.remove()?;
        }
        Ok(Verdict::Pass)
    }
}

impl<F> Deref for Persisted<F> {
    type Target = NamedTempFile<F>;

    fn deref(&self) -> &NamedTempFile<F> {
        &self.file
    }
}

impl<F> DerefMut for Persisted<F> {
    fn deref_mut(&mut self) -> &mut NamedTempFile<F> {
        &mut self.file
    }
}

/// Removes a `TempDir`, `NamedTempFile` or `TempPath` after success, and otherwise leaves it for inspection and logs its
/// path as a `tracing` event of level `WARN`.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::kept_on_failure;
/// use std::{fs, io};
///
/// let build = |source: &str| {
///     kept_on_failure(tempfile::tempdir()?).scope(|folder| {
///         fs::write(folder.path().join("source"), source)?;
///         if source.is_empty() { Err(io::Error::other(folder.path().display().to_string())) } else { Ok(()) }
///     })
/// };
/// build("main")?; // the folder is gone
/// let folder = build("").unwrap_err().to_string();
/// assert!(fs::exists(&folder)?);
/// # fs::remove_dir_all(folder)?;
/// # io::Result::Ok(())
/// ```
#[allow(private_bounds, reason = "the three types are listed above")]
pub fn kept_on_failure<T: Temporary>(temporary: T) -> KeptOnFailure<T> {
    KeptOnFailure(temporary)
}

/// Returned by [`kept_on_failure`].
#[derive(Debug)]
#[must_use = "it does nothing without a scope"]
pub struct KeptOnFailure<T>(T);

impl<T: Temporary, E: From<io::Error>> Exit<E> for KeptOnFailure<T> {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        if how.is_success() {
            self.0.remove()?;
        } else {
            let path = self.0.keep()?;
            tracing::warn!(target: "festoon", path = %path.display(), "a temporary file or folder was kept, since its scope failed");
        }
        Ok(Verdict::Pass)
    }
}

impl<T> Deref for KeptOnFailure<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for KeptOnFailure<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
