//! `#[interned]` above and below each other decorator, compared with the plain function: it does not return the type
//! that its body evaluates to, so its functions are its own.

use festoon::{Interned, Refused, TimedOut, hedge, interned, offload, timeout, within};

use super::more::Quiet;
use super::*;

/// What a decorator may make of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault;

impl From<Refused> for Fault {
    fn from(_: Refused) -> Self {
        Fault
    }
}

impl From<TimedOut> for Fault {
    fn from(_: TimedOut) -> Self {
        Fault
    }
}

/// What the body evaluates to, or the result itself.
type Value = Result<u32, Fault>;

fn of_result(value: Result<Interned<u32>, Fault>) -> Value {
    value.map(|value| *value)
}

macro_rules! kinds {
    ($output:ty: $(#[$attr:meta])*) => {
        #[allow(dead_code)]
        fn pass<A, B, R>(next: impl FnOnce(A, B, u32) -> R, a: A, b: B, n: u32) -> R {
            next(a, b, n)
        }

        $(#[$attr])*
        pub fn call(lock: Told, (tx, _): (Told, Told), n: u32) -> Result<$output, Fault> {
            let local = told(1);
            log(100 + tx.0);
            if n == u32::MAX {
                return Err(Fault);
            }
            Ok(local.id() + told(2).id() + lock.0)
        }

        pub struct Own(pub Told);

        impl Own {
            $(#[$attr])*
            pub fn lent(&self, told: Told, _: Told, n: u32) -> Result<$output, Fault> {
                log(self.0.0);
                Ok(told.0 + u32::from(n == u32::MAX))
            }

            $(#[$attr])*
            pub fn owned(self, told: Told, _: Told, n: u32) -> Result<$output, Fault> {
                log(self.0.0);
                Ok(told.0 + u32::from(n == u32::MAX))
            }
        }

        pub mod later {
            use super::*;

            #[allow(dead_code)]
            async fn pass<A, B, R>(next: impl AsyncFnOnce(A, B, u32) -> R, a: A, b: B, n: u32) -> R {
                next(a, b, n).await
            }

            $(#[$attr])*
            pub async fn call(lock: Told, (tx, _): (Told, Told), n: u32) -> Result<$output, Fault> {
                let local = told(1);
                log(super::super::later(100).await + tx.0);
                Ok(local.id() + told(2).id() + lock.0 + u32::from(n == u32::MAX))
            }

            $(#[$attr])*
            pub fn boxed(told: Told, more: u32, n: u32) -> Pin<Box<dyn Future<Output = Result<$output, Fault>> + Send>> {
                Box::pin(async move {
                    super::super::later(()).await;
                    Ok(told.id() + more + u32::from(n == u32::MAX))
                })
            }
        }
    };
}

macro_rules! outcomes {
    ($kinds:ident, $value:expr) => {
        [
            observed(|| $value($kinds::call(told(10), (told(20), told(21)), fresh()))),
            observed(|| $value($kinds::Own(told(3)).lent(told(4), told(5), fresh()))),
            observed(|| $value($kinds::Own(told(3)).owned(told(4), told(5), fresh()))),
            observed(|| $value(block_on(is_send($kinds::later::call(told(10), (told(20), told(21)), fresh()))))),
            observed(|| $value(block_on(is_send($kinds::later::boxed(told(5), 6, fresh()))))),
        ]
    };
}

mod plain {
    use super::*;

    kinds!(u32:);
}

macro_rules! pair {
    ($name:ident: $(#[$attr:meta])*) => {
        mod $name {
            use super::*;

            kinds!(Interned<u32>: $(#[$attr])*);
        }

        #[test]
        fn $name() {
            assert_eq!(outcomes!($name, of_result), outcomes!(plain, |value: Value| value));
        }
    };
}

pair!(alone: #[interned]);
pair!(interned_timed: #[interned] #[timed]);
pair!(timed_interned: #[timed] #[interned]);
pair!(interned_layer: #[interned] #[decorate(layer = Pass)]);
pair!(layer_interned: #[decorate(layer = Pass)] #[interned]);
pair!(interned_function: #[interned] #[decorate(pass)]);
pair!(function_interned: #[decorate(pass)] #[interned]);
pair!(interned_invalidates: #[interned] #[invalidates(forgotten, when = ok)]);
pair!(invalidates_interned: #[invalidates(forgotten, when = ok)] #[interned]);
pair!(cached_interned: #[cached(key = n)] #[interned]);
pair!(interned_retry: #[interned] #[retry(wait = fixed(1ns))]);
pair!(retry_interned: #[retry(wait = fixed(1ns))] #[interned]);
pair!(interned_fallback: #[interned] #[fallback(0)]);
pair!(fallback_interned: #[fallback(Interned::new(0))] #[interned]);
pair!(interned_circuit_breaker: #[interned] #[circuit_breaker]);
pair!(circuit_breaker_interned: #[circuit_breaker] #[interned]);
pair!(interned_rate_limit: #[interned] #[rate_limit(1_000 / 1s)]);
pair!(rate_limit_interned: #[rate_limit(1_000 / 1s)] #[interned]);
pair!(interned_bulkhead: #[interned] #[bulkhead(9)]);
pair!(bulkhead_interned: #[bulkhead(9)] #[interned]);
pair!(interned_within: #[interned] #[within(Quiet)]);
pair!(within_interned: #[within(Quiet)] #[interned]);
pair!(between_others: #[timed] #[cached(key = n)] #[interned] #[retry(wait = fixed(1ns))] #[decorate(layer = Pass)]);

/// Async functions alone, of arguments that may be borrowed twice.
macro_rules! later_pair {
    ($name:ident: $(#[$attr:meta])*) => {
        #[test]
        fn $name() {
            $(#[$attr])*
            async fn call(text: &str, n: u32) -> Result<Interned<str>, Fault> {
                later(()).await;
                if n == 0 { Err(Fault) } else { Ok(format!("{text}{n}")) }
            }

            assert_eq!(block_on(is_send(call("a", 1))), Ok("a1".into()));
            assert_eq!(block_on(is_send(call("a", 0))), Err(Fault));
        }
    };
}

later_pair!(interned_timeout: #[interned] #[timeout(1m)]);
later_pair!(timeout_interned: #[timeout(1m)] #[interned]);
later_pair!(interned_hedge: #[interned] #[hedge(after = 1m, idempotent)]);
later_pair!(hedge_interned: #[hedge(after = 1m, idempotent)] #[interned]);

/// Sync functions that become async.
macro_rules! moved_pair {
    ($name:ident: $(#[$attr:meta])*) => {
        #[test]
        fn $name() {
            $(#[$attr])*
            fn call(text: String) -> Option<Interned<str>> {
                if text.is_empty() { None } else { Some(text) }
            }

            assert_eq!(block_on(is_send(call("a".to_owned()))), Some("a".into()));
            assert_eq!(block_on(is_send(call(String::new()))), None);
        }
    };
}

moved_pair!(interned_offload: #[interned] #[offload(pool = rayon)]);
moved_pair!(offload_interned: #[offload(pool = rayon)] #[interned]);
