//! Each decorator on each kind of function, one test per cell. A cell is called twice with equal arguments; `runs` is
//! how often its body has run then, and the decorator's own check uses the function's handle. If a cell is impossible,
//! `ui/` has the message that the user sees: `ui/cached/opaque_result.rs`, `ui/cached/mutable_self.rs`.

mod with_interned;

use async_trait::async_trait;
use festoon::{
    AsyncDecorator, BreakerState, Call, Decorated, Decorator, Interned, Refused, bulkhead, cached, circuit_breaker,
    decorate, fallback, interned, invalidates, rate_limit, retry, timed,
};
use futures::executor::block_on;
use std::cell::Cell;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::thread::{self, ThreadId};

thread_local! {
    /// Each test has a thread of its own.
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

/// What a run ends in.
#[derive(Debug, Clone, PartialEq)]
struct Fault(String);

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Fault(refused.to_string())
    }
}

/// What every body does: its first runs fail.
fn run<T>(value: T, failures: u32) -> Result<T, Fault> {
    read_by(thread::current().id());
    let runs = RUNS.get() + 1;
    RUNS.set(runs);
    if runs > failures { Ok(value) } else { Err(Fault(format!("run {runs} fails"))) }
}

trait Prices {
    fn of_trait(&self, n: u32) -> Result<u32, Fault>;
}

#[async_trait]
trait Loads {
    async fn load(&self, n: u32) -> Result<u32, Fault>;
}

macro_rules! matrix {
    ($name:ident, #[$attr:meta], &mut self: #[$mutably:meta], failures = $failures:literal, runs = $runs:literal, $check:ident) => {
        mod $name {
            use super::*;

            #[$attr]
            fn sync(n: u32) -> Result<u32, Fault> {
                run(n, $failures)
            }

            #[test]
            fn sync_functions() {
                assert_eq!((sync(3), sync(3)), (Ok(3), Ok(3)));
                assert_eq!(RUNS.get(), $runs);
                $check!(sync);
            }

            #[$attr]
            async fn later(n: u32) -> Result<u32, Fault> {
                std::future::ready(()).await;
                run(n, $failures)
            }

            #[test]
            fn async_functions() {
                assert_eq!((block_on(later(3)), block_on(later(3))), (Ok(3), Ok(3)));
                assert_eq!(RUNS.get(), $runs);
                $check!(later);
            }

            #[derive(Debug, Clone, PartialEq, Eq, Hash)]
            struct Shop {
                price: u32,
            }

            impl Shop {
                #[$attr]
                fn by_ref(&self, n: u32) -> Result<u32, Fault> {
                    run(self.price + n, $failures)
                }

                #[$mutably]
                fn by_mut(&mut self, n: u32) -> Result<u32, Fault> {
                    self.price += 1;
                    run(self.price + n, $failures)
                }
            }

            #[test]
            fn methods_that_change() {
                let mut shop = Shop { price: 1 };
                let _ = (shop.by_mut(3), shop.by_mut(3));
                assert_eq!((RUNS.get(), shop.price), ($runs, 1 + $runs));
                $check!(Shop::by_mut);
            }

            #[test]
            fn methods() {
                let shop = Shop { price: 1 };
                assert_eq!((shop.by_ref(3), shop.by_ref(3)), (Ok(4), Ok(4)));
                assert_eq!(RUNS.get(), $runs);
                $check!(Shop::by_ref);
            }

            impl Prices for Shop {
                #[$attr]
                fn of_trait(&self, n: u32) -> Result<u32, Fault> {
                    run(self.price + n, $failures)
                }
            }

            #[test]
            fn methods_of_traits() {
                let shop = Shop { price: 1 };
                assert_eq!((shop.of_trait(3), shop.of_trait(3)), (Ok(4), Ok(4)));
                assert_eq!(RUNS.get(), $runs);
                $check!(<Shop as Prices>::of_trait);
            }

            #[$attr]
            fn generic<T, const N: usize>(value: T) -> Result<[String; N], Fault>
            where
                T: Clone + Debug + Display + Eq + Hash + Send + Sync + 'static,
            {
                run([(); N].map(|()| value.to_string()), $failures)
            }

            #[test]
            fn generic_functions() {
                assert_eq!((generic::<_, 1>(3), generic::<_, 1>(3)), (Ok(["3".to_owned()]), Ok(["3".to_owned()])));
                assert_eq!(RUNS.get(), $runs);
                $check!(generic::<i32, 1>);
            }

            #[$attr]
            fn borrowed(text: &str, numbers: &[u32]) -> Result<usize, Fault> {
                run(text.len() + numbers.len(), $failures)
            }

            #[test]
            fn borrowed_arguments() {
                let text = String::from("ab");
                assert_eq!((borrowed(&text, &[1]), borrowed(&text, &[1])), (Ok(3), Ok(3)));
                assert_eq!(RUNS.get(), $runs);
                $check!(borrowed);
            }

            #[async_trait]
            impl Loads for Shop {
                #[$attr]
                async fn load(&self, n: u32) -> Result<u32, Fault> {
                    std::future::ready(()).await;
                    run(self.price + n, $failures)
                }
            }

            #[test]
            fn async_trait_methods() {
                let shop = Shop { price: 1 };
                assert_eq!((block_on(shop.load(3)), block_on(shop.load(3))), (Ok(4), Ok(4)));
                assert_eq!(RUNS.get(), $runs);
                $check!(<Shop as Loads>::load);
            }
        }
    };
}

