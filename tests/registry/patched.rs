//! Temporary changes for one thread.

use super::Codec;
use super::singleton::Service;
use futures::executor::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

struct Fake(&'static str);

impl Codec for Fake {
    fn run(&self, text: &str) -> String {
        format!("{} {text}", self.0)
    }
}

impl Service for Fake {
    fn describe(&self) -> String {
        self.0.to_owned()
    }
}

fn run(name: &str) -> Option<String> {
    <dyn Codec>::registry().create(name, (1,)).ok().map(|codec| codec.run("x"))
}

#[test]
fn entries_are_replaced_added_and_removed_until_the_guard_is_dropped() {
    let registry = <dyn Codec>::registry();
    let before = registry.names();
    let asked = Arc::new(AtomicU32::new(0));
    let counter = asked.clone();
    let patched = registry.patched(|patch| {
        patch.set("upper", move |(level,)| {
            counter.fetch_add(level, Relaxed);
            Box::new(Fake("fake"))
        });
        patch.set("new", |_| Box::new(Fake("new"))).remove("Reverse");
        patch.try_set("broken", |_| Err("on purpose".to_owned()));
    });
    assert_eq!((run("upper"), run("new"), run("Reverse")), (Some("fake x".into()), Some("new x".into()), None));
    assert_eq!(run("up"), None, "the alias was that of the entry which is gone");
    assert_eq!(registry.create("broken", (1,)).err().unwrap().to_string(), "cannot create `broken`: on purpose");
    assert_eq!(registry.names(), ["zz_first", "broken", "new", "upper", "zz_last"]);
    assert_eq!(asked.load(Relaxed), 1);
    assert!(registry.get("new").unwrap().file().ends_with("patched.rs"));
    registry.check(&["upper", "new"]).unwrap();
    drop(patched);
    assert_eq!((run("upper"), registry.names()), (Some("X".into()), before));
}

#[test]
fn patches_nest_and_end_in_any_order() {
    let registry = <dyn Codec>::registry();
    let outer = registry.patched(|patch| _ = patch.set("a", |_| Box::new(Fake("outer"))));
    let inner = registry.patched(|patch| _ = patch.set("a", |_| Box::new(Fake("inner"))).remove("upper"));
    assert_eq!((run("a"), run("upper")), (Some("inner x".into()), None));
    drop(outer);
    assert_eq!((run("a"), run("upper")), (Some("inner x".into()), None));
    drop(inner);
    assert_eq!((run("a"), run("upper")), (None, Some("X".into())));
}

#[test]
fn other_threads_and_other_registries_do_not_see_a_patch() {
    let _patched = <dyn Codec>::registry().patched(|patch| _ = patch.remove("upper"));
    assert_eq!(run("upper"), None);
    assert_eq!(std::thread::spawn(|| run("upper")).join().unwrap(), Some("X".into()));
    assert!(<dyn Service>::registry().contains("pool"));
}

#[festoon::offload(pool = &ONE)]
fn run_elsewhere(name: &'static str) -> Option<String> {
    run(name)
}

struct OneThread;
static ONE: OneThread = OneThread;

impl festoon::Pool for OneThread {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        std::thread::spawn(job);
    }
}

#[test]
fn work_that_goes_elsewhere_takes_the_patches_along() {
    let patched = <dyn Codec>::registry().patched(|patch| _ = patch.set("upper", |_| Box::new(Fake("fake"))));
    assert_eq!(block_on(run_elsewhere("upper")), Some("fake x".into()));
    let handle = patched.handle();
    let there = std::thread::spawn(move || {
        let on_the_thread = handle.run(|| run("upper"));
        (on_the_thread, block_on(handle.scope(async { run("upper") })), run("upper"))
    });
    let fake = || Some("fake x".into());
    assert_eq!(there.join().unwrap(), (fake(), fake(), Some("X".into())));
    drop(patched);
    assert_eq!(block_on(run_elsewhere("upper")), Some("X".into()));
}

#[test]
fn a_panic_ends_a_patch() {
    let _ = std::panic::catch_unwind(|| {
        let _patched = <dyn Codec>::registry().patched(|patch| _ = patch.remove("upper"));
        panic!("on purpose");
    });
    assert!(run("upper").is_some());
}

#[test]
fn a_singleton_is_replaced_too() {
    let registry = <dyn Service>::registry();
    let _patched = registry.patched(|patch| _ = patch.set_singleton("pool", Box::new(Fake("fake pool"))));
    assert_eq!(registry.singleton("pool").unwrap().describe(), "fake pool");
    assert!(registry.create("pool", (1, "x")).is_err());
}
