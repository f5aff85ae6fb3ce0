//! `#[invalidates]`: a function that writes invalidates the cached values of other functions.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath};

use crate::kit::{Decorator, Errors, Func, Krate, Options, local, located_at, ours, ours_at, text};

/// The options of `#[invalidates]`.
struct Invalidates {
    entries: Vec<Entry>,
    /// Only if the call succeeds.
    when_ok: bool,
}

/// What to invalidate: the value of one call, or all values of a function.
struct Entry {
    function: ExprPath,
    /// `(id,)`, and the number of arguments.
    arguments: Option<(Group, usize)>,
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let when_ok = options.choice("when", &["always", "ok"]) == Some("ok");
    let written = options.positionals();
    if written.is_empty() {
        options.missing(
            "nothing to invalidate: write `#[invalidates(get_user(id))]` for the value of one call, \
             `#[invalidates(list_users)]` for all values of a function",
        );
    }
    let mut entries = Vec::new();
    for tokens in written {
        match Entry::parse(&tokens) {
            Ok(entry) => entries.push(entry),
            Err(message) => options.error(&tokens, message),
        }
    }
    Box::new(Invalidates { entries, when_ok })
}

impl Decorator for Invalidates {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if !self.when_ok {
            return;
        }
        if let Some(attr) = func.attrs.iter().find(|attr| attr.path().is_ident("track_caller")) {
            errors.at(attr, "`when = ok` runs the body in a closure, which hides the caller: remove one of them");
        }
        if func.never_returns() {
            errors.at(&func.sig.output, "with `when = ok` a function that never returns invalidates nothing");
        }
    }

    /// *Input:* `{ work }`. *Output:* `let forgotten = always([entries]); { work }`, or
    /// `let forgotten = when_ok([entries]); let value = once(move || -> Ret { work })(); forgotten.ended(&value, kind); value`.
    /// The entries compute their keys before the body, which may move the arguments.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let invalidates = krate.private("invalidates");
        let entries = self.entries.iter().map(|entry| entry.expand(&invalidates));
        let when = local(if self.when_ok { "when_ok" } else { "always" });
        let forgotten = ours!(let forgotten = #invalidates::#when([#(#entries),*]););
        if !self.when_ok && !func.goes_around_future() {
            let body = &func.body;
            func.body = ours!(#forgotten #body);
            return;
        }
        let end = if self.when_ok {
            let kind = func.outcome(krate);
            ours!(forgotten.ended(&value, #kind); value)
        } else {
            ours!(let _forgotten = forgotten; value)
        };
        if !func.is_async() {
            let value = func.value(krate);
            func.body = ours!(#forgotten let value = #value; #end);
            return;
        }
        let (future, start, then) = (func.future(krate), krate.private("Start"), krate.private("then"));
        let call = ours!(#start::Runs(#then(#future, move |value| { #end })));
        func.begin(&ours!(#forgotten #call), &future, krate);
    }
}

const FORM: &str = "write the call of a cached function to invalidate its value, `get_user(id)`, or the function to \
                    invalidate all of its values, `list_users`";

impl Entry {
    /// *Input:* `Shop::price(self, sku)` or `list_users`.
    fn parse(tokens: &TokenStream) -> Result<Self, String> {
        match syn::parse2(tokens.clone()).map(bare) {
            Ok(Expr::Path(function)) => Ok(Entry { function, arguments: None }),
            Ok(Expr::Call(call)) => Entry::of_call(call),
            Ok(Expr::MethodCall(call)) => Err(without_handle(&call).unwrap_or_else(|| by_path(&call))),
            Ok(_) => Err(FORM.to_owned()),
            Err(_) => Err(format!("incomplete expression: {FORM}")),
        }
    }

    fn of_call(mut call: ExprCall) -> Result<Self, String> {
        let Expr::Path(function) = bare(*call.func) else { return Err(FORM.to_owned()) };
        let count = call.args.len();
        if !call.args.empty_or_trailing() {
            call.args.push_punct(syn::Token![,](ours_at(call.paren_token.span.close())));
        }
        let mut arguments = Group::new(Delimiter::Parenthesis, call.args.into_token_stream());
        arguments.set_span(call.paren_token.span.join());
        Ok(Entry { function, arguments: Some((arguments, count)) })
    }

    /// *Output:* `Decorated::cache(&get_user).forgets::<1, _>((id,))`, at the span of the function's name, where the
    /// compiler complains if it is not a function, or takes another number of arguments.
    fn expand(&self, invalidates: &TokenStream) -> TokenStream {
        let function = &self.function;
        let at = ours_at(function.span());
        let invalidates = located_at(invalidates.clone(), function.span());
        let Some((arguments, count)) = &self.arguments else {
            return quote_spanned!(at=> #invalidates::Decorated::cache(&#function).forgets_all());
        };
        quote_spanned!(at=> #invalidates::Decorated::cache(&#function).forgets::<#count, _>(#arguments))
    }
}

/// Without brackets, visible or not.
fn bare(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => bare(*group.expr),
        Expr::Paren(paren) => bare(*paren.expr),
        other => other,
    }
}

/// *Input:* `get.cache().clear()`. *Output:* advice to write `get`.
fn without_handle(call: &ExprMethodCall) -> Option<String> {
    match &*call.receiver {
        Expr::MethodCall(inner) => without_handle(inner),
        function if call.method == "cache" => {
            let function = text(function);
            Some(format!(
                "expected a function, found its handle: write `{function}(..)` with the arguments of one call, or \
                 `{function}` for all of its values"
            ))
        }
        _ => None,
    }
}

/// *Input:* `self.get(id)`. *Output:* advice to write `Self::get(self, id)`.
fn by_path(call: &ExprMethodCall) -> String {
    let receiver = text(&call.receiver);
    let (ty, first) = if receiver == "self" { ("Self", receiver) } else { ("Type", format!("&{receiver}")) };
    let arguments: Vec<String> = std::iter::once(first).chain(call.args.iter().map(text)).collect();
    format!("expected the path of the method: write `{ty}::{}({})`", call.method, arguments.join(", "))
}
