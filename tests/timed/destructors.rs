//! Calls that start in a destructor, while the thread is already unwinding.

use std::panic::{AssertUnwindSafe, catch_unwind};

use festoon::{Decorated, timed};
use futures::executor::block_on;

fn end(end: u32) -> Result<u32, u32> {
    match end {
        0 => panic!("inside of another one"),
        1 => Err(1),
        _ => Ok(end),
    }
}

#[timed]
fn plain(of: u32) -> Result<u32, u32> {
    end(of)
}

#[timed(warn_over = 1h, args(of))]
fn showing(of: u32) -> Result<u32, u32> {
    end(of)
}

#[timed(sample = 1/4)]
fn sampled(of: u32) -> Result<u32, u32> {
    end(of)
}

#[timed]
async fn later(of: u32) -> u32 {
    end(of).unwrap_or(of)
}

#[test]
fn a_call_from_a_destructor_during_a_panic_is_a_success() {
    #[timed]
    fn clean_up() {}
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            clean_up();
        }
    }
    let _ = catch_unwind(|| {
        let _guard = Guard;
        panic!("as asked");
    });
    assert_eq!((clean_up.timing().outcomes().success(), clean_up.timing().outcomes().panic()), (1, 0));
}

/// How calls end that begin while the thread unwinds is known where something is looked at when they return.
#[test]
fn a_call_that_panics_in_a_destructor_during_a_panic_is_a_panic() {
    struct Calls;
    impl Drop for Calls {
        fn drop(&mut self) {
            assert!(std::thread::panicking());
            for end in (0..3).cycle().take(60) {
                let calls: [&dyn Fn(); 4] =
                    [&|| _ = plain(end), &|| _ = showing(end), &|| _ = sampled(end), &|| _ = block_on(later(end))];
                for call in calls {
                    assert_eq!(catch_unwind(AssertUnwindSafe(call)).is_err(), end == 0);
                }
            }
        }
    }
    let _ = catch_unwind(|| {
        let _calls = Calls;
        panic!("as asked");
    });
    for timing in [plain.timing(), showing.timing(), sampled.timing()] {
        let ends = timing.outcomes();
        assert_eq!((ends.success(), ends.error(), ends.panic()), (20, 20, 20), "{timing:?}");
    }
    assert_eq!((later.timing().outcomes().success(), later.timing().outcomes().panic()), (40, 20));
}
