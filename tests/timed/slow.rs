//! `warn_over`: which calls are told about, how, and how often.

use std::time::Duration;

use festoon::testing::{self, Handle};
use festoon::{Decorated, timed};

use super::{a_turn, takes};
use crate::events;

#[test]
fn slow_calls_are_told_about_with_their_arguments() {
    let clock = testing::clock();
    #[timed(name = "shop.price", warn_over = 20ms, args(id, lang.len(), tags))]
    fn price(id: u32, lang: &str, tags: Vec<&'static str>, clock: &Handle, millis: u32) -> Result<usize, String> {
        takes(clock, millis);
        drop(tags);
        if millis > 90 { Err(lang.to_owned()) } else { Ok(lang.len() + id as usize) }
    }
    let events = events::of(|| {
        let _ = price(1, "en", vec![], &clock, 19);
        let _ = price(2, "fr", vec!["x"], &clock, 30);
        clock.advance(Duration::from_secs(2));
        let _ = price(3, "de", vec!["y"], &clock, 100);
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("WARN festoon") && events[0].contains("function=\"shop.price\""), "{events:?}");
    assert!(events[0].contains("arguments=id = 2, lang.len() = 2, tags = [\"x\"]"), "{events:?}");
    assert!(events[0].contains("outcome=\"success\"") && events[1].contains("outcome=\"error\""), "{events:?}");
    assert_eq!(price.timing().calls(), 3);
}

#[test]
fn arguments_are_formatted_only_when_the_call_was_slow() {
    struct Loud;
    impl std::fmt::Debug for Loud {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("formatted")
        }
    }
    #[timed(warn_over = 1h, args(loud))]
    fn work(loud: &Loud) {
        let _ = loud;
    }
    work(&Loud);
    assert_eq!(work.timing().outcomes().success(), 1);
}

#[test]
fn warnings_are_rate_limited_and_say_what_was_suppressed() {
    let clock = testing::clock();
    #[timed(warn_over = 1ms, warn_every = 1m, target = "shop::slow", level = info)]
    async fn work(clock: &Handle) {
        takes(clock, 5);
        a_turn().await;
    }
    let events = events::of(|| {
        for _ in 0..4 {
            ::futures::executor::block_on(work(&clock));
        }
        clock.advance(Duration::from_secs(61));
        ::futures::executor::block_on(work(&clock));
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("INFO shop::slow") && events[0].contains("suppressed=0"), "{events:?}");
    assert!(events[1].contains("suppressed=3"), "{events:?}");
}
