//! One file: opened on demand, moved aside if it is damaged, left alone if festoon did not create it.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redb::{Database, DatabaseError, Error, ReadableDatabase, TableError};

use super::clock::Clock;
use super::marked::{Marked, Unusable};
use super::records::{self, ENTRIES, Record, Records};
use super::writer::Write;
use crate::cached::remote::backend::Found;
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::pause::pause;
use crate::sync::lock;

/// See the module.
pub(super) struct File {
    path: PathBuf,
    max_size: u64,
    pub(super) clock: Clock,
    state: Mutex<State>,
}

enum State {
    Closed,
    Open(Arc<Database>),
    /// After this many failures; there is no other attempt before that time.
    Failed(u32, Instant, StoreError),
}

/// The maximum number of damaged files to keep.
const KEPT: u32 = 100;

/// What went wrong, and what to do with the file.
enum Trouble {
    /// Move it aside.
    Damaged(String),
    /// Open it again.
    Failed(StoreError),
}

impl File {
    pub(super) fn new(path: PathBuf, max_size: u64, clock: Clock) -> Self {
        File { path, max_size, clock, state: Mutex::new(State::Closed) }
    }

    /// Reads the entry with that name, unless it has expired, appears to be written later than now, or is damaged. A
    /// virtual clock has advanced by this many milliseconds.
    pub(super) fn read(&self, name: &str, moved: u64) -> Result<Option<Found>, StoreError> {
        self.with(|database| {
            // Only after the file is open: its time may be later than the machine's.
            let now = self.clock.real().saturating_add(moved);
            let table = match database.begin_read()?.open_table(ENTRIES) {
                Err(TableError::TableDoesNotExist(_)) => return Ok(None),
                table => table?,
            };
            let Some(bytes) = table.get(name)? else { return Ok(None) };
            let record = Record::read(bytes.value()).filter(|record| (record.written..record.until).contains(&now));
            let left = |until: u64| (until != u64::MAX).then(|| Duration::from_millis(until - now));
            Ok(record.map(|record| Found { entry: record.entry.to_vec(), left: left(record.until) }))
        })
    }

    /// Performs all of these in one transaction.
    pub(super) fn write(&self, writes: &[Write]) -> Result<Vec<Result<bool, StoreError>>, StoreError> {
        self.with(|database| {
            let transaction = database.begin_write()?;
            let mut records = Records::open(&transaction, self.max_size)?;
            let mut results = Vec::with_capacity(writes.len());
            for write in writes {
                results.push(records.apply(write)?);
            }
            records.close(self.clock.real())?;
            transaction.commit()?;
            Ok(results)
        })
    }

    /// Runs this on the file. If it finds the file damaged, it is run once more, on a new one.
    fn with<T>(&self, run: impl Fn(&Database) -> Result<T, Error>) -> Result<T, StoreError> {
        for _ in 0..2 {
            let database = self.open()?;
            match guarded(|| run(&database).map_err(|error| self.trouble(&error))) {
                Ok(value) => return Ok(value),
                Err(Trouble::Damaged(why)) => self.set_aside(&why, &database)?,
                Err(Trouble::Failed(error)) => {
                    self.close(&database);
                    return Err(error);
                }
            }
        }
        Err(self.error(StoreErrorKind::Unavailable, "it keeps getting damaged"))
    }

    fn open(&self) -> Result<Arc<Database>, StoreError> {
        let mut state = lock(&self.state);
        match &*state {
            State::Open(database) => return Ok(Arc::clone(database)),
            State::Failed(_, until, error) if Instant::now() < *until => return Err(error.clone()),
            State::Failed(..) | State::Closed => {}
        }
        let failures = if let State::Failed(failures, ..) = &*state { *failures } else { 0 };
        let mut opened = self.create();
        if let Err(Trouble::Damaged(why)) = opened {
            opened = self.move_aside(&why).map_err(Trouble::Failed).and_then(|()| self.create());
        }
        match opened {
            Ok(database) => {
                let database = Arc::new(database);
                *state = State::Open(Arc::clone(&database));
                Ok(database)
            }
            Err(trouble) => {
                let error = match trouble {
                    Trouble::Failed(error) => error,
                    Trouble::Damaged(why) => self.error(StoreErrorKind::Unavailable, why),
                };
                *state = State::Failed(failures.saturating_add(1), Instant::now() + pause(failures), error.clone());
                Err(error)
            }
        }
    }

