//! `warn_over`: which calls emit an event, which one, and how often.

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

/// What a call does in its last moments must not end the process.
mod while_it_panics {
    use std::fmt;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use festoon::testing;
    use festoon::{Decorated, Guard, OutcomeKind, timed};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use crate::events;
    use crate::timed::takes;

    #[derive(Clone)]
    struct Loud;

    impl fmt::Debug for Loud {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("formatted")
        }
    }

    /// Panics at every event.
    struct Panics;

    impl Subscriber for Panics {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {
            panic!("told")
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    #[timed(warn_over = 1ms, warn_every = 0ms, args(loud))]
    fn shown(loud: &Loud, clock: &testing::Handle, panics: bool) {
        takes(clock, 5);
        assert!(!panics, "as asked: {}", size_of_val(loud));
    }

    #[timed(warn_over = 1ms, warn_every = 0ms)]
    fn plain(clock: &testing::Handle, panics: bool) {
        takes(clock, 5);
        assert!(!panics, "as asked");
    }

    #[timed(warn_over = 1ms, warn_every = 0ms, args(loud))]
    async fn later(loud: Loud, clock: &testing::Handle, panics: bool) {
        takes(clock, 5);
        assert!(!panics, "as asked: {}", size_of_val(&loud));
    }

    fn said(run: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_else(|| (*panic.downcast_ref::<&str>().unwrap()).to_owned())
    }

    #[test]
    fn arguments_that_cannot_be_shown_are_told_about_and_the_panic_goes_on() {
        let (clock, _own) = (testing::clock(), testing::recorder());
        let events = events::of(|| {
            assert_eq!(said(|| shown(&Loud, &clock, true)), "as asked: 0");
            assert_eq!(said(|| ::futures::executor::block_on(later(Loud, &clock, true))), "as asked: 0");
        });
        let told = events.iter().filter(|event| event.starts_with("ERROR") && event.contains("panicked: formatted"));
        assert_eq!(told.count(), 2, "{events:?}");
        assert_eq!((shown.timing().outcomes().panic(), later.timing().outcomes().panic()), (1, 1));
    }

    #[test]
    fn a_subscriber_that_panics_hides_no_panic() {
        let (clock, _own) = (testing::clock(), testing::recorder());
        tracing::subscriber::with_default(Panics, || {
            assert_eq!(said(|| plain(&clock, true)), "as asked");
            assert_eq!(said(|| shown(&Loud, &clock, true)), "as asked: 0");
            // Nothing else panics: the call itself does.
            assert_eq!(said(|| plain(&clock, false)), "told");
        });
        let outcomes = plain.timing().outcomes();
        assert_eq!((outcomes.panic(), outcomes.success()), (1, 1));
    }

    #[test]
    fn an_exit_and_the_subscriber_that_is_to_be_told_may_both_panic() {
        #[derive(Guard)]
        #[guard(exit = Self::exit)]
        struct Fails;

        impl Fails {
            fn exit(&mut self, how: OutcomeKind) {
                panic!("an exit by {how}")
            }
        }

        tracing::subscriber::with_default(Panics, || {
            let work = || {
                let _fails = Fails;
                panic!("as asked")
            };
            assert_eq!(said(work), "as asked");
        });
    }

    #[test]
    fn a_call_that_nobody_saw_the_end_of_is_not_running_for_ever() {
        let clock = testing::clock();
        festoon::timing::track_in_flight(true);
        let _panic = tracing::subscriber::with_default(Panics, || said(|| plain(&clock, false)));
        let thread = std::thread::current().name().map(str::to_owned);
        let mut running = festoon::timing::in_flight();
        running.retain(|call| call.thread.as_deref() == thread.as_deref());
        assert!(running.iter().all(|call| !call.name.ends_with("while_it_panics::plain")), "{running:?}");
    }
}
