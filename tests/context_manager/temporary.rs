//! The temporary files and folders of `tempfile`, feature `tempfile`.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use festoon::managers::{kept_on_failure, persisted};
use festoon::{Exit, Guard, Outcome, with};
use tempfile::{NamedTempFile, TempDir, tempdir};

use super::panic_of;
use crate::events;

fn names(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.collect()
}

/// Its path, and how the scope ended.
fn ended<T, A: Exit<io::Error>>(temporary: A, path: impl Fn(&A) -> PathBuf, body: io::Result<T>) -> (PathBuf, bool) {
    let mut seen = PathBuf::new();
    let ended = temporary.scope(|active| {
        seen = path(active);
        assert!(seen.exists());
        body
    });
    (seen, ended.is_ok())
}

#[test]
fn a_temporary_is_removed_however_its_scope_ends() {
    let bodies = || [Ok(()), Err(io::Error::other("body"))];
    for body in bodies() {
        let (path, _) = ended(tempdir().unwrap(), |folder| folder.path().to_owned(), body);
        assert!(!path.exists());
    }
    for body in bodies() {
        let (path, _) = ended(NamedTempFile::new().unwrap(), |file| file.path().to_owned(), body);
        assert!(!path.exists());
    }
    for body in bodies() {
        let (path, _) = ended(NamedTempFile::new().unwrap().into_temp_path(), |path| path.to_path_buf(), body);
        assert!(!path.exists());
    }
    let mut path = PathBuf::new();
    let panics = tempdir().unwrap();
    let panics = || {
        panics.scope(|folder| -> io::Result<()> {
            path = folder.path().to_owned();
            panic!("body")
        })
    };
    assert_eq!(panic_of(panics).as_deref(), Some("body"));
    assert!(!path.as_os_str().is_empty() && !path.exists());
}

/// Keeps what was suppressed.
#[derive(Debug)]
enum Failed {
    Body,
    Io(ErrorKind),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Failed::Io(error.kind())
    }
}

/// Removes the folder behind the manager's back.
fn lost(folder: &TempDir) {
    fs::remove_dir(folder.path()).unwrap();
}

#[test]
fn an_error_of_the_removal_is_the_scopes_unless_that_has_one() {
    let removed = |body: Result<u8, Failed>| {
        tempdir().unwrap().scope(|folder| {
            lost(folder);
            body
        })
    };
    assert!(matches!(removed(Ok(3)), Err(Failed::Io(ErrorKind::NotFound))));
    let told = events::of(|| assert!(matches!(removed(Err(Failed::Body)), Err(Failed::Body))));
    assert!(told.len() == 1 && told[0].contains("TempDir") && told[0].contains("failed after its scope"), "{told:?}");
}

fn save(folder: &Path, lines: &[&str]) -> io::Result<()> {
    with!(file = persisted(NamedTempFile::new_in(folder)?, folder.join("lines")) => {
        for line in lines {
            if line.is_empty() {
                return Err(io::Error::other("an empty line"));
            }
            writeln!(file, "{line}")?;
        }
    });
    Ok(())
}

#[test]
fn a_file_is_persisted_after_success_alone() {
    let folder = tempdir().unwrap();
    assert!(save(folder.path(), &["one", ""]).is_err());
    assert!(names(folder.path()).is_empty());
    save(folder.path(), &["one"]).unwrap();
    save(folder.path(), &["two"]).unwrap();
    assert!(save(folder.path(), &["three", ""]).is_err());
    assert_eq!(names(folder.path()), ["lines"]);
    assert_eq!(fs::read_to_string(folder.path().join("lines")).unwrap(), "two\n");
}

#[test]
fn a_file_that_cannot_be_persisted_is_an_error_and_removed() {
    let folder = tempdir().unwrap();
    let file = NamedTempFile::new_in(folder.path()).unwrap();
    let target = folder.path().join("no such folder").join("file");
    let ended = persisted(file, target).scope(|_| io::Result::Ok(3));
    assert_eq!(ended.map_err(|error| error.kind()), Err(ErrorKind::NotFound));
    assert!(names(folder.path()).is_empty());
    let guard: Guard<_, io::Error> =
        Guard::new(persisted(NamedTempFile::new_in(folder.path()).unwrap(), folder.path().join("left")));
    drop(guard);
    assert!(names(folder.path()).is_empty(), "a scope that is left in any other way is no success");
}

#[test]
fn a_folder_is_kept_for_inspection_after_a_failure() {
    let path = |folder: &festoon::managers::KeptOnFailure<TempDir>| folder.path().to_owned();
    let (gone, _) = ended(kept_on_failure(tempdir().unwrap()), path, Ok(()));
    assert!(!gone.exists());
    let mut kept = PathBuf::new();
    let told = events::of(|| {
        let folder = kept_on_failure(tempdir().unwrap());
        (kept, _) = ended::<(), _>(folder, path, Err(io::Error::other("body")));
    });
    assert!(kept.exists());
    assert!(
        told.len() == 1 && told[0].starts_with("WARN festoon") && told[0].contains(kept.to_str().unwrap()),
        "{told:?}"
    );
    fs::remove_dir(kept).unwrap();
    let file = NamedTempFile::new().unwrap();
    let kept = file.path().to_owned();
    let exited: Result<_, io::Error> = kept_on_failure(file).exit(Outcome::Cancelled);
    assert!(exited.is_ok() && kept.exists());
    fs::remove_file(kept).unwrap();
}
