//! Hits of any kind do not allocate.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use festoon::{Decorated, cached};

/// How many allocations the second to the hundredth call make, after a first one that fills the cache and a second that
/// is this thread's first hit.
fn allocations_of_hits<R>(call: impl Fn() -> R) -> u64 {
    drop((call(), call()));
    measure(|| (0..99).for_each(|_| drop(call()))).count_total
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations_of_hits(|| Box::new(3)), 99);
}

#[test]
fn numbers_bounded_unbounded_and_with_a_ttl() {
    #[cached]
    fn bounded(n: u64) -> u64 {
        n
    }
    #[cached(unbounded)]
    fn unbounded(n: u64) -> u64 {
        n
    }
    #[cached(policy = lru)]
    fn in_order(n: u64) -> u64 {
        n
    }
    #[cached(ttl = 1h)]
    fn expiring(n: u64) -> u64 {
        n
    }

    assert_eq!(allocations_of_hits(|| bounded(1)), 0);
    assert_eq!(allocations_of_hits(|| unbounded(1)), 0);
    assert_eq!(allocations_of_hits(|| in_order(1)), 0);
    assert_eq!(allocations_of_hits(|| expiring(1)), 0);
    assert_eq!(expiring.cache().info().hits, 100);
}

#[test]
fn borrowed_arguments() {
    #[cached]
    fn shapes(text: &str, list: &[String], maybe: Option<&str>, path: &Path, nested: &&str) -> usize {
        text.len() + list.len() + maybe.map_or(0, str::len) + path.as_os_str().len() + nested.len()
    }
    #[cached(key = text.trim())]
    fn trimmed(text: &str) -> Arc<str> {
        Arc::from(text.trim())
    }

    let list = ["a".to_owned(), "b".to_owned()];
    assert_eq!(allocations_of_hits(|| shapes("text", &list, Some("maybe"), Path::new("path"), &"nested")), 0);
    assert_eq!(allocations_of_hits(|| trimmed("  text ")), 0);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shop(String);

#[cached]
impl Shop {
    fn tax(&self, sku: &str) -> Result<usize, std::io::Error> {
        Ok(self.0.len() + sku.len())
    }
}

#[test]
fn methods_and_results() {
    let shop = Shop("here".to_owned());
    assert_eq!(allocations_of_hits(|| shop.tax("tea").unwrap()), 0);
}

#[test]
fn async_functions() {
    #[cached]
    async fn later(text: &str) -> usize {
        std::future::ready(text.len()).await
    }

    let call = || match pin!(later("tea")).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(length) => length,
        Poll::Pending => panic!("a hit waits for nothing"),
    };
    assert_eq!(allocations_of_hits(call), 0);
}

#[test]
fn values_with_every_kind_of_time() {
    #[cached(tti = 1h, ttl = 2h, jitter = 1m)]
    fn idle(n: u64) -> u64 {
        n
    }
    #[cached(ttl = 1h, stale = 1h, refresh_ahead = 1m)]
    fn refreshed(text: &str) -> usize {
        text.len()
    }
    #[cached(ttl = |n| std::time::Duration::from_secs(n.unwrap_or(1)), negative_ttl = 1m, stale_if_error = 1h)]
    fn negative(n: u64) -> Result<u64, u8> {
        n.checked_sub(1).ok_or(1)
    }

    assert_eq!(allocations_of_hits(|| idle(1)), 0);
    assert_eq!(allocations_of_hits(|| refreshed("tea")), 0);
    assert_eq!((allocations_of_hits(|| negative(0)), negative.cache().info().hits), (0, 100));
}

#[test]
fn values_that_are_weighed_or_in_exact_order() {
    #[cached(weigh = |n| usize::try_from(*n).unwrap(), max_weight = 1kb)]
    fn weighed(n: u64) -> u64 {
        n
    }
    #[cached(max = 10, policy = lru)]
    fn exact(text: &str, n: u64) -> usize {
        text.len() + usize::try_from(n).unwrap()
    }

    assert_eq!(allocations_of_hits(|| weighed(1)), 0);
    assert_eq!((allocations_of_hits(|| exact("tea", 1)), exact.cache().info().hits), (0, 100));
}

#[test]
fn values_of_a_thread_and_of_an_instance() {
    #[cached(scope = thread)]
    fn local(text: &str) -> usize {
        text.len()
    }
    #[cached(scope = thread, unbounded, ttl = 1h)]
    fn all(n: u64) -> u64 {
        n
    }
    struct Shelf {
        memo: festoon::Memo,
    }
    impl Shelf {
        #[cached(scope = instance, field = memo)]
        fn length(&self, text: &str) -> usize {
            text.len()
        }
    }

    let shelf = Shelf { memo: festoon::Memo::new() };
    assert_eq!(allocations_of_hits(|| local("tea")), 0);
    assert_eq!(allocations_of_hits(|| all(1)), 0);
    assert_eq!((allocations_of_hits(|| shelf.length("tea")), Shelf::length.cache().info().hits), (0, 100));
}
