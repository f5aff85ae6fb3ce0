//! `#[fallback]`: returns a substitute when a call fails.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Expr;

use crate::kit::{Decorator, Errors, Func, Krate, Lent, Options, any_token, bound_names, located_at, ours};

/// The argument of the attribute.
enum Fallback {
    /// `#[fallback(0)]`: the value of a successful call.
    Value(TokenStream),
    /// `#[fallback(|error| 0)]`: a closure that returns it.
    Closure(TokenStream),
    /// `#[fallback(or_else = |error| Err(..))]`: one that returns the whole `Result` or `Option`.
    OrElse(TokenStream),
    /// A mistake, which has been reported.
    Nothing,
}

/// Reads it.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let or_else = options.value("or_else");
    Box::new(match (options.positional(), or_else) {
        (Some(value), None) => of_value(value, options),
        (None, Some(closure)) => Fallback::OrElse(closure),
        (None, None) => {
            options.missing("missing fallback: write `#[fallback(0)]` or `#[fallback(|error| ..)]`");
            Fallback::Nothing
        }
        (Some(value), Some(_)) => {
            options.error(&value, "expected a value or `or_else`, found both: remove one of them");
            Fallback::Nothing
        }
    })
}

fn of_value(value: TokenStream, options: &mut Options) -> Fallback {
    match syn::parse2(value.clone()) {
        Ok(Expr::Closure(_)) => Fallback::Closure(value),
        Ok(_) => Fallback::Value(value),
        Err(_) => {
            options.error(&value, "incomplete expression");
            Fallback::Nothing
        }
    }
}

impl Decorator for Fallback {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if func.never_returns() {
            errors.at(&func.output_type(), "a function that never returns cannot fail: remove `#[fallback]`");
        }
        if let Fallback::Closure(closure) | Fallback::OrElse(closure) = self
            && is_async(closure)
            && let Some(message) =
                func.sync_message("a sync function cannot await its fallback: write a closure without `async`")
        {
            errors.at(closure, message);
        }
    }

    /// *Input:* `{ work }`. *Output:* `let result = (|| { work })(); let parts = parts::<Ret, _, _>(); match (parts.split)(result) {
    /// Ok(value) => (parts.good)(value), Err(failure) => .. }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let fallback = krate.private("fallback");
        let parts = located_at(quote!(#fallback::parts), func.output_span());
        let output = func.inferred_output();
        func.lent = self.lends(func.lent);
        let instead = self.instead(&fallback);
        let end = ours!(let parts = #parts::<#output, _, _>();
            match (parts.split)(result) {
                ::core::result::Result::Ok(value) => (parts.good)(value),
                ::core::result::Result::Err(failure) => {
                    #fallback::used(::core::any::type_name_of_val(&|| ()));
                    #instead
                }
            }
        );
        if !func.is_async() || self.waits() || func.options_may_leave() || func.lent.arguments {
            let result = func.value(krate);
            func.body = ours!(let result = #result; #end);
            return;
        }
        let (future, then) = (func.future(krate), krate.private("then"));
        func.run(&ours!(#then(#future, move |result| { #end })), &future, krate);
    }

    /// The arguments that it mentions are needed after the body has run.
    fn lends(&self, lent: Lent) -> Lent {
        match self {
            Fallback::Value(expr) | Fallback::Closure(expr) | Fallback::OrElse(expr) if has_names(expr) => Lent::ALL,
            _ => lent,
        }
    }
}

impl Fallback {
    fn waits(&self) -> bool {
        matches!(self, Fallback::Closure(closure) | Fallback::OrElse(closure) if is_async(closure))
    }

    /// *Output:* `with(failure, drop); (parts.good)(0)`, `(parts.good)(with(failure, |error| 0))` or `with(failure, |error| Err(..))`.
    fn instead(&self, fallback: &TokenStream) -> TokenStream {
        let called = |closure| {
            let wait = is_async(closure).then(|| ours!(.await));
            ours!(#fallback::with(failure, #closure) #wait)
        };
        match self {
            Fallback::Value(value) => {
                ours!(#fallback::with(failure, ::core::mem::drop); (parts.good)(#value))
            }
            Fallback::Closure(closure) => {
                let value = called(closure);
                ours!((parts.good)(#value))
            }
            Fallback::OrElse(closure) => called(closure),
            Fallback::Nothing => TokenStream::new(),
        }
    }
}

/// `async |error| ..`
fn is_async(closure: &TokenStream) -> bool {
    matches!(syn::parse2(closure.clone()), Ok(Expr::Closure(closure)) if closure.asyncness.is_some())
}

/// Does it mention anything that may be an argument? The parameters of a closure are its own.
fn has_names(expr: &TokenStream) -> bool {
    let own: Vec<Ident> = match syn::parse2(expr.clone()) {
        Ok(Expr::Closure(closure)) => closure.inputs.iter().flat_map(bound_names).collect(),
        _ => Vec::new(),
    };
    any_token(expr, |token| match token {
        TokenTree::Ident(word) => {
            word.to_string().starts_with(|c: char| c.is_lowercase() || c == '_') && !own.contains(word)
        }
        TokenTree::Literal(text) => text.to_string().contains('{'),
        _ => false,
    })
}
