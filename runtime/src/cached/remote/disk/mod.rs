//! `store = disk("path")`: a file that outlives the process.

mod file;
mod records;
mod writer;

use std::collections::HashMap;
use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use self::file::File;
use self::writer::{Write, Writer};
use super::backend::{Answer, Backend, Found, How, News, Put, Turn};
use super::error::{StoreError, StoreErrorKind};
use super::lease::Lease;
use super::store::Store;
use crate::clock;
use crate::site::lock;

/// A file for `#[cached(store = EXPR)]`. All functions of a process that name the same one share it; another process
/// cannot use it at the same time.
///
/// A file that is damaged is moved aside, to the same name with `.damaged` behind it, and a new one is begun.
#[derive(Debug, Clone)]
pub struct Disk {
    path: PathBuf,
    max_size: u64,
}

impl Disk {
    /// The file, which is made when it is not there, with its folder.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Disk { path: path.as_ref().to_owned(), max_size: 256 << 20 }
    }

    /// How many bytes of keys and values it keeps at most, 256 MB without it; then the oldest have to go. The file itself
    /// can be up to about twice as large. Where several functions name one file, the first to be called says it.
    #[must_use]
    pub fn max_size(self, bytes: u64) -> Self {
        Disk { max_size: bytes, ..self }
    }
}

impl From<Disk> for Store {
    fn from(disk: Disk) -> Store {
        static FILES: Mutex<Option<HashMap<PathBuf, Arc<Open>>>> = Mutex::new(None);
        let path = match std::path::absolute(&disk.path) {
            Ok(path) => path,
            Err(error) => return Store::new(Err(StoreError::new(StoreErrorKind::Configuration, error.to_string()))),
        };
        let mut files = lock(&FILES);
        let open = files.get_or_insert_default().entry(path.clone());
        let open = open.or_insert_with(|| Arc::new(Open::new(File::new(path, disk.max_size))));
        Store::new(Ok(Arc::clone(open) as _))
    }
}

/// A file in use.
#[derive(Debug)]
struct Open {
    file: Arc<File>,
    writer: Writer,
    leases: Arc<Leases>,
}

/// Which run may write which entry: an entry that is removed while it is computed must not come back.
#[derive(Debug, Default)]
struct Leases {
    tokens: Mutex<HashMap<String, String>>,
    next: AtomicU64,
}

impl Open {
    fn new(file: File) -> Self {
        let file = Arc::new(file);
        Open { writer: Writer::new(Arc::clone(&file)), file, leases: Arc::default() }
    }

    /// Reads may wait for the disk, which must not hold an executor up.
    fn read<T: Send + 'static>(
        &self,
        how: How,
        read: impl FnOnce(&File) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<T> {
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

impl Leases {
    fn give(self: &Arc<Self>, name: String) -> Lease {
        let token = self.next.fetch_add(1, Relaxed).to_string();
        lock(&self.tokens).insert(name.clone(), token.clone());
        let (leases, own) = (Arc::clone(self), token.clone());
        Lease::new(token, move |_| {
            let mut tokens = lock(&leases.tokens);
            if tokens.get(&name).is_some_and(|token| *token == own) {
                tokens.remove(&name);
            }
        })
    }
}

impl Backend for Open {
    fn get(&self, how: How, name: String, _: bool) -> Answer<Option<Found>> {
        let now = now();
        self.read(how, move |file| file.read(&name, now))
    }

    /// The file belongs to this process, and of this process's calls one comes here.
    fn lead(&self, _: How, name: String) -> Answer<Turn> {
        Box::pin(ready(Ok(Turn::Lead(self.leases.give(name)))))
    }

    fn seize(&self, _: How, name: String) -> Answer<Lease> {
        Box::pin(ready(Ok(self.leases.give(name))))
    }

    fn put(&self, _: How, put: Put) -> Answer<bool> {
        let Put { name, entry, ttl, lease, .. } = put;
        let until = ttl.map_or(u64::MAX, |ttl| now().saturating_add(millis(ttl)));
        let mut tokens = lock(&self.leases.tokens);
        if tokens.get(&name).is_none_or(|token| token != lease.token()) {
            drop(tokens);
            return Box::pin(ready(Ok(false)));
        }
        tokens.remove(&name);
        let answer = self.writer.send(Write::Put { name, entry, until });
        drop(tokens);
        lease.settle();
        Box::pin(async { answer.await.map(|_| true) })
    }

    fn discard(&self, _: How, name: String, entry: Vec<u8>) -> Answer<()> {
        let answer = self.writer.send(Write::Discard { name, entry });
        Box::pin(async { answer.await.map(drop) })
    }

    fn remove(&self, _: How, name: String, _: News) -> Answer<bool> {
        let mut tokens = lock(&self.leases.tokens);
        tokens.remove(&name);
        self.writer.send(Write::Remove { name })
    }

    fn clear(&self, _: How, prefix: String, _: News) -> Answer<()> {
        let mut tokens = lock(&self.leases.tokens);
        tokens.retain(|name, _| !name.starts_with(&prefix));
        let answer = self.writer.send(Write::Clear { prefix });
        drop(tokens);
        Box::pin(async { answer.await.map(drop) })
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}

/// The time of day, in milliseconds; a virtual clock moves it on.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let moved = clock::current().map_or(Duration::ZERO, |clock| clock.elapsed());
    millis(since.saturating_add(moved))
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
