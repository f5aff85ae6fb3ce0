//! `#[within(manager)]`: every call runs inside a context manager that is created for it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::kit::{Decorator, Errors, Func, Krate, Options, local, ours, ours_at};

/// Reads it.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let written = options.positional();
    for extra in options.positionals() {
        options.error(&extra, "expected one manager per attribute: write `#[within(a)] #[within(b)]`");
    }
    let manager = written.and_then(|written| Manager::read(written, options));
    if manager.is_none() {
        options.missing("missing manager: write `#[within(my_manager())]`");
    }
    Box::new(Within(manager))
}

/// `None` if it could not be read, which has been reported.
struct Within(Option<Manager>);

struct Manager {
    asyncness: Option<TokenTree>,
    expr: TokenStream,
}

impl Manager {
    /// *Input:* `async pool.get()`.
    fn read(written: TokenStream, options: &mut Options) -> Option<Self> {
        let mut rest = written.clone().into_iter();
        let first = rest.next().filter(|first| matches!(first, TokenTree::Ident(word) if word == "async"));
        let expr: TokenStream = if first.is_some() { rest.collect() } else { written };
        if syn::parse2::<Expr>(expr.clone()).is_err() {
            options.error(&expr, "incomplete expression: write `#[within(my_manager())]`");
            return None;
        }
        Some(Manager { asyncness: first, expr })
    }
}

impl Decorator for Within {
    fn check(&self, func: &Func, errors: &mut Errors) {
        let Some(manager) = &self.0 else { return };
        if func.never_returns() {
            errors.at(&func.sig.output, "a function that never returns never exits its manager: remove `#[within]`");
        }
        let otherwise = "a sync function cannot await: make it `async`, or use a manager that does not await";
        if let (Some(asyncness), Some(message)) = (&manager.asyncness, func.sync_message(otherwise)) {
            errors.at(asyncness, message);
        }
    }

    /// *Input:* `{ work }`. *Output:* `let held = hold(enter(manager)); let mut value = once(move || -> Ret { work })();
    /// match exit(held, error) { Ok(_) => value, Err(error) => .. }`
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let Some(Manager { asyncness, expr }) = &self.0 else { return };
        let (with, at, is_async) = (krate.private("with"), ours_at(expr.span()), func.is_async());
        func.option = expr.clone();
        let output = func.output();
        let value = func.value(krate);
        let (entering, hold, exit) = names(asyncness.is_some(), is_async);
        let wait = asyncness.as_ref().map(|_| ours!(.await));
        let (ok, err) = (quote!(::core::result::Result::Ok), quote!(::core::result::Result::Err));
        let (shown, error) = if func.may_be_result() {
            let error = ours!(#with::Returned(&mut value).error());
            (ours!(returns.error()), error)
        } else {
            (quote!(#with::no_error()), quote!(::core::option::Option::None))
        };
        let active = local("active");
        let hold = quote_spanned!(at => #with::#hold(#active, #shown));
        let enter = quote_spanned!(at => #with::#entering(#expr).enter());
        func.body = ours! {
            // The types decide which of its traits is called.
            #[allow(unused_imports)]
            use #with::by_type::*;
            let returns = #with::Returns::<#output>::new();
            // A manager may be unable to fail, and a body may never end.
            #[allow(unreachable_patterns, unreachable_code)]
            let #active = match #enter #wait {
                #ok(#active) => #active,
                #err(error) => return #with::Failing(returns, error).returned(),
            };
            let held = #hold;
            let mut value = #value;
            let error = #error;
            // A manager may be unable to fail, and a body may never end.
            #[allow(unreachable_patterns, unreachable_code)]
            match #with::#exit(held, error) #wait {
                #ok(_) => value,
                #err(error) => #with::Failing(returns, error).returned(),
            }
        };
    }
}

/// The functions that the expansion calls.
fn names(awaits: bool, is_async: bool) -> (TokenStream, TokenStream, TokenStream) {
    let names = match (awaits, is_async) {
        (true, _) => ["Awaiting", "hold_async", "exit_async_passing"],
        (false, true) => ["Entering", "hold_in_future", "exit_passing"],
        (false, false) => ["Entering", "hold", "exit_passing"],
    };
    let [entering, hold, exit] = names.map(|name| local(name).into_token_stream());
    (entering, hold, exit)
}
