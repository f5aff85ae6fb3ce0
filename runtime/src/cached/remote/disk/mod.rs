//! `store = disk("path")`: a file that outlives the process.
//!
//! In: names and bytes, as a backend. Out: transactions of one file. Open this file first, then `file.rs` and `writer.rs`.

mod clock;
mod file;
mod leases;
mod marked;
mod records;
mod writer;

use std::collections::HashMap;
use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::clock::{Clock, machine, millis};
use self::file::File;
use self::leases::Leases;
use self::writer::{Write, Writer};
use super::backend::{Answer, Backend, Caller, Found, How, News, Put, Turn};
use super::error::{StoreError, StoreErrorKind};
use super::lease::Lease;
use super::store::Store;
use crate::sync::lock;

/// A file for `#[cached(store = EXPR)]`. All functions of a process that name the same file share it; another process
/// cannot use it at the same time.
///
/// A damaged file is renamed to end in `.damaged`, `.damaged.2` and so on, and a new one is created. A file that
/// festoon did not create is left alone, and not used.
#[derive(Debug, Clone)]
pub struct Disk {
    path: PathBuf,
    max_size: u64,
}

impl Disk {
    /// Uses the file at this path; it is created, with its folder, if it does not exist.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Disk { path: path.as_ref().to_owned(), max_size: 256 << 20 }
    }

    /// Limits the size of keys and values in bytes, 256 MB by default; beyond that, the oldest are removed. The file
    /// itself can be up to about twice as large. If several functions name one file, the first one that is called sets
    /// the limit.
    #[must_use]
    pub fn max_size(self, bytes: u64) -> Self {
        Disk { max_size: bytes, ..self }
    }
}

impl From<Disk> for Store {
    fn from(disk: Disk) -> Store {
        static FILES: Mutex<Option<HashMap<PathBuf, Arc<Open>>>> = Mutex::new(None);
        let path = match real_path(&disk.path) {
            Ok(path) => path,
            Err(error) => {
                let detail = format!("{}: {error}", disk.path.display());
                return Store::new(Err(StoreError::new(StoreErrorKind::Configuration, detail)));
            }
        };
        let mut files = lock(&FILES);
        let open = files.get_or_insert_default().entry(path.clone());
        let open = open.or_insert_with(|| Arc::new(Open::new(File::new(path, disk.max_size, Clock::new(machine)))));
        Store::new(Ok(Arc::clone(open) as _))
    }
}

/// One name for one file, however its path is spelled, even through links. Creates the file if it does not exist.
fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    if let Some(folder) = absolute.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    // An empty file is as good as none. If it cannot be created, opening it will return the reason.
    if absolute.metadata().is_err() {
        let _ = std::fs::OpenOptions::new().append(true).create(true).open(&absolute);
    }
    Ok(std::fs::canonicalize(&absolute).unwrap_or(absolute))
}

/// A file in use.
#[derive(Debug)]
struct Open {
    file: Arc<File>,
    writer: Writer,
    leases: Arc<Leases>,
    /// The process that owns it. A process that is forked from that one has neither its threads nor its locks.
    process: u32,
}

impl Open {
    fn new(file: File) -> Self {
        let file = Arc::new(file);
        Open { writer: Writer::new(Arc::clone(&file)), file, leases: Arc::default(), process: std::process::id() }
    }

    fn is_ours(&self) -> Result<(), StoreError> {
        if self.process == std::process::id() {
            return Ok(());
        }
        Err(StoreError::new(StoreErrorKind::Busy, "the file was opened before this process was forked"))
    }

    fn write(&self, write: Write) -> Answer<bool> {
        match self.is_ours() {
            Ok(()) => self.writer.send(write),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    /// Reads may wait for the disk, which must not block an executor.
    fn read<T: Send + 'static>(
        &self,
        how: How,
        read: impl FnOnce(&File) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<T> {
        if let Err(error) = self.is_ours() {
            return Box::pin(ready(Err(error)));
        }
        let file = Arc::clone(&self.file);
        #[cfg(any(feature = "redis", feature = "tokio"))]
        if how == How::Awaiting
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let task = runtime.spawn_blocking(move || read(&file));
            let ended = |error: tokio::task::JoinError| StoreError::new(StoreErrorKind::Unavailable, error.to_string());
            return Box::pin(async move { task.await.map_err(ended)? });
        }
        let _ = how;
        Box::pin(ready(read(&file)))
    }
}

impl Backend for Open {
    fn get(&self, caller: Caller, name: String, _: bool) -> Answer<Option<Found>> {
        let moved = clock::moved();
        self.read(caller.how, move |file| file.read(&name, moved))
    }

