//! Every way out of a function.

use super::*;

#[timed]
fn breaks(n: u8) -> Result<u8, String> {
    assert!(n > 0, "on purpose");
    Ok(n)
}

#[timed]
fn breaks_in_drop(n: u8) -> u8 {
    struct Breaks;
    impl Drop for Breaks {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }
    let _breaks = Breaks;
    n
}

#[timed]
async fn breaks_later(n: u8) -> u8 {
    pause().await;
    assert!(n > 0, "on purpose");
    n
}

#[test]
fn panics_are_counted_and_pass_through() {
    assert!(catch_unwind(|| breaks(0)).is_err());
    assert!(catch_unwind(|| breaks_in_drop(0)).is_err());
    let mut future = Box::pin(breaks_later(0));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context))).is_err());
    for outcomes in [breaks.timing().outcomes(), breaks_in_drop.timing().outcomes(), breaks_later.timing().outcomes()] {
        assert_eq!((outcomes.count(OutcomeKind::Panic), outcomes.total()), (1, 1));
    }
}

#[timed]
async fn waits(_tell: Tell) -> u8 {
    pause().await;
    1
}

#[test]
fn a_future_may_be_dropped_at_any_time() {
    drop(waits(Tell("unpolled")));
    assert_eq!((take_log(), waits.timing().calls()), (vec!["unpolled"], 0));
    let mut future = Box::pin(waits(Tell("polled")));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(future);
    assert_eq!(take_log(), ["polled"]);
    assert_eq!(waits.timing().outcomes().count(OutcomeKind::Cancelled), 1);
}

struct Temporary;

impl Temporary {
    fn get(&self) -> u8 {
        1
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        log("temporary");
    }
}

macro_rules! twins {
    ($(#[$timed:meta])? $module:ident) => {
        mod $module {
            use super::*;

            $(#[$timed])?
            pub fn plain(_a: Tell, _: Tell, _b: Tell) -> u8 {
                let _local = Tell("local");
                Temporary.get()
            }

            $(#[$timed])?
            pub fn result(a: Tell, _: Tell, b: Tell) -> Result<u8, ()> {
                let _local = (Tell("local"), &b, &a);
                Ok(Temporary.get())
            }

            $(#[$timed])?
            pub async fn later(a: Tell, _: Tell, b: Tell) -> Result<u8, ()> {
                let _local = (Tell("local"), &b, &a);
                Ok(Temporary.get())
            }
        }
    };
}

twins!(undecorated);
twins!(
    #[timed]
    decorated
);

#[test]
fn things_are_dropped_in_the_same_order() {
    macro_rules! order {
        ($run:expr) => {{
            let _ = $run(Tell("a"), Tell("nameless"), Tell("b"));
            take_log()
        }};
    }
    assert_eq!(order!(decorated::plain), order!(undecorated::plain));
    // Where a closure or a future holds the body, the arguments still come last; among themselves they may differ.
    let settled = |mut order: Vec<&'static str>| {
        order[2..].sort_unstable();
        order
    };
    assert_eq!(settled(order!(decorated::result)), settled(order!(undecorated::result)));
    let later = |a, nameless, b| now(undecorated::later(a, nameless, b));
    let decorated = |a, nameless, b| now(decorated::later(a, nameless, b));
    assert_eq!(settled(order!(decorated)), settled(order!(later)));
}