macro_rules! opaque {
    ($name:ident, #[$attr:meta], failures = $failures:literal, runs = $runs:literal, $check:ident) => {
        mod $name {
            use super::*;

            #[$attr]
            fn opaque(n: u32) -> Result<impl Display, Fault> {
                run(n, $failures)
            }

            #[test]
            fn opaque_results() {
                assert_eq!((opaque(3).unwrap().to_string(), opaque(3).unwrap().to_string()), ("3".into(), "3".into()));
                assert_eq!(RUNS.get(), $runs);
                $check!(opaque);
            }
        }
    };
}

macro_rules! timed_twice {
    ($function:expr) => {
        assert_eq!($function.timing().outcomes().success(), 2);
    };
}

macro_rules! recovered_once {
    ($function:expr) => {
        let retries = $function.retries();
        assert_eq!((retries.calls, retries.recovered, retries.gave_up), (2, 1, 0));
    };
}

macro_rules! closed_after_two {
    ($function:expr) => {
        let stats = $function.breaker().stats();
        assert_eq!((stats.calls, stats.failed, $function.breaker().state()), (2, 0, BreakerState::Closed));
    };
}

macro_rules! two_let_through {
    ($function:expr) => {
        assert_eq!($function.rate_limit().available(), 0);
    };
}

macro_rules! nobody_inside {
    ($function:expr) => {
        assert_eq!(($function.bulkhead().running(), $function.bulkhead().refused()), (0, 0));
    };
}

macro_rules! hit_once {
    ($function:expr) => {
        let info = $function.cache().info();
        assert_eq!((info.hits, info.misses, info.len), (1, 1, 1));
    };
}

/// Counts in `ENTERED`.
struct Count;

thread_local! {
    static ENTERED: Cell<u32> = const { Cell::new(0) };
}

impl<R> Decorator<R> for Count {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        ENTERED.set(ENTERED.get() + 1);
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Count {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        ENTERED.set(ENTERED.get() + 1);
        next.await
    }
}

macro_rules! entered_twice {
    ($function:expr) => {
        let _ = $function;
        assert_eq!(ENTERED.get(), 2);
    };
}

/// What a body reads and `#[invalidates]` forgets; for each test its own value.
#[cached]
fn read_by(thread: ThreadId) -> ThreadId {
    thread
}

macro_rules! forgotten_at_the_end {
    ($function:expr) => {
        let _ = $function;
        assert!(!read_by.cache().contains((thread::current().id(),)));
    };
}

/// The count of runs says it all.
macro_rules! ran {
    ($function:expr) => {
        let _ = $function;
    };
}

matrix!(with_invalidates, #[invalidates(read_by(thread::current().id()))], &mut self: #[invalidates(read_by(thread::current().id()), when = ok)], failures = 0, runs = 2, forgotten_at_the_end);
matrix!(with_timed, #[timed], &mut self: #[timed], failures = 0, runs = 2, timed_twice);
matrix!(with_cached, #[cached], &mut self: #[cached(skip(self))], failures = 0, runs = 1, hit_once);
matrix!(with_decorate, #[decorate(layer = Count)], &mut self: #[decorate(layer = Count)], failures = 0, runs = 2, entered_twice);
matrix!(with_retry, #[retry(wait = fixed(1ns))], &mut self: #[retry(wait = fixed(1ns))], failures = 1, runs = 3, recovered_once);
matrix!(with_circuit_breaker, #[circuit_breaker], &mut self: #[circuit_breaker], failures = 0, runs = 2, closed_after_two);
opaque!(with_circuit_breaker_opaque, #[circuit_breaker], failures = 0, runs = 2, closed_after_two);
matrix!(with_rate_limit, #[rate_limit(2 / 1h)], &mut self: #[rate_limit(2 / 1h)], failures = 0, runs = 2, two_let_through);
opaque!(with_rate_limit_opaque, #[rate_limit(2 / 1h)], failures = 0, runs = 2, two_let_through);
matrix!(with_bulkhead, #[bulkhead(1)], &mut self: #[bulkhead(1)], failures = 0, runs = 2, nobody_inside);
opaque!(with_bulkhead_opaque, #[bulkhead(1)], failures = 0, runs = 2, nobody_inside);
matrix!(with_fallback, #[fallback(or_else = Err)], &mut self: #[fallback(or_else = Err)], failures = 0, runs = 2, ran);
opaque!(with_fallback_opaque, #[fallback(or_else = Err)], failures = 0, runs = 2, ran);
opaque!(with_retry_opaque, #[retry(wait = fixed(1ns))], failures = 1, runs = 3, recovered_once);
opaque!(with_invalidates_opaque, #[invalidates(read_by(thread::current().id()))], failures = 0, runs = 2, forgotten_at_the_end);
opaque!(with_invalidates_when_ok_opaque, #[invalidates(read_by(thread::current().id()), when = ok)], failures = 0, runs = 2, forgotten_at_the_end);
opaque!(with_timed_opaque, #[timed], failures = 0, runs = 2, timed_twice);
opaque!(with_decorate_opaque, #[decorate(layer = Count)], failures = 0, runs = 2, entered_twice);