    /// The file belongs to this process, and only one of the process's calls for a key gets here.
    fn lead(&self, _: Caller, name: String) -> Answer<Turn> {
        Box::pin(ready(Ok(Turn::Lead(self.leases.give(name)))))
    }

    fn seize(&self, _: Caller, name: String) -> Answer<Lease> {
        Box::pin(ready(Ok(self.leases.give(name))))
    }

    fn put(&self, _: Caller, put: Put) -> Answer<bool> {
        let Put { name, entry, ttl, lease, .. } = put;
        let written = self.file.clock.now();
        let until = ttl.map_or(u64::MAX, |ttl| written.saturating_add(millis(ttl)));
        let Some(answer) =
            self.leases.used_up(&name, lease, || self.write(Write::Put { name: name.clone(), entry, written, until }))
        else {
            return Box::pin(ready(Ok(false)));
        };
        Box::pin(async { answer.await.map(|_| true) })
    }

    fn discard(&self, _: Caller, name: String, entry: Vec<u8>) -> Answer<()> {
        let answer = self.write(Write::Discard { name, entry });
        Box::pin(async { answer.await.map(drop) })
    }

    fn remove(&self, _: Caller, name: String, _: News) -> Answer<bool> {
        self.leases.revoked(&name, || self.write(Write::Remove { name: name.clone() }))
    }

    fn clear(&self, _: Caller, prefix: String, _: News) -> Answer<()> {
        let answer = self.leases.all_revoked(&prefix, || self.write(Write::Clear { prefix: prefix.clone() }));
        Box::pin(async { answer.await.map(drop) })
    }

    /// A call waits for the disk without a limit.
    fn budget(&self) -> Duration {
        Duration::MAX
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::super::backend::How;
    use super::clock::tests::ByHand;
    use super::*;
    use crate::sync::block_on;

    const CALLER: Caller = Caller { how: How::Blocking, left: Duration::MAX };

    fn open(path: &Path, hand: &ByHand) -> Open {
        Open::new(File::new(path.to_owned(), 1 << 20, hand.clock()))
    }

    fn put(open: &Open, ttl: u64) {
        let lease = block_on(open.seize(CALLER, "name".to_owned())).unwrap();
        let (name, entry, ttl) = ("name".to_owned(), vec![7], Some(Duration::from_millis(ttl)));
        assert!(block_on(open.put(CALLER, Put { name, entry, ttl, lease, news: None })).unwrap());
    }

    fn is_there(open: &Open) -> bool {
        block_on(open.get(CALLER, "name".to_owned(), false)).unwrap().is_some()
    }

    /// Waits for its thread, so that the file is released.
    fn close(open: Open) {
        let Open { file, writer, .. } = open;
        drop(writer);
        while Arc::strong_count(&file) > 1 {
            std::thread::yield_now();
        }
    }

    const MINUTE: i64 = 60_000;

    /// Whatever the machine's clock does, no entry lives longer; it may only expire early.
    #[test]
    fn no_entry_lives_longer_because_the_clock_jumps() {
        let path = std::env::temp_dir().join(format!("festoon-clock-{}.redb", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let hand = ByHand::new(1_000 * MINUTE.unsigned_abs());
        for jump in [0, -MINUTE, -500 * MINUTE, MINUTE, 500 * MINUTE] {
            for restart in [false, true] {
                let mut file = open(&path, &hand);
                put(&file, 5_000);
                hand.pass(3_000, jump);
                if restart {
                    close(file);
                    file = open(&path, &hand);
                }
                let there = is_there(&file);
                // The clock is ahead: the entry appears to have expired.
                assert!(there || jump > 0, "{jump}, {restart}");
                hand.pass(1_999, 0);
                assert_eq!(is_there(&file), there, "{jump}, {restart}");
                hand.pass(1, -jump);
                assert!(!is_there(&file), "{jump}, {restart}");
                hand.pass(60_000, 0);
                assert!(!is_there(&file), "{jump}, {restart}");
                // And it can be used again at once.
                put(&file, 5_000);
                assert!(is_there(&file), "{jump}, {restart}");
                close(file);
            }
        }
        // Written by a machine that is an hour ahead, without a record of that: not trusted.
        let name = "name".to_owned();
        let file = open(&path, &hand);
        // Once the file is open, its time is known to be later than the machine's.
        put(&file, 5_000);
        let later = file.file.clock.now() + 3_600_000;
        block_on(file.writer.send(Write::Put { name, entry: vec![7], written: later, until: u64::MAX })).unwrap();
        assert!(!is_there(&file));
        close(file);
        std::fs::remove_file(&path).unwrap();
    }
}
