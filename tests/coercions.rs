//! The value of a body is coerced to the function's return type, as without a decorator.

use std::sync::Arc;

use festoon::{AsyncDecorator, Call, Decorator, cached, decorate, invalidates, retry, timed};
use futures::executor::block_on;

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

fn around<R>(next: impl FnOnce(bool) -> R, early: bool) -> R {
    next(early)
}

async fn around_later<R>(next: impl AsyncFnOnce(bool) -> R, early: bool) -> R {
    next(early).await
}

async fn by_future<F: Future>(next: impl FnOnce(bool) -> F, early: bool) -> F::Output {
    next(early).await
}

#[cached]
fn forgotten() -> u8 {
    1
}

type Calls = Box<dyn Fn(u8) -> u8>;

fn double(n: u8) -> u8 {
    n * 2
}

/// Each type twice: as the last expression, and by a `return`.
macro_rules! coerced {
    ($name:ident: $(#[$sync:meta])+ / $(#[$later:meta])+) => {
        mod $name {
            use super::*;

            $(#[$sync])+
            fn closure(early: bool) -> Calls {
                if early {
                    return Box::new(double);
                }
                Box::new(|n| n * 2)
            }

            $(#[$later])+
            async fn closure_later(early: bool) -> Calls {
                if early {
                    return Box::new(double);
                }
                Box::new(|n| n * 2)
            }

            $(#[$sync])+
            fn slice(early: bool) -> Arc<[u8]> {
                if early {
                    return Arc::new([2]);
                }
                Arc::new([2, 2])
            }

            $(#[$later])+
            async fn slice_later(early: bool) -> Arc<[u8]> {
                if early {
                    return Arc::new([2]);
                }
                Arc::new([2, 2])
            }

            $(#[$sync])+
            fn pointer(early: bool) -> Option<fn(u8) -> u8> {
                if early {
                    return Some(double);
                }
                Some(|n| n * 2)
            }

            $(#[$later])+
            async fn pointer_later(early: bool) -> Option<fn(u8) -> u8> {
                if early {
                    return Some(double);
                }
                Some(|n| n * 2)
            }

            $(#[$sync])+
            fn list(early: bool) -> Vec<Calls> {
                if early {
                    return vec![Box::new(double)];
                }
                vec![Box::new(|n| n * 2), Box::new(double)]
            }

            $(#[$later])+
            async fn list_later(early: bool) -> Vec<Calls> {
                if early {
                    return vec![Box::new(double)];
                }
                vec![Box::new(|n| n * 2), Box::new(double)]
            }

            pub(super) fn check() {
                for early in [true, false] {
                    assert_eq!((closure(early)(2), block_on(closure_later(early))(2)), (4, 4));
                    assert_eq!(slice(early), block_on(slice_later(early)));
                    assert_eq!(pointer(early).map(|f| f(2)), block_on(pointer_later(early)).map(|f| f(2)));
                    assert_eq!(list(early)[0](2), block_on(list_later(early))[0](2));
                }
            }
        }

        #[test]
        fn $name() {
            $name::check();
        }
    };
}

coerced!(under_timed: #[timed] / #[timed]);
coerced!(under_a_layer: #[decorate(layer = Pass)] / #[decorate(layer = Pass)]);
coerced!(under_a_function: #[decorate(around)] / #[decorate(around_later)]);
coerced!(under_a_closure: #[decorate(|next, early| next(early))] / #[decorate(by_future)]);
coerced!(under_invalidates: #[invalidates(forgotten, when = ok)] / #[invalidates(forgotten, when = ok)]);
coerced!(under_retry: #[retry(until = |_| true)] / #[retry(until = |_| true)]);
coerced!(under_three: #[timed] #[decorate(around)] #[decorate(layer = Pass)] / #[timed] #[decorate(around_later)] #[decorate(layer = Pass)]);

#[cached]
fn kept(early: bool) -> Arc<[u8]> {
    if early {
        return Arc::new([2]);
    }
    Arc::new([2, 2])
}

#[cached]
async fn kept_later(early: bool) -> Option<fn(u8) -> u8> {
    if early {
        return Some(double);
    }
    Some(|n| n * 2)
}

#[test]
fn under_cached() {
    assert_eq!((kept(true).len(), kept(false).len()), (1, 2));
    assert_eq!(block_on(kept_later(false)).map(|f| f(2)), block_on(kept_later(true)).map(|f| f(2)));
}
