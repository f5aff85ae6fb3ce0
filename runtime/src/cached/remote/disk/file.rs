//! One file: opened when it is needed, moved aside when it is damaged.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redb::{Database, DatabaseError, Error, ReadableDatabase, TableError};

use super::records::{ENTRIES, Record, Records};
use super::writer::Write;
use crate::cached::remote::backend::Found;
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::site::lock;

/// See the module.
pub(super) struct File {
    path: PathBuf,
    max_size: u64,
    state: Mutex<State>,
}

enum State {
    Closed,
    Open(Arc<Database>),
    /// Nobody tries again before that.
    Failed(Instant, StoreError),
}

/// How long a file that cannot be opened is left alone.
const DOWN: Duration = Duration::from_millis(300);

/// What went wrong, and what becomes of the file.
enum Trouble {
    /// It is moved aside.
    Damaged(String),
    /// It is opened again.
    Failed(StoreError),
}

impl File {
    pub(super) fn new(path: PathBuf, max_size: u64) -> Self {
        File { path, max_size, state: Mutex::new(State::Closed) }
    }

    /// The entry of that name, unless it has expired at that time of day, or is damaged.
    pub(super) fn read(&self, name: &str, now: u64) -> Result<Option<Found>, StoreError> {
        self.with(|database| {
            let table = match database.begin_read()?.open_table(ENTRIES) {
                Err(TableError::TableDoesNotExist(_)) => return Ok(None),
                table => table?,
            };
            let Some(bytes) = table.get(name)? else { return Ok(None) };
            let record = Record::read(bytes.value()).filter(|record| now < record.until);
            let left = |until: u64| (until != u64::MAX).then(|| Duration::from_millis(until - now));
            Ok(record.map(|record| Found { entry: record.entry.to_vec(), left: left(record.until) }))
        })
    }

    /// All of these, in one transaction.
    pub(super) fn write(&self, writes: &[Write]) -> Result<Vec<Result<bool, StoreError>>, StoreError> {
        self.with(|database| {
            let transaction = database.begin_write()?;
            let mut records = Records::open(&transaction, self.max_size)?;
            let mut results = Vec::with_capacity(writes.len());
            for write in writes {
                results.push(records.apply(write)?);
            }
            records.close()?;
            transaction.commit()?;
            Ok(results)
        })
    }

    /// Runs this on the file. If it shows that the file is damaged, it is run once more, on a new one.
    fn with<T>(&self, run: impl Fn(&Database) -> Result<T, Error>) -> Result<T, StoreError> {
        for _ in 0..2 {
            let database = self.open()?;
            match guarded(|| run(&database).map_err(|error| self.trouble(&error))) {
                Ok(value) => return Ok(value),
                Err(Trouble::Damaged(why)) => self.set_aside(&why, Some(&database)),
                Err(Trouble::Failed(error)) => {
                    self.close(&database);
                    return Err(error);
                }
            }
        }
        Err(StoreError::new(StoreErrorKind::Unavailable, format!("{} is damaged again and again", self.path.display())))
    }

    fn open(&self) -> Result<Arc<Database>, StoreError> {
        let mut state = lock(&self.state);
        match &*state {
            State::Open(database) => return Ok(Arc::clone(database)),
            State::Failed(until, error) if Instant::now() < *until => return Err(error.clone()),
            State::Failed(..) | State::Closed => {}
        }
        let mut opened = self.create();
        if let Err(Trouble::Damaged(why)) = &opened {
            self.move_aside(why);
            opened = self.create();
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
                    Trouble::Damaged(why) => StoreError::new(StoreErrorKind::Unavailable, why),
                };
                *state = State::Failed(Instant::now() + DOWN, error.clone());
                Err(error)
            }
        }
    }

    fn create(&self) -> Result<Database, Trouble> {
        if let Some(folder) = self.path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let create = || {
            // Without the check it trusts what it reads, and a damaged file may give anything.
            let created = Database::builder().set_check_integrity_on_open(true).create(&self.path);
            created.map_err(|error| match error {
                DatabaseError::RepairAborted | DatabaseError::UpgradeRequired(_) => Trouble::Damaged(error.to_string()),
                error => self.trouble(&error.into()),
            })
        };
        guarded(create)
    }

    fn trouble(&self, error: &Error) -> Trouble {
        let kind = match error {
            Error::Corrupted(why) => return Trouble::Damaged(why.clone()),
            // What is no file of this kind at all, or is cut off.
            Error::Io(io)
                if matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof) =>
            {
                return Trouble::Damaged(io.to_string());
            }
            Error::DatabaseAlreadyOpen => StoreErrorKind::Busy,
            _ => StoreErrorKind::Unavailable,
        };
        Trouble::Failed(StoreError::new(kind, format!("{}: {error}", self.path.display())))
    }

    fn set_aside(&self, why: &str, damaged: Option<&Arc<Database>>) {
        let mut state = lock(&self.state);
        let is_it = matches!((&*state, damaged), (State::Open(open), Some(damaged)) if Arc::ptr_eq(open, damaged));
        if is_it {
            self.move_aside(why);
            *state = State::Closed;
        }
    }

    fn move_aside(&self, why: &str) {
        let mut aside = self.path.clone().into_os_string();
        aside.push(".damaged");
        let moved = std::fs::rename(&self.path, &aside).or_else(|_| std::fs::remove_file(&self.path));
        let (path, moved) = (self.path.display(), moved.is_ok());
        tracing::warn!(target: "festoon", %path, why, moved, "the file of a cache is damaged; a new one is begun");
    }

    /// After an error of the disk, this database does nothing more.
    fn close(&self, failed: &Arc<Database>) {
        let mut state = lock(&self.state);
        if matches!(&*state, State::Open(open) if Arc::ptr_eq(open, failed)) {
            *state = State::Closed;
        }
    }
}

/// A damaged file can make the library panic: it does not check every page that it reads.
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
