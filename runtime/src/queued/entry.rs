//! The functions that a worker can run, listed when the program is loaded, and their queues.

use std::any::type_name;
use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use super::error::QueueError;
use crate::cached::Redis;
use crate::cached::jobs::Jobs;
use crate::calls::Reply;
use crate::site::function_of;
use crate::sync::lock;

/// A job that runs; nothing if it could not be started.
pub(super) type Run = Pin<Box<dyn Future<Output = Option<Reply>> + Send>>;

/// How the calls of a function are queued.
pub struct Spec {
    pub(super) name: &'static str,
    inside: fn() -> &'static str,
    pub(super) queue: &'static str,
    store: fn() -> Redis,
    pub(super) result_ttl: Duration,
    pub(super) max_deliveries: u64,
}

impl Spec {
    /// The name under which it is registered, and an item inside it.
    #[must_use]
    pub const fn new<F>(name: &'static str, _: &F) -> Self {
        Spec {
            name,
            inside: type_name::<F>,
            queue: "default",
            store: Redis::from_env,
            result_ttl: Duration::from_secs(600),
            max_deliveries: 5,
        }
    }

    /// The queue's name.
    ///
    /// # Panics
    /// If it is empty.
    #[must_use]
    pub const fn queue(self, queue: &'static str) -> Self {
        assert!(!queue.is_empty(), "a queue needs a name");
        Spec { queue, ..self }
    }

    /// Its server.
    #[must_use]
    pub const fn store(self, store: fn() -> Redis) -> Self {
        Spec { store, ..self }
    }

    /// How long a result is kept.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn result_ttl(self, result_ttl: Duration) -> Self {
        assert!(!result_ttl.is_zero(), "`result_ttl` has to be longer than zero");
        Spec { result_ttl, ..self }
    }

    /// How often a job is delivered.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub const fn max_deliveries(self, max_deliveries: u64) -> Self {
        assert!(max_deliveries > 0, "`max_deliveries` has to be at least 1");
        Spec { max_deliveries, ..self }
    }

    /// # Errors
    /// If no worker that is linked with the same functions could find this one by its name.
    pub(super) fn jobs(&self) -> Result<Arc<Jobs>, QueueError> {
        static AMBIGUOUS: LazyLock<HashSet<&str>> = LazyLock::new(ambiguous);
        if AMBIGUOUS.contains(self.name) {
            return Err(QueueError::Ambiguous(self.name.to_owned()));
        }
        jobs(&self.redis(), self.queue)
    }

    pub(super) fn redis(&self) -> Redis {
        (self.store)()
    }

    fn is_of(&self, function: &str) -> bool {
        let inside = (self.inside)();
        inside.rsplit_once("::").is_some_and(|(outer, _)| function_of(outer) == function)
    }
}

/// A function that runs in workers.
pub struct Entry {
    pub(super) spec: Spec,
    pub(super) run: fn(Vec<u8>, Option<Duration>) -> Run,
}

impl Entry {
    /// Runs with encoded arguments, within the time that is left.
    #[must_use]
    pub const fn new(spec: Spec, run: fn(Vec<u8>, Option<Duration>) -> Run) -> Self {
        Entry { spec, run }
    }

    /// How its calls are queued.
    #[must_use]
    pub const fn spec(&self) -> &Spec {
        &self.spec
    }
}

/// An [`Entry`] in the list.
pub struct Listed(pub &'static Entry);

inventory::collect!(Listed);

pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    inventory::iter::<Listed>().map(|listed| listed.0)
}

/// Is it the path of a function with `#[offload(queue)]`?
pub(super) fn is_queued(function: &str) -> bool {
    all().any(|entry| entry.spec.is_of(function))
}

/// All functions by name.
pub(super) fn by_name() -> Result<HashMap<&'static str, &'static Entry>, QueueError> {
    let mut names = HashMap::new();
    for entry in all() {
        if names.insert(entry.spec.name, entry).is_some() {
            return Err(QueueError::Ambiguous(entry.spec.name.to_owned()));
        }
    }
    Ok(names)
}

/// The names that more than one function has.
fn ambiguous() -> HashSet<&'static str> {
    let mut names = HashSet::new();
    all().map(|entry| entry.spec.name).filter(|name| !names.insert(*name)).collect()
}

/// The one of this name on this server in the process.
pub(super) fn jobs(redis: &Redis, queue: &str) -> Result<Arc<Jobs>, QueueError> {
    type All = HashMap<(Redis, String), Arc<Jobs>>;
    static ALL: Mutex<Option<All>> = Mutex::new(None);
    let mut all = lock(&ALL);
    let all = all.get_or_insert_default();
    let name = (redis.clone(), queue.to_owned());
    if let Some(jobs) = all.get(&name) {
        return Ok(Arc::clone(jobs));
    }
    let jobs = Arc::new(Jobs::new(redis, queue)?);
    all.insert(name, Arc::clone(&jobs));
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(_: Vec<u8>, _: Option<Duration>) -> Run {
        Box::pin(std::future::ready(None))
    }

    fn nowhere() -> Redis {
        Redis::new("redis://127.0.0.1:1")
    }

    static SAME: [Entry; 2] = [
        Entry::new(Spec::new("shop::send", &nowhere).store(nowhere), run),
        Entry::new(Spec::new("shop::send", &run).store(nowhere), run),
    ];
    static OTHER: Entry = Entry::new(Spec::new("shop::print", &nowhere).store(nowhere), run);

    inventory::submit! { Listed(&SAME[0]) }
    inventory::submit! { Listed(&SAME[1]) }
    inventory::submit! { Listed(&OTHER) }

    #[test]
    fn neither_a_call_nor_a_worker_takes_one_of_two_functions_with_the_same_name() {
        let ambiguous = Some(QueueError::Ambiguous("shop::send".to_owned()));
        assert_eq!(SAME[0].spec.jobs().err(), ambiguous);
        assert_eq!(SAME[1].spec.jobs().err(), ambiguous);
        assert_eq!(by_name().err(), ambiguous);
        assert_eq!(OTHER.spec.jobs().err(), None);
    }
}
