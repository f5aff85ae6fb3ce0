//! A run ends when its value has been written to its store: a call before that waits for it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use festoon::{Decorated, cached};
use futures::executor::block_on;
use serde::{Deserialize, Serialize, Serializer};

use super::Runs;

thread_local! {
    /// Told when a value of this thread's is written, which goes on when it is told.
    static WRITING: RefCell<Option<(Sender<()>, Receiver<()>)>> = const { RefCell::new(None) };
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Slow(u32);

impl Serialize for Slow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some((writes, go_on)) = WRITING.take() {
            writes.send(()).unwrap();
            go_on.recv().unwrap();
        }
        self.0.serialize(serializer)
    }
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("festoon-writing-{}-{name}.redb", std::process::id()))
}

/// Two calls: the second one begins when the first one's value is being written.
fn call_while_the_first_writes(call: fn() -> Slow, in_flight: fn() -> usize) {
    let (writes, is_writing) = channel();
    let (go_on, goes_on) = channel();
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            WRITING.set(Some((writes, goes_on)));
            call()
        });
        is_writing.recv().unwrap();
        assert_eq!(in_flight(), 1);
        let second = scope.spawn(call);
        go_on.send(()).unwrap();
        assert_eq!((first.join().unwrap(), second.join().unwrap()), (Slow(7), Slow(7)));
    });
    assert_eq!(in_flight(), 0);
}

#[test]
fn a_call_waits_for_a_value_that_is_being_written() {
    static RUNS: Runs = Runs::new();
    #[cached(store = disk(file("sync")))]
    fn get() -> Slow {
        RUNS.one();
        Slow(7)
    }
    #[cached(store = disk(file("async")))]
    async fn later() -> Slow {
        RUNS.one();
        Slow(7)
    }

    call_while_the_first_writes(get, || get.cache().info().in_flight);
    assert_eq!(RUNS.count(), 1);
    call_while_the_first_writes(|| block_on(later()), || later.cache().info().in_flight);
    assert_eq!(RUNS.count(), 2);
    ["sync", "async"].iter().for_each(|name| std::fs::remove_file(file(name)).unwrap());
}

/// Another run that is under way when the first one finds that it must not write goes on as the only one.
#[test]
fn a_run_that_lost_its_place_leaves_the_next_one_alone() {
    static RUNS: Runs = Runs::new();
    #[cached(store = disk(file("lost")))]
    fn get() -> Slow {
        RUNS.one();
        Slow(7)
    }

    let (writes, is_writing) = channel();
    let (go_on, goes_on) = channel();
    let (writes_too, is_writing_too) = channel();
    let (go_on_too, goes_on_too) = channel();
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            WRITING.set(Some((writes, goes_on)));
            get()
        });
        is_writing.recv().unwrap();
        get.cache().invalidate(());
        let second = scope.spawn(move || {
            WRITING.set(Some((writes_too, goes_on_too)));
            get()
        });
        is_writing_too.recv().unwrap();
        go_on.send(()).unwrap();
        assert_eq!(first.join().unwrap(), Slow(7));
        assert_eq!(get.cache().info().in_flight, 1, "the second run is still the one that calls join");
        go_on_too.send(()).unwrap();
        assert_eq!(second.join().unwrap(), Slow(7));
    });
    assert_eq!((get(), RUNS.count()), (Slow(7), 2));
    std::fs::remove_file(file("lost")).unwrap();
}
