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
