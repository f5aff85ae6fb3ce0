//! `stack!`.

use festoon::{AsyncDecorator, Call, decorate, retry, stack, timed};

/// Around one argument.
pub fn around<A, R>(next: impl FnOnce(A) -> R, first: A) -> R {
    next(first)
}

stack! {
    /// For everybody.
    pub public = #[timed] #[decorate(crate::stack::around)]
}

stack! { pub(crate) ours = #[timed] #[decorate(crate::stack::around)] }

stack! { local = #[timed] #[decorate(crate::stack::around)] }

/// With a stack of this module.
#[decorate(local!)]
#[must_use]
pub fn first(text: &str) -> &str {
    text
}

/// With the stacks of this crate.
pub mod inside {
    use festoon::decorate;

    /// By its path.
    #[decorate(crate::stack::ours!)]
    #[must_use]
    pub fn second(text: &str) -> &str {
        text
    }

    /// One that is exported.
    #[decorate(super::public!)]
    #[must_use]
    pub fn third(text: &str) -> &str {
        text
    }
}

/// What is returned can be awaited: `clippy::async_yields_async` says nothing of an `async fn`.
#[timed]
pub async fn awaitable() -> std::future::Ready<u8> {
    std::future::ready(()).await;
    std::future::ready(1)
}

/// Around a future.
struct Pass;

impl<F: Future> AsyncDecorator<F> for Pass {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

/// Around a closure.
async fn pass_later<R>(next: impl AsyncFnOnce() -> R) -> R {
    next().await
}

/// The same, where others hold the body.
#[retry(until = |_| true)]
#[timed]
#[decorate(layer = Pass)]
pub async fn awaitable_below_others() -> std::future::Ready<u8> {
    std::future::ready(()).await;
    std::future::ready(1)
}

/// The same in a closure.
#[decorate(pass_later)]
pub async fn awaitable_from_a_closure() -> std::future::Ready<u8> {
    std::future::ready(()).await;
    std::future::ready(1)
}
