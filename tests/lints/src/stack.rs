//! `stack!`.

use festoon::{decorate, stack};

/// Around one argument.
pub fn around<A, R>(next: impl FnOnce(A) -> R, first: A) -> R {
    next(first)
}

stack! {
    /// For everybody.
    pub public = #[timed] #[decorate(crate::stack::around)]
}

stack! { pub(crate) ours = #[timed] #[decorate(crate::stack::around)] }

stack! { later = #[timed] #[decorate(crate::stack::around_later)] #[cached] }

stack! { local = #[timed] #[decorate(crate::stack::around)] }

/// Around an async function.
pub async fn around_later<A, F: Future>(next: impl FnOnce(A) -> F, first: A) -> F::Output {
    next(first).await
}

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

/// What it gives is a future, as a handle of a task is.
#[decorate(later!)]
pub async fn starts(_number: u8) -> std::future::Ready<u8> {
    std::future::ready(()).await;
    std::future::ready(3)
}
