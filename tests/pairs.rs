//! Every ordered pair of function decorators, and some common triples, each compared with the plain function: the same
//! value, the same effects, the same drops in the same order, and `Send` if the plain future is.

#[path = "pairs/told.rs"]
mod told;

use async_trait::async_trait;
use festoon::{
    AsyncDecorator, Call, Decorator, bulkhead, cached, circuit_breaker, decorate, fallback, invalidates, rate_limit,
    retry, timed,
};
use futures::executor::block_on;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use told::{Told, fresh, is_send, later, log, observed, told};

#[cached]
fn forgotten() -> u8 {
    1
}

struct Pass;

impl<R> Decorator<R> for Pass {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

impl<F: Future> AsyncDecorator<F> for Pass {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

type Outcome = Result<u32, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Debug)]
struct Wrong;

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wrong")
    }
}

impl std::error::Error for Wrong {}

struct Shop {
    first: Told,
    second: Told,
    count: u32,
}

fn shop() -> Shop {
    Shop { first: told(41), second: told(42), count: 0 }
}

#[async_trait]
trait Stock {
    async fn sold(&mut self, lock: (Told, Told), tx: Told, n: u32) -> Option<u32>;
}

/// A function whose parts are fragments.
macro_rules! made {
    ($(#[$attr:meta])* $name:ident($told:ident: $ty:ty, $n:ident) -> $output:ty $body:block) => {
        $(#[$attr])*
        pub fn $name($told: $ty, $n: u32) -> $output $body
    };
}

/// Functions of many kinds, decorated or not.
macro_rules! kinds {
    ($(#[$attr:meta])*) => {
        pub mod plain_function {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            fn pass<A, B, C, D>(next: impl FnOnce(A, B, C, D, u32) -> Option<u32>, a: A, b: B, c: C, d: D, n: u32) -> Option<u32> {
                next(a, b, c, d, n)
            }

            $(#[$attr])*
            pub fn call(lock: Told, (tx, _): (Told, Told), _: Told, _unused: Told, n: u32) -> Option<u32> {
                let local = told(1);
                log(100 + tx.0);
                Some(local.id() + told(2).id() + lock.0 + u32::from(n == u32::MAX))
            }
        }

        pub mod async_function {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            async fn pass<A, B, C, D>(next: impl AsyncFnOnce(A, B, C, D, u32) -> Option<u32>, a: A, b: B, c: C, d: D, n: u32) -> Option<u32> {
                next(a, b, c, d, n).await
            }

            $(#[$attr])*
            pub async fn call(lock: Told, (tx, _): (Told, Told), _: Told, _unused: Told, n: u32) -> Option<u32> {
                let local = told(1);
                log(later(100).await + tx.0);
                later(()).await;
                Some(local.id() + told(2).id() + lock.0 + u32::from(n == u32::MAX))
            }
        }

        pub mod methods {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            fn pass<A, R>(next: impl FnOnce(A, u32) -> R, a: A, n: u32) -> R {
                next(a, n)
            }

            pub trait Methods: Sized {
                fn changed(&mut self, told: Told, n: u32) -> Option<u32>;
                fn owned(self, told: Told, n: u32) -> Option<u32>;
                fn shared(self: Arc<Self>, told: Told, n: u32) -> Option<u32>;
                fn lent(&self, told: Told, n: u32) -> Option<u32>;
                fn count(&self) -> u32;

                $(#[$attr])*
                fn provided(&self, (told, _): (Told, Told), n: u32) -> Option<u32> {
                    log(told.0);
                    Some(told.0 + self.count() + u32::from(n == u32::MAX))
                }
            }

            impl Methods for Shop {
                $(#[$attr])*
                fn changed(&mut self, told: Told, n: u32) -> Option<u32> {
                    self.count += 1;
                    log(self.count);
                    Some(self.count + told.0 + u32::from(n == u32::MAX))
                }

                $(#[$attr])*
                fn owned(self, told: Told, n: u32) -> Option<u32> {
                    log(self.second.0);
                    Some(told.0 + u32::from(n == u32::MAX))
                }

                $(#[$attr])*
                fn shared(self: Arc<Self>, told: Told, n: u32) -> Option<u32> {
                    log(self.first.0);
                    Some(told.0 + u32::from(n == u32::MAX))
                }

                $(#[$attr])*
                fn lent(&self, told: Told, n: u32) -> Option<u32> {
                    Some(told.0 + self.count + u32::from(n == u32::MAX))
                }

                fn count(&self) -> u32 {
                    self.count
                }
            }
        }

        pub mod async_methods {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            async fn pass<R>(next: impl AsyncFnOnce(Told, u32) -> R, a: Told, n: u32) -> R {
                next(a, n).await
            }

            pub struct Own(pub Shop);

            impl Own {
                $(#[$attr])*
                pub async fn changed(&mut self, told: Told, n: u32) -> Option<u32> {
                    self.0.count += later(1).await;
                    Some(self.0.count + told.0 + u32::from(n == u32::MAX))
                }

                $(#[$attr])*
                pub async fn owned(self, told: Told, n: u32) -> Option<u32> {
                    log(self.0.second.0);
                    later(()).await;
                    Some(told.0 + u32::from(n == u32::MAX))
                }
            }
        }

        pub mod generic {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            fn pass<A, B, R>(next: impl FnOnce(A, B, u32) -> R, a: A, b: B, n: u32) -> R {
                next(a, b, n)
            }

            $(#[$attr])*
            pub fn call<const N: usize>(texts: [Told; N], size: impl Fn(u32) -> u32, n: u32) -> Option<u32> {
                Some(texts.iter().map(|text| size(text.0)).sum::<u32>() + u32::from(n == u32::MAX))
            }
        }

        pub mod boxed_by_hand {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            async fn pass<R>(next: impl AsyncFnOnce(Told, u32) -> R, told: Told, n: u32) -> R {
                next(told, n).await
            }

            $(#[$attr])*
            pub fn call(told: Told, n: u32) -> Pin<Box<dyn Future<Output = Option<u32>> + Send>> {
                Box::pin(async move {
                    later(()).await;
                    Some(told.id() + u32::from(n == u32::MAX))
                })
            }
        }

        pub mod made_by_a_macro {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            fn pass<A, R>(next: impl FnOnce(A, u32) -> R, a: A, n: u32) -> R {
                next(a, n)
            }

            made! {
                $(#[$attr])*
                call(told: Told, n) -> Option<u32> { Some(told.id() + u32::from(n == u32::MAX)) }
            }
        }

        pub mod coerced {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            async fn pass(next: impl AsyncFnOnce(Told, u32) -> Outcome, told: Told, n: u32) -> Outcome {
                next(told, n).await
            }

            $(#[$attr])*
            pub async fn call(told: Told, n: u32) -> Outcome {
                if n == u32::MAX {
                    return Err(Box::new(Wrong));
                }
                later(()).await;
                Ok(told.0)
            }
        }

        pub mod by_async_trait {
            use super::*;

            #[allow(dead_code, reason = "for `#[decorate(pass)]`")]
            async fn pass<A, B>(next: impl AsyncFnOnce(A, B, u32) -> Option<u32>, a: A, b: B, n: u32) -> Option<u32> {
                next(a, b, n).await
            }

            pub struct Own(pub u32);

            #[async_trait]
            impl Stock for Own {
                $(#[$attr])*
                async fn sold(&mut self, (lock, _): (Told, Told), tx: Told, n: u32) -> Option<u32> {
                    self.0 += 1;
                    later(()).await;
                    Some(self.0 + lock.id() + tx.id() + u32::from(n == u32::MAX))
                }
            }
        }
    };
}

macro_rules! outcomes {
    ($kinds:ident) => {{
        use $kinds::methods::Methods as _;
        use $kinds::{
            async_function, async_methods, boxed_by_hand, by_async_trait, coerced, generic, made_by_a_macro,
            plain_function,
        };
        let five = || (told(10), (told(20), told(21)), told(30), told(31), fresh());
        [
            observed(|| {
                let (a, b, c, d, n) = five();
                plain_function::call(a, b, c, d, n)
            }),
            observed(|| {
                let (a, b, c, d, n) = five();
                block_on(is_send(async_function::call(a, b, c, d, n)))
            }),
            observed(|| shop().changed(told(5), fresh())),
            observed(|| shop().owned(told(5), fresh())),
            observed(|| Arc::new(shop()).shared(told(5), fresh())),
            observed(|| shop().lent(told(5), fresh())),
            observed(|| shop().provided((told(3), told(4)), fresh())),
            observed(|| block_on(is_send(boxed_by_hand::call(told(5), fresh())))),
            observed(|| made_by_a_macro::call(told(5), fresh())),
            observed(|| block_on(is_send(async_methods::Own(shop()).changed(told(5), fresh())))),
            observed(|| block_on(is_send(async_methods::Own(shop()).owned(told(5), fresh())))),
            observed(|| generic::call([told(6), told(7)], |id| id * 2, fresh())),
            observed(|| block_on(is_send(coerced::call(told(8), fresh()))).ok()),
            observed(|| block_on(by_async_trait::Own(1).sold((told(9), told(10)), told(11), fresh()))),
        ]
    }};
}

mod undecorated {
    use super::*;

    kinds!();
}

macro_rules! pair {
    ($name:ident: $(#[$attr:meta])*) => {
        mod $name {
            use super::*;

            kinds!($(#[$attr])*);
        }

        #[test]
        fn $name() {
            for (at, (decorated, plain)) in IntoIterator::into_iter(outcomes!($name)).zip(outcomes!(undecorated)).enumerate() {
                assert_eq!(decorated, plain, "kind {at}");
            }
        }
    };
}

pair!(timed_layer: #[timed] #[decorate(layer = Pass)]);
pair!(timed_function: #[timed] #[decorate(pass)]);
pair!(timed_invalidates: #[timed] #[invalidates(forgotten, when = ok)]);
pair!(timed_cached: #[timed] #[cached(key = n)]);
pair!(timed_retry: #[timed] #[retry(wait = fixed(1ns))]);
pair!(layer_timed: #[decorate(layer = Pass)] #[timed]);
pair!(layer_function: #[decorate(layer = Pass)] #[decorate(pass)]);
pair!(layer_invalidates: #[decorate(layer = Pass)] #[invalidates(forgotten, when = ok)]);
pair!(layer_cached: #[decorate(layer = Pass)] #[cached(key = n)]);
pair!(layer_retry: #[decorate(layer = Pass)] #[retry(wait = fixed(1ns))]);
pair!(function_timed: #[decorate(pass)] #[timed]);
pair!(function_layer: #[decorate(pass)] #[decorate(layer = Pass)]);
pair!(function_invalidates: #[decorate(pass)] #[invalidates(forgotten, when = ok)]);
pair!(function_cached: #[decorate(pass)] #[cached(key = n)]);
pair!(function_retry: #[decorate(pass)] #[retry(wait = fixed(1ns))]);
pair!(invalidates_timed: #[invalidates(forgotten, when = ok)] #[timed]);
pair!(invalidates_layer: #[invalidates(forgotten, when = ok)] #[decorate(layer = Pass)]);
pair!(invalidates_function: #[invalidates(forgotten, when = ok)] #[decorate(pass)]);
pair!(invalidates_cached: #[invalidates(forgotten, when = ok)] #[cached(key = n)]);
pair!(invalidates_retry: #[invalidates(forgotten, when = ok)] #[retry(wait = fixed(1ns))]);
pair!(cached_timed: #[cached(key = n)] #[timed]);
pair!(cached_layer: #[cached(key = n)] #[decorate(layer = Pass)]);
pair!(cached_function: #[cached(key = n)] #[decorate(pass)]);
pair!(cached_invalidates: #[cached(key = n)] #[invalidates(forgotten, when = ok)]);
pair!(cached_retry: #[cached(key = n)] #[retry(wait = fixed(1ns))]);
pair!(retry_timed: #[retry(wait = fixed(1ns))] #[timed]);
pair!(retry_layer: #[retry(wait = fixed(1ns))] #[decorate(layer = Pass)]);
pair!(retry_invalidates: #[retry(wait = fixed(1ns))] #[invalidates(forgotten, when = ok)]);
pair!(timed_cached_retry: #[timed] #[cached(key = n)] #[retry(wait = fixed(1ns))]);
pair!(cached_retry_timed: #[cached(key = n)] #[retry(wait = fixed(1ns))] #[timed]);
pair!(invalidates_timed_retry: #[invalidates(forgotten, when = ok)] #[timed] #[retry(wait = fixed(1ns))]);
pair!(timed_layer_cached: #[timed] #[decorate(layer = Pass)] #[cached(key = n)]);
pair!(function_timed_layer: #[decorate(pass)] #[timed] #[decorate(layer = Pass)]);
pair!(fallback_retry_timed: #[fallback(0)] #[retry(wait = fixed(1ns))] #[timed]);
pair!(cached_fallback_layer: #[cached(key = n)] #[fallback(0)] #[decorate(layer = Pass)]);
pair!(invalidates_fallback_function: #[invalidates(forgotten, when = ok)] #[fallback(0)] #[decorate(pass)]);
pair!(timed_circuit_breaker_retry: #[timed] #[circuit_breaker] #[retry(wait = fixed(1ns))]);
pair!(retry_circuit_breaker_layer: #[retry(wait = fixed(1ns))] #[circuit_breaker(slow = 5s)] #[decorate(layer = Pass)]);
pair!(function_circuit_breaker_cached: #[decorate(pass)] #[circuit_breaker(window = 5s)] #[cached(key = n)]);
pair!(cached_rate_limit_bulkhead: #[cached(key = n)] #[rate_limit(1_000 / 1s, wait)] #[bulkhead(2)]);
pair!(bulkhead_rate_limit_invalidates: #[bulkhead(9, adaptive)] #[rate_limit(1_000 / 1s)] #[invalidates(forgotten, when = ok)]);
pair!(all_in_order: #[fallback(0)] #[timed] #[cached(key = n)] #[retry(wait = fixed(1ns))] #[circuit_breaker] #[rate_limit(1_000 / 1s)] #[bulkhead(9)] #[decorate(layer = Pass)]);

#[path = "pairs/interned.rs"]
mod interned;
#[path = "pairs/more.rs"]
mod more;