    fn create(&self) -> Result<Database, Trouble> {
        if let Some(folder) = self.path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let file = Marked::open(&self.path).map_err(|unusable| self.unusable(unusable))?;
        guarded(|| {
            // Without the check, a damaged file could return anything.
            let created = Database::builder().set_check_integrity_on_open(true).create_with_backend(file);
            let database = created.map_err(|error| match error {
                DatabaseError::RepairAborted | DatabaseError::UpgradeRequired(_) => Trouble::Damaged(error.to_string()),
                error => self.trouble(&error.into()),
            })?;
            self.clock.at_least(records::written(&database).map_err(|error| self.trouble(&error))?);
            Ok(database)
        })
    }

    fn unusable(&self, unusable: Unusable) -> Trouble {
        use std::io::ErrorKind::{IsADirectory, NotADirectory, PermissionDenied, ReadOnlyFilesystem};
        Trouble::Failed(match unusable {
            Unusable::CutOff => return Trouble::Damaged("it is truncated".to_owned()),
            Unusable::Database(error) => return self.trouble(&error.into()),
            Unusable::Busy => self.error(StoreErrorKind::Busy, "it is locked"),
            Unusable::Foreign => {
                let why = "it exists but is not a cache file, so it is left as it is: name another file, or remove it";
                self.error(StoreErrorKind::Configuration, why)
            }
            Unusable::Io(error) => {
                let is_for_good =
                    matches!(error.kind(), IsADirectory | NotADirectory | PermissionDenied | ReadOnlyFilesystem);
                let kind = if is_for_good { StoreErrorKind::Configuration } else { StoreErrorKind::Unavailable };
                self.error(kind, error)
            }
        })
    }

    fn error(&self, kind: StoreErrorKind, why: impl fmt::Display) -> StoreError {
        StoreError::new(kind, format!("{}: {why}", self.path.display()))
    }

    fn trouble(&self, error: &Error) -> Trouble {
        let kind = match error {
            Error::Corrupted(why) => return Trouble::Damaged(why.clone()),
            // Not a file of this kind at all, or truncated.
            Error::Io(io)
                if matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof) =>
            {
                return Trouble::Damaged(io.to_string());
            }
            Error::DatabaseAlreadyOpen => StoreErrorKind::Busy,
            _ => StoreErrorKind::Unavailable,
        };
        Trouble::Failed(self.error(kind, error))
    }

    fn set_aside(&self, why: &str, damaged: &Arc<Database>) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        if matches!(&*state, State::Open(open) if Arc::ptr_eq(open, damaged)) {
            *state = State::Closed;
            self.move_aside(why)?;
        }
        Ok(())
    }

    /// Does not overwrite existing files.
    fn move_aside(&self, why: &str) -> Result<(), StoreError> {
        let is_free = |aside: &PathBuf| std::fs::symlink_metadata(aside).is_err();
        let moved = match (1..=KEPT).map(|number| aside(&self.path, number)).find(is_free) {
            Some(aside) => std::fs::rename(&self.path, &aside).map(|()| aside).map_err(|error| error.to_string()),
            None => Err(format!("there are already {KEPT} damaged files next to it")),
        };
        match moved {
            Ok(aside) => {
                let (path, aside) = (self.path.display(), aside.display());
                tracing::warn!(target: "festoon", %path, why, %aside, "the file of a cache is damaged; a new one is created");
                Ok(())
            }
            Err(error) => {
                let why = format!("it is damaged ({why}), and cannot be renamed: {error}");
                Err(self.error(StoreErrorKind::Unavailable, why))
            }
        }
    }

    /// After a disk error, this database is not used any more.
    fn close(&self, failed: &Arc<Database>) {
        let mut state = lock(&self.state);
        if matches!(&*state, State::Open(open) if Arc::ptr_eq(open, failed)) {
            *state = State::Closed;
        }
    }
}

/// *Input:* `cache.redb`, 2. *Output:* `cache.redb.damaged.2`; the first one has no number.
fn aside(path: &Path, number: u32) -> PathBuf {
    let mut aside = path.as_os_str().to_owned();
    aside.push(if number == 1 { ".damaged".to_owned() } else { format!(".damaged.{number}") });
    aside.into()
}

/// A damaged file can make the library panic, since it does not check every page that it reads.
fn guarded<T>(run: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Trouble::Damaged(said(&*panic))))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("path", &self.path).field("max_size", &self.max_size).finish_non_exhaustive()
    }
}
