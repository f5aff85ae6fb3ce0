//! `#[timed(span(..))]` above and below other decorators.

use std::cell::Cell;

use festoon::{Decorated, cached, retry, timed};
use futures::executor::block_on;

use super::a_turn;
use super::span_log::Log;

#[test]
fn a_retry_above_gets_a_span_per_attempt_and_below_one_for_all() {
    fn fails(attempts: &Cell<u8>) -> Result<u8, u8> {
        attempts.set(attempts.get() + 1);
        if attempts.get() < 3 { Err(attempts.get()) } else { Ok(attempts.get()) }
    }
    #[retry(attempts = 3)]
    #[timed(span(fields(n = attempts.get()), err(level = warn), outcome))]
    fn each(attempts: &Cell<u8>) -> Result<u8, u8> {
        fails(attempts)
    }
    #[timed(span(fields(n = attempts.get()), err, ret, outcome))]
    #[retry(attempts = 3)]
    fn all(attempts: &Cell<u8>) -> Result<u8, u8> {
        fails(attempts)
    }
    let spans = |log: &[String]| log.iter().filter(|line| line.starts_with("new ")).count();
    let each = Log::of(|| assert!(each(&Cell::default()).is_ok()));
    let all = Log::of(|| assert!(all(&Cell::default()).is_ok()));
    assert_eq!((spans(&each), spans(&all)), (3, 1));
    assert_eq!(each.iter().filter(|line| line.starts_with("event in each, WARN")).count(), 2, "{each:?}");
    assert!(all.iter().any(|line| line.ends_with("return: debug = 3")), "{all:?}");
}

#[test]
fn beside_a_cache_and_a_decorator_of_ones_own() {
    async fn around(call: impl AsyncFnOnce(String, u8) -> usize, sku: String, shared: u8) -> usize {
        tracing::info!("around");
        call(sku, shared).await
    }
    #[timed(span(fields(sku, shared), ret))]
    #[festoon::decorate(around)]
    #[cached(max = 4)]
    async fn price(sku: String, shared: u8) -> usize {
        let _ = shared;
        a_turn().await;
        sku.len()
    }
    let log = Log::of(|| {
        for _ in 0..2 {
            assert_eq!(block_on(price("tea".to_owned(), 2)), 3);
        }
    });
    assert_eq!(log.iter().filter(|line| line.contains("sku: str = tea shared: u64 = 2")).count(), 2, "{log:?}");
    assert_eq!(log.iter().filter(|line| line.ends_with("return: debug = 3")).count(), 2, "{log:?}");
    assert_eq!(price.timing().calls(), 2);
}
