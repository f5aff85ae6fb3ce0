//! Futures that are boxed by hand.

use super::*;

#[timed]
fn by_hand(n: u8) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
    log("before");
    let next = n + 1;
    Box::pin(async move {
        log("inside");
        if next == 0 {
            return Err("zero".into());
        }
        Ok(next)
    })
}

#[timed]
fn bare(n: &u8) -> impl Future<Output = u8> + '_ {
    let next = *n + 1;
    async move {
        pause().await;
        next
    }
}

#[timed]
#[allow(unused_qualifications, reason = "as a user may write it")]
fn without_move() -> Pin<Box<dyn Future<Output = u8>>> {
    std::boxed::Box::pin(async { 5 })
}

#[test]
fn the_work_is_measured_and_not_the_boxing() {
    let future = by_hand(1);
    assert_eq!((take_log(), by_hand.timing().calls()), (vec!["before"], 0));
    assert_eq!((now(future), take_log(), by_hand.timing().calls()), (Ok(2), vec!["inside"], 1));
    assert_eq!(now(without_move()), 5);
    let mut future = Box::pin(bare(&1));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_ready());
    assert_eq!(without_move.timing().polls(), 1);
}
