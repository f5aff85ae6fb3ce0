//! The counts of interned values: the last user may disappear while another thread finds the value.

use shuttle::sync::atomic::{AtomicBool, Ordering::SeqCst};
use shuttle::thread;

use super::count::Count;
use crate::sync::{Arc, Mutex, lock};
use crate::{on_threads, orders};

/// A value in memory that is never freed, so that whoever comes too late is seen.
struct Node {
    count: Count,
    is_freed: AtomicBool,
}

/// The table of one value. Readers who find a node keep it from being freed until they have tried to count: see `hazard`.
#[derive(Default)]
struct Table(Mutex<Option<Arc<Node>>>);

/// A user of the value.
struct User<'t>(Arc<Node>, &'t Table);

impl Table {
    fn get(&self) -> User<'_> {
        let found = lock(&self.0).clone();
        thread::yield_now();
        match found.filter(|node| node.count.acquire()) {
            Some(node) => User(node, self),
            None => self.insert(),
        }
    }

    fn insert(&self) -> User<'_> {
        let mut table = lock(&self.0);
        let known = table.clone().filter(|node| node.count.acquire());
        let new = || Arc::new(Node { count: Count::new(), is_freed: AtomicBool::new(false) });
        User(Arc::clone(table.insert(known.unwrap_or_else(new))), self)
    }
}

impl User<'_> {
    fn is_of(&self, other: &User<'_>) -> bool {
        assert!(!self.0.is_freed.load(SeqCst) && !other.0.is_freed.load(SeqCst), "used after its end");
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Drop for User<'_> {
    fn drop(&mut self) {
        if self.0.count.release() {
            thread::yield_now();
            let mut table = lock(&self.1.0);
            if table.as_ref().is_some_and(|node| Arc::ptr_eq(node, &self.0)) && self.0.count.end() {
                *table = None;
                assert!(!self.0.is_freed.swap(true, SeqCst), "freed twice");
            }
        }
    }
}

#[test]
fn all_users_have_one_value_and_the_last_one_frees_it() {
    orders(8_000, || {
        let table = Arc::new(Table::default());
        let run = |rounds| {
            let table = Arc::clone(&table);
            move || {
                for _ in 0..rounds {
                    let one = table.get();
                    let other = table.get();
                    assert!(one.is_of(&other), "two equal values at a time");
                    drop(one);
                    assert!(other.is_of(&other));
                }
            }
        };
        on_threads([run(2), run(2), run(1)]);
        assert!(lock(&table.0).is_none(), "nobody has freed it");
    });
}
