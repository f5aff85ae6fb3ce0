//! One instance for the whole program.

use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use festoon::{CreateError, Register, registry};

use super::Codec;

#[registry(args(size: usize, name: &'static str))]
pub(super) trait Service: Any + Send + Sync {
    fn describe(&self) -> String;
}

#[derive(Register)]
#[register(dyn Service, name = "pool", new = Self::open, singleton(4, "main"))]
struct Pool {
    size: usize,
    name: &'static str,
}

static OPENED: AtomicUsize = AtomicUsize::new(0);

impl Pool {
    fn open(size: usize, name: &'static str) -> Self {
        OPENED.fetch_add(1, Relaxed);
        Pool { size, name }
    }
}

impl Service for Pool {
    fn describe(&self) -> String {
        format!("{} of {}", self.name, self.size)
    }
}

#[derive(Register)]
#[register(dyn Service, name = "flaky", new = Self::open, singleton(0, ""))]
struct Flaky;

impl Flaky {
    fn open() -> Result<Self, std::io::Error> {
        static TRIES: AtomicUsize = AtomicUsize::new(0);
        if TRIES.fetch_add(1, Relaxed) == 0 { Err(std::io::Error::other("not yet")) } else { Ok(Flaky) }
    }
}

impl Service for Flaky {
    fn describe(&self) -> String {
        "flaky".to_owned()
    }
}

#[derive(Register)]
#[register(dyn Service, name = "ouroboros", new = Self::open, singleton(0, ""))]
struct Ouroboros;

impl Ouroboros {
    fn open() -> Result<Self, CreateError> {
        <dyn Service>::registry().singleton("ouroboros").map(|_| Ouroboros)
    }
}

impl Service for Ouroboros {
    fn describe(&self) -> String {
        unreachable!("it cannot be made")
    }
}

#[test]
fn a_singleton_is_made_once_by_whoever_asks_first() {
    let registry = <dyn Service>::registry();
    let instances: Vec<&'static dyn Service> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| registry.singleton("pool").unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(instances.iter().all(|one| std::ptr::addr_eq(*one, instances[0])));
    assert_eq!((instances[0].describe(), OPENED.load(Relaxed)), ("main of 4".to_owned(), 1));
    assert_eq!(registry.create("pool", (2, "other")).unwrap().describe(), "other of 2", "`create` makes its own");
}

#[test]
fn a_singleton_that_failed_is_tried_again() {
    let registry = <dyn Service>::registry();
    assert_eq!(registry.singleton("flaky").err().unwrap().to_string(), "cannot create `flaky`: not yet");
    assert_eq!(registry.singleton("flaky").unwrap().describe(), "flaky");
}

#[test]
fn a_singleton_that_needs_itself_is_an_error_and_no_deadlock() {
    let error = <dyn Service>::registry().singleton("ouroboros").err().unwrap();
    assert!(error.to_string().ends_with("its constructor requests the same singleton"), "{error}");
}

#[test]
fn what_is_no_singleton_says_so() {
    let error = <dyn Codec>::registry().singleton("upper").err().unwrap();
    assert_eq!(error.to_string(), "`upper` is not a singleton: register it with `singleton`, or use `create`");
    assert!(!<dyn Codec>::registry().get("upper").unwrap().is_singleton());
}
