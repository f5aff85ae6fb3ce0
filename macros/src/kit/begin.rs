//! Layers around a future in which one creates the other without an async block between them: the arguments are stored
//! once, and each layer adds one type.

use proc_macro2::{Ident, TokenStream};
use syn::{FnArg, Receiver};

use super::hold::{Hold, may_drop};
use super::patterns::{mentions, plain_name};
use super::tokens::{is_punct, our_span, ours};
use super::tree::{any_token, has_word};
use super::{Func, Krate};

impl Func {
    /// *Output:* `async move { work }`, or without `move`; `lazy(move || start)` if the body is a single future.
    pub(crate) fn future(&mut self, krate: &Krate) -> TokenStream {
        if let Some(start) = self.below.take().filter(|_| self.has_plain_names()) {
            let lazy = krate.private("lazy");
            return ours!(#lazy(move || { #start }));
        }
        self.async_block_at(our_span(), krate)
    }

    /// Turns the body into a single future. *Input:*
    /// `let found = look_up(&id); .. Start::Runs(run(async move { work(id) }))`, the statements that create it, and the
    /// part of them that takes the arguments. *Output:* `lazy(move || { .. }).await`; if only the statements are
    /// needed, they stay in place: `{ .. }.await`.
    pub(crate) fn begin(&mut self, start: &TokenStream, future: &TokenStream, krate: &Krate) {
        if !self.hands_on(start, future) {
            self.body = ours!(({ #start }).await);
            return;
        }
        let (lazy, mention) = (krate.private("lazy"), self.mention());
        let start = ours!(#mention #start);
        self.body = ours!(#lazy(move || { #start }).await);
        self.start = Some(start);
    }

    /// Are the layers below a single future?
    pub(crate) fn goes_around_future(&self) -> bool {
        self.below.is_some()
    }

    /// Is the body a single future, created by a closure?
    pub(crate) fn is_begun(&self) -> bool {
        self.start.is_some()
    }

    /// *Output:* the statements, and the body.
    pub(crate) fn precede(&mut self, statements: Option<TokenStream>) {
        let Some(statements) = statements else { return };
        if let Some(start) = &self.start {
            self.start = Some(ours!(#statements #start));
        }
        let body = &self.body;
        self.body = ours!(#statements #body);
    }

    /// The same before all layers, inside the closure that creates the future.
    pub(super) fn precede_all(&mut self, statements: &TokenStream, krate: &Krate) {
        if statements.is_empty() {
            return;
        }
        let Some(start) = self.start.take() else { return self.precede(Some(statements.clone())) };
        let lazy = krate.private("lazy");
        self.body = ours!(#lazy(move || { #statements #start }).await);
    }

    /// The same for a future that needs no statements before it. *Output:* `call.await`.
    pub(crate) fn run(&mut self, call: &TokenStream, future: &TokenStream, krate: &Krate) {
        let start = krate.private("Start");
        self.begin(&ours!(#start::Runs(#call)), future, krate);
        self.body = ours!(#call.await);
    }

    /// Does everything that may have a destructor move into the future? The closure ends before the call does.
    fn hands_on(&self, start: &TokenStream, future: &TokenStream) -> bool {
        let goes_on = |name: &Ident| !mentions(start, name) || mentions(future, name);
        let is_handed_on = |input: &FnArg| match input {
            FnArg::Receiver(receiver) => {
                Hold::of(receiver) != Hold::Owned
                    || (goes_on(&own(receiver)) && self.own_name().is_none_or(|it| goes_on(&it)))
            }
            FnArg::Typed(typed) => !may_drop(&typed.ty) || plain_name(&typed.pat).is_some_and(goes_on),
        };
        let borrows = self.lent.arguments || self.lends_receiver();
        !borrows && self.has_plain_names() && !self.options_may_leave() && self.sig.inputs.iter().all(is_handed_on)
    }

    /// May the options leave the function, or await, which a closure cannot?
    pub(crate) fn options_may_leave(&self) -> bool {
        may_leave(&self.options)
    }

    fn has_plain_names(&self) -> bool {
        let is_plain = |input: &FnArg| match input {
            FnArg::Receiver(_) => true,
            FnArg::Typed(typed) => plain_name(&typed.pat).is_some(),
        };
        self.patterns.is_empty() && self.sig.inputs.iter().all(is_plain)
    }
}

fn own(receiver: &Receiver) -> Ident {
    Ident::new("self", receiver.self_token.span)
}

/// Is there an `.await`, a `?` or a `return` that refers to the function?
pub(crate) fn may_leave(options: &TokenStream) -> bool {
    has_word(options, &["await", "return"]) || any_token(options, |token| is_punct(Some(token), '?'))
}
