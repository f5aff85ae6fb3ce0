//! What an async exit does when the future around its scope is dropped: a policy for each manager.

use std::sync::Arc;

use festoon::managers::{not_cancelled, spawned};
use festoon::{AsyncExit, AsyncManager, Outcome, Verdict, drain, with};

use super::{Failure, Log, Slow, block_on, cancel_after, failure, panic_of, pause};

async fn checked(log: &Log) -> Result<u8, Failure> {
    let name = with!(async active = not_cancelled(Slow(log.step("a"))) => {
        pause().await;
        active.0.0.name
    } else { "swallowed" });
    Ok(u8::from(name == "a"))
}

#[test]
fn a_debug_build_panics_where_nothing_may_be_cancelled() {
    let log = Log::default();
    assert_eq!(block_on(checked(&log)), Ok(1));
    assert_eq!(log.take(), ["+a", "-", "-a: success"]);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cancel_after(2, checked(&log))));
    let told = panic.map_err(|panic| panic.downcast_ref::<String>().unwrap().clone());
    assert!(told.unwrap_err().contains("the future around the scope of a `"));
    assert_eq!(log.take(), ["+a", "-a: cancelled"]);
    cancel_after(1, checked(&log));
    assert!(log.take().is_empty(), "nothing was entered");
    let unwinds = panic_of(|| {
        let mut future = Box::pin(checked(&log));
        for _ in 0..2 {
            let _ = future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
        }
        panic!("body")
    });
    assert_eq!(unwinds.as_deref(), Some("body"), "no second panic");
}

/// A [`Slow`] without borrows, and what its exit waits for.
#[derive(Clone)]
struct Lease(Arc<Log>, Arc<tokio::sync::Semaphore>);

impl AsyncManager for Lease {
    type Active = Lease;
    type EnterError = Failure;

    async fn enter(self) -> Result<Lease, Failure> {
        pause().await;
        Ok(self)
    }
}

impl AsyncExit<Failure> for Lease {
    async fn exit(self, how: Outcome<'_, Failure>) -> Result<Verdict<Failure>, Failure> {
        self.0.add(format!("- {}", how.name()));
        let _turn = self.1.acquire().await.unwrap();
        self.0.add("given back");
        Err(failure("exit"))
    }

    fn cancelled(self) {
        self.0.add("cancelled");
    }
}

impl Lease {
    fn cancel(&self) {
        let scope = spawned(self.clone()).scope_async(async |lease| {
            lease.0.add("body");
            std::future::pending::<()>().await;
            Ok::<_, Failure>(())
        });
        cancel_after(2, scope);
    }
}

/// One test: how many run is counted for the process.
#[test]
fn exits_go_on_as_tasks_and_are_waited_for() {
    let turns = Arc::new(tokio::sync::Semaphore::new(0));
    let lease = Lease(Arc::default(), turns.clone());
    lease.cancel();
    assert_eq!(lease.0.take(), ["body", "cancelled"], "there is no runtime");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        drain().await;
        lease.cancel();
        assert_eq!(lease.0.take(), ["body"]);
        let mut drained = Box::pin(drain());
        assert!(futures::poll!(drained.as_mut()).is_pending());
        tokio::task::yield_now().await;
        assert_eq!(lease.0.take(), ["- cancelled"]);
        turns.add_permits(1);
        tokio::task::yield_now().await;
        assert!(futures::poll!(drained.as_mut()).is_ready());
        assert_eq!(lease.0.take(), ["given back"]);
        (0..1_025).for_each(|_| lease.cancel());
        assert_eq!(lease.0.take().iter().filter(|told| *told == "cancelled").count(), 1, "no more than so many");
        drain().await;
        assert_eq!(lease.0.take().iter().filter(|told| *told == "given back").count(), 1_024);
        turns.forget_permits(1);
        lease.cancel();
    });
    drop(runtime);
    block_on(drain());
    assert_eq!(lease.0.take(), ["body"], "a runtime that is shut down drops it, and nobody waits for it");
    turns.add_permits(1);
    let ended = block_on(spawned(lease.clone()).scope_async(async |_| Ok::<_, Failure>(())));
    assert_eq!((ended, lease.0.take()), (Err(failure("exit")), vec!["- success".to_owned(), "given back".to_owned()]));
}
