//! `#[fallback]`: which calls fall back, to what, and what the closures see.

use std::cell::Cell;
use std::num::ParseIntError;

use festoon::{fallback, retry, testing, timed};
use futures::executor::block_on;

use crate::events;

#[fallback(80)]
fn port(text: &str) -> Result<u16, ParseIntError> {
    let port = text.parse()?;
    if port == 1 {
        return text.repeat(9).parse();
    }
    Ok(port)
}

#[test]
fn a_failure_gives_the_value_and_a_success_its_own() {
    assert_eq!((port("8080"), port("http"), port("1")), (Ok(8080), Ok(80), Ok(80)));
}

#[fallback(made(made_times))]
fn lazily(made_times: &Cell<u32>, fails: bool) -> Option<u32> {
    (!fails).then_some(0)
}

fn made(times: &Cell<u32>) -> u32 {
    times.set(times.get() + 1);
    times.get()
}

#[test]
fn the_value_is_made_for_a_failure_alone() {
    let times = Cell::new(0);
    assert_eq!((lazily(&times, false), times.get()), (Some(0), 0));
    assert_eq!((lazily(&times, true), lazily(&times, true)), (Some(1), Some(2)));
}

#[fallback(|error| error.to_string().len() + text.len() + more.len())]
fn by_error(text: &str, more: String) -> Result<usize, ParseIntError> {
    text.parse()
}

#[fallback(or_else = |error| if text.is_empty() { Ok(0) } else { Err(error) })]
fn or_else(text: &str) -> Result<usize, ParseIntError> {
    text.parse()
}

#[test]
fn closures_see_the_error_and_the_arguments() {
    assert_eq!(by_error("x", "ab".to_owned()), Ok("invalid digit found in string".len() + 3));
    assert_eq!((or_else(""), or_else("4")), (Ok(0), Ok(4)));
    assert!(or_else("x").is_err());
}

#[fallback(|_| Vec::new())]
fn uses_up(mut texts: Vec<String>, (index, _): (usize, u8)) -> Result<Vec<String>, String> {
    if index >= texts.len() {
        return Err(texts.concat());
    }
    texts.truncate(index);
    Ok(texts)
}

#[test]
fn a_body_may_use_up_what_the_fallback_does_not_need() {
    assert_eq!(uses_up(vec!["a".to_owned(), "b".to_owned()], (1, 0)), Ok(vec!["a".to_owned()]));
    assert_eq!(uses_up(vec![], (1, 0)), Ok(vec![]));
}

#[fallback(later(key).await)]
async fn awaits(key: &str) -> Option<usize> {
    later(key).await.checked_sub(9)
}

#[fallback(async |error: String| later(&error).await + key.len())]
async fn awaits_closure(key: String) -> Result<usize, String> {
    later(&key).await;
    Err("four".to_owned())
}

async fn later(key: &str) -> usize {
    std::future::ready(()).await;
    key.len()
}

#[test]
fn async_functions_await_their_fallback() {
    assert_eq!(block_on(awaits("tea")), Some(3));
    assert_eq!(block_on(awaits_closure("tea".to_owned())), Ok(7));
}

#[fallback(0)]
#[retry(attempts = 3, wait = fixed(1ms))]
fn after_all(calls: &Cell<u32>) -> Option<u32> {
    made(calls);
    None
}

#[test]
fn above_a_retry_it_is_used_when_all_attempts_have_failed() {
    let clock = testing::clock();
    let calls = Cell::new(0);
    assert_eq!((after_all(&calls), calls.get(), clock.sleeps().len()), (Some(0), 3, 2));
}

#[fallback(0)]
fn panics() -> Option<u32> {
    panic!("no failure")
}

#[test]
fn a_panic_is_no_failure() {
    assert!(std::panic::catch_unwind(panics).is_err());
}

struct Shop {
    price: u32,
    asked: u32,
}

#[fallback(self.price)]
impl Shop {
    fn shared(&self, n: u32) -> Option<u32> {
        n.checked_sub(self.price)
    }

    fn changed(&mut self, n: u32) -> Option<u32> {
        self.asked += 1;
        n.checked_sub(self.price)
    }

    async fn owned(self, n: u32) -> Option<u32> {
        later("").await;
        n.checked_sub(self.price)
    }

    #[timed]
    async fn changed_later(&mut self, n: u32) -> Option<u32> {
        self.asked += 1;
        later("").await;
        n.checked_sub(self.price)
    }
}

#[test]
fn methods_of_every_receiver_fall_back() {
    let mut shop = Shop { price: 5, asked: 0 };
    assert_eq!((shop.shared(7), shop.shared(1)), (Some(2), Some(5)));
    assert_eq!((shop.changed(1), block_on(shop.changed_later(1)), shop.asked), (Some(5), Some(5), 2));
    assert_eq!(block_on(shop.owned(1)), Some(5));
}

#[test]
fn each_use_is_told() {
    let told = events::of(|| drop((port("1"), port("2"))));
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("DEBUG festoon message=failed: its fallback is used"), "{told:?}");
    assert!(told[0].contains("fallback::port"), "{told:?}");
}
