//! Stacks with what is not in every row of the matrix: `stack!`, `cfg_attr`, `#[tracing::instrument]`, `#[tokio::test]`,
//! `timeout`, `hedge`, `within`, `offload`, options of `retry`, borrowed and opaque results.
#![allow(clippy::ignored_unit_patterns, reason = "a hook for functions of several error types")]

use std::convert::Infallible;
use std::fmt::Display;

use festoon::{Exit, Manager, Outcome as How, Verdict, hedge, offload, stack, timeout, within};

use super::*;

pub(super) struct Quiet;

impl Manager for Quiet {
    type Active = Quiet;
    type EnterError = Infallible;

    fn enter(self) -> Result<Quiet, Infallible> {
        Ok(self)
    }
}

impl<E> Exit<E> for Quiet {
    fn exit(self, _: How<'_, E>) -> Result<Verdict<E>, E> {
        Ok(Verdict::Pass)
    }
}

stack! { named = #[timed] #[retry(wait = fixed(1ns))] }

pair!(stack_alone: #[decorate(named!)]);
pair!(stack_cached: #[decorate(named!)] #[cached(key = n)]);
pair!(layer_stack: #[decorate(layer = Pass)] #[decorate(named!)]);
pair!(cfg_attr: #[cfg_attr(all(), timed)] #[cfg_attr(any(), cached)] #[cfg_attr(all(), decorate(layer = Pass))]);
pair!(timed_within: #[timed] #[within(Quiet)]);
pair!(within_cached_layer: #[within(Quiet)] #[cached(key = n)] #[decorate(layer = Pass)]);
pair!(retry_within: #[retry(wait = fixed(1ns))] #[within(Quiet)]);
pair!(retry_with_options: #[retry(attempts = 2, until = |_| true, within = 1m, jitter = full, before_sleep = |_, _| ())] #[timed]);
pair!(cached_retry_with_waits: #[cached(key = n)] #[retry(wait = fibonacci(1ns, max = 3ns), on_give_up = |_| ())]);

/// `instrument` has an order of drops of its own: what a decorator around it may not change.
mod instrumented {
    use super::*;

    kinds!(#[tracing::instrument(skip_all)]);
}

macro_rules! instrumented {
    ($name:ident: $(#[$attr:meta])*) => {
        mod $name {
            use super::*;

            kinds!($(#[$attr])*);
        }

        #[test]
        fn $name() {
            for (at, (decorated, plain)) in IntoIterator::into_iter(outcomes!($name)).zip(outcomes!(instrumented)).enumerate() {
                assert_eq!(decorated, plain, "kind {at}");
            }
        }
    };
}

instrumented!(timed_instrument: #[timed] #[tracing::instrument(skip_all)]);
instrumented!(layer_instrument: #[decorate(layer = Pass)] #[tracing::instrument(skip_all)]);
instrumented!(cached_timed_instrument: #[cached(key = n)] #[timed] #[tracing::instrument(skip_all)]);

/// Async functions alone.
macro_rules! later_kinds {
    ($(#[$attr:meta])*) => {
        #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
        async fn pass<A, B>(next: impl AsyncFnOnce(A, B, u32) -> Option<u32>, a: A, b: B, n: u32) -> Option<u32> {
            next(a, b, n).await
        }

        $(#[$attr])*
        pub async fn call(lock: Told, (tx, _): (Told, Told), n: u32) -> Option<u32> {
            let local = told(1);
            log(later(100).await + tx.0);
            Some(local.id() + told(2).id() + lock.0 + u32::from(n == u32::MAX))
        }

        $(#[$attr])*
        pub fn boxed(told: Told, _: Told, n: u32) -> Pin<Box<dyn Future<Output = Option<u32>> + Send>> {
            Box::pin(async move {
                // Only now, long after `_` was dropped.
                log(200);
                later(()).await;
                Some(told.id() + u32::from(n == u32::MAX))
            })
        }

        pub struct Own(pub u32);

        #[async_trait]
        impl Stock for Own {
            $(#[$attr])*
            async fn sold(&mut self, (lock, _): (Told, Told), tx: Told, n: u32) -> Option<u32> {
                self.0 += 1;
                later(()).await;
                Some(self.0 + lock.0 + tx.0 + u32::from(n == u32::MAX))
            }
        }
    };
}

macro_rules! later_outcomes {
    ($kinds:ident) => {
        [
            observed(|| block_on(is_send($kinds::call(told(10), (told(20), told(21)), fresh())))),
            observed(|| block_on(is_send($kinds::boxed(told(5), told(6), fresh())))),
            observed(|| block_on($kinds::Own(1).sold((told(9), told(10)), told(11), fresh()))),
        ]
    };
}

mod plain_later {
    use super::*;

    later_kinds!();
}

macro_rules! later_pair {
    ($name:ident: $(#[$attr:meta])*) => {
        mod $name {
            use super::*;

            later_kinds!($(#[$attr])*);
        }

        #[test]
        fn $name() {
            assert_eq!(later_outcomes!($name), later_outcomes!(plain_later));
        }
    };
}

later_pair!(function_alone: #[decorate(pass)]);
later_pair!(function_timeout: #[decorate(pass)] #[timeout(1m)]);
later_pair!(timed_function_later: #[timed] #[decorate(pass)]);
later_pair!(timeout_alone: #[timeout(1m)]);
later_pair!(timed_timeout: #[timed] #[timeout(1m)]);
later_pair!(timeout_timed: #[timeout(1m)] #[timed]);
later_pair!(cached_timeout: #[cached(key = n)] #[timeout(1m)]);
later_pair!(timeout_cached: #[timeout(1m)] #[cached(key = n)]);
later_pair!(retry_timeout: #[retry(wait = fixed(1ns))] #[timeout(1m)]);
later_pair!(timeout_retry: #[timeout(1m)] #[retry(wait = fixed(1ns), timeout = 30s)]);
later_pair!(layer_timeout: #[decorate(layer = Pass)] #[timeout(1m)]);
later_pair!(timeout_layer: #[timeout(1m)] #[decorate(layer = Pass)]);
later_pair!(timeout_function: #[timeout(1m)] #[decorate(pass)]);
later_pair!(invalidates_timeout: #[invalidates(forgotten)] #[timeout(1m)]);
later_pair!(timeout_fallback: #[timeout(1m)] #[fallback(0)]);
later_pair!(bulkhead_timeout_within: #[bulkhead(9)] #[timeout(1m)] #[within(Quiet)]);
later_pair!(span_of_all: #[timed(span)] #[cached(key = n)] #[timeout(1m)] #[circuit_breaker] #[decorate(layer = Pass)]);

/// What two calls at once may share.
mod hedged {
    use super::*;

    macro_rules! hedged {
        ($($name:ident: $(#[$attr:meta])*)+) => { $(
            #[test]
            fn $name() {
                $(#[$attr])*
                async fn call(text: String, n: &mut [u32; 0], unit: &str) -> Option<usize> {
                    later(()).await;
                    Some(text.len() + n.len() + unit.len())
                }
                assert_eq!(block_on(is_send(call("abc".to_owned(), &mut [], "d"))), Some(4));
            }
        )+ };
    }

    hedged! {
        timed_alone: #[timed]
        timed_cached: #[timed] #[cached(skip(n))]
    }

    macro_rules! shared {
        ($($name:ident: $(#[$attr:meta])*)+) => { $(
            #[test]
            fn $name() {
                $(#[$attr])*
                async fn call(text: String, unit: &str) -> Option<usize> {
                    later(()).await;
                    Some(text.len() + unit.len())
                }
                assert_eq!(block_on(is_send(call("abc".to_owned(), "d"))), Some(4));
            }
        )+ };
    }

    shared! {
        hedge_alone: #[hedge(after = 1m, idempotent)]
        timed_hedge: #[timed] #[hedge(after = 1m, idempotent)]
        hedge_timed: #[hedge(after = 1m, idempotent)] #[timed]
        cached_hedge_retry: #[cached] #[hedge(after = 1m, idempotent)] #[retry(wait = fixed(1ns))]
        retry_hedge_layer: #[retry(wait = fixed(1ns))] #[hedge(after = 1m, idempotent)] #[decorate(layer = Pass)]
        timeout_hedge_cached: #[timeout(1m)] #[hedge(after = 1m, idempotent)] #[cached]
        fallback_hedge_timeout: #[fallback(0)] #[hedge(after = 1m, idempotent)] #[timeout(1m)]
        bulkhead_hedge_breaker: #[bulkhead(9)] #[hedge(after = 1m, idempotent)] #[circuit_breaker]
    }
}

/// A plain function that becomes an async one, with layers on both of its sides.
mod offloaded {
    use super::*;

    macro_rules! offloaded {
        ($($name:ident: $(#[$attr:meta])*)+) => { $(
            #[test]
            fn $name() {
                $(#[$attr])*
                fn call<const N: usize>(texts: [String; N], (n, _): (u32, String)) -> Option<usize> {
                    Some(texts.iter().map(String::len).sum::<usize>() + n as usize)
                }
                let texts = || ["a".to_owned(), "bc".to_owned()];
                for _ in 0..2 {
                    assert_eq!(block_on(is_send(call(texts(), (3, String::new())))), Some(6));
                }
            }
        )+ };
    }

    offloaded! {
        alone: #[offload]
        timed_offload: #[timed] #[offload]
        offload_timed: #[offload] #[timed]
        cached_offload: #[cached] #[offload]
        offload_cached: #[offload] #[cached]
        layer_offload_layer: #[decorate(layer = Pass)] #[offload] #[decorate(layer = Pass)]
        timeout_offload: #[timeout(1m)] #[offload]
        offload_retry: #[offload] #[retry(wait = fixed(1ns))]
        fallback_offload_timed: #[fallback(0)] #[offload] #[timed]
        bulkhead_offload_breaker: #[bulkhead(9)] #[offload] #[circuit_breaker]
        invalidates_offload_within: #[invalidates(forgotten)] #[offload] #[within(Quiet)]
        span_cached_offload: #[timed(span)] #[cached] #[timeout(1m)] #[offload]
    }
}

/// Results that borrow, and those whose type has no name.
mod borrowed {
    use super::*;

    macro_rules! borrowed {
        ($($name:ident: $(#[$attr:meta])*)+) => { $(
            #[test]
            fn $name() {
                struct Shop(String);

                impl Shop {
                    $(#[$attr])*
                    fn part(&self, n: usize) -> Option<&str> {
                        self.0.get(n..)
                    }

                    $(#[$attr])*
                    async fn later(&self, n: usize) -> Option<&str> {
                        later(self.0.get(n..)).await
                    }
                }

                $(#[$attr])*
                fn longest<'a>(one: &'a str, other: &str, n: usize) -> Option<&'a str> {
                    if other.len() > n { None } else { Some(one) }
                }

                $(#[$attr])*
                fn opaque(text: &str) -> Option<impl Iterator<Item = char> + '_> {
                    Some(text.chars())
                }

                $(#[$attr])*
                async fn opaque_later(text: impl Display) -> Option<impl Display> {
                    later(Some(text.to_string())).await
                }

                let shop = Shop("abc".to_owned());
                assert_eq!((shop.part(1), block_on(is_send(shop.later(2)))), (Some("bc"), Some("c")));
                assert_eq!(longest("abc", &String::from("de"), 9), Some("abc"));
                assert_eq!(opaque("abc").map(Iterator::count), Some(3));
                assert_eq!(block_on(is_send(opaque_later(7))).map(|it| it.to_string()).as_deref(), Some("7"));
            }
        )+ };
    }

    borrowed! {
        timed_alone: #[timed]
        retry_timed: #[retry(wait = fixed(1ns))] #[timed]
        timed_retry_layer: #[timed] #[retry(wait = fixed(1ns))] #[decorate(layer = Pass)]
        invalidates_timed: #[invalidates(forgotten, when = ok)] #[timed]
        bulkhead_retry: #[bulkhead(9)] #[retry(wait = fixed(1ns))]
        breaker_limit_within: #[circuit_breaker] #[rate_limit(1_000 / 1s)] #[within(Quiet)]
    }
}

/// Tests are functions, too.
mod tests_of_tokio {
    use super::*;

    #[timed]
    #[tokio::test]
    async fn above() -> Result<(), Wrong> {
        tokio::task::yield_now().await;
        Ok(())
    }

    #[tokio::test]
    #[timed]
    #[retry(wait = fixed(1ns))]
    async fn below() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        tokio::task::yield_now().await;
        Ok(())
    }

    #[tokio::test]
    #[decorate(named!)]
    async fn with_a_stack() -> Result<(), String> {
        tokio::task::yield_now().await;
        Ok(())
    }
}
