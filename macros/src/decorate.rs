//! `#[decorate(f)]`: wraps a call in a user's function; `#[decorate(layer = EXPR)]`: wraps any call in a user's value.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, FnArg, Path, ReceiverKind, Type};

use crate::kit::{
    Decorator, Errors, Func, Krate, Lent, Options, borrows_unnamed, closure_type, erase_impl, located_at, numbered,
    our_span, ours_at, text,
};

/// The argument of the attribute.
enum Decorate {
    /// `#[decorate(shout)]`: anything that can be called with the rest of the stack and the arguments.
    Function(TokenStream),
    /// `#[decorate(|next, name| ..)]`
    Closure(TokenStream),
    /// `#[decorate(layer = LIMIT)]`
    Layer(TokenStream),
    /// A mistake, which has been reported.
    Nothing,
}

/// Reads it.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let layer = options.text("layer");
    let function = options.positional();
    for extra in options.positionals() {
        options.error(&extra, "expected one decorator per attribute: write `#[decorate(a)] #[decorate(b)]`");
    }
    Box::new(match (function, layer) {
        (Some(function), None) => of_function(function, options),
        (None, Some(layer)) => Decorate::Layer(layer),
        (None, None) => {
            options.missing(
                "`#[decorate]` needs a decorator: write `#[decorate(my_function)]` or `#[decorate(layer = EXPR)]`",
            );
            Decorate::Nothing
        }
        (Some(function), Some(_)) => {
            let both = "expected a function or a `layer`, found both: write two `#[decorate(..)]`";
            options.error(&function, if is_stack(&function) { STACK } else { both });
            Decorate::Nothing
        }
    })
}

fn of_function(function: TokenStream, options: &mut Options) -> Decorate {
    match syn::parse2::<Expr>(function.clone()) {
        Ok(Expr::Path(path)) if is_type_name(&path.path) => {
            let name = text(&path);
            let message = format!("expected a function, found the type `{name}`: write `#[decorate(layer = {name})]`");
            options.error(&function, message);
            Decorate::Nothing
        }
        Ok(Expr::Struct(_)) => {
            options.error(&function, "expected a function, found a value: write `#[decorate(layer = ..)]`");
            Decorate::Nothing
        }
        // A path and a call can be called as they stand.
        Ok(Expr::Path(_) | Expr::Call(_) | Expr::MethodCall(_) | Expr::Paren(_)) => Decorate::Function(function),
        Ok(Expr::Closure(_)) => Decorate::Closure(function),
        Ok(Expr::Lit(_)) | Err(_) => {
            let path = "expected a function: write its path, as in `#[decorate(my_function)]`";
            options.error(&function, if is_stack(&function) { STACK } else { path });
            Decorate::Nothing
        }
        Ok(_) => Decorate::Function(quote!((#function))),
    }
}

/// `Logger`, which is not the name of a function.
fn is_type_name(path: &Path) -> bool {
    let last = path.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
    last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase)
}

const STACK: &str = "a named stack takes no other options: write `#[decorate(my_stack!)]`";

/// `my_stack!`, which the kit did not expand.
fn is_stack(function: &TokenStream) -> bool {
    matches!(function.clone().into_iter().last(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!')
}

impl Decorator for Decorate {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if let Decorate::Closure(closure) = self
            && borrows_from_arguments(func)
        {
            errors.at(
                closure,
                "a closure cannot tell which argument the result borrows from: name the lifetime, as in \
                 `fn first<'a>(text: &'a str) -> &'a str`, or decorate with a function",
            );
        }
        if let (Decorate::Function(_) | Decorate::Closure(_), Some(statements)) =
            (self, func.statements_before_future())
            && !func.sig.inputs.is_empty()
        {
            errors.at(
                statements,
                "`#[decorate]` passes the arguments on inside the future, after this statement: write an `async fn`, or \
                 move the statement into the `async move` block",
            );
        }
    }

    fn expand(&self, func: &mut Func, krate: &Krate) {
        match self {
            Decorate::Function(function) => {
                let span = ours_at(first_span(function));
                let is_function = syn::parse2::<Path>(function.clone()).is_ok();
                let is_checked = is_function && func.is_async();
                around_function(func, krate, (span, is_function), closure_type, |next, arguments| {
                    if is_checked && arguments.len() <= 12 {
                        checked(function, &next, arguments, krate)
                    } else {
                        quote_spanned!(span=> #function(#next #(, #arguments)*))
                    }
                });
            }
            Decorate::Closure(closure) => around_closure(closure, func, krate),
            Decorate::Layer(layer) => around_layer(layer, func, krate),
            Decorate::Nothing => {}
        }
    }

    /// A decorator may call the function that it wraps any number of times, each time with other arguments.
    fn lends(&self, lent: Lent) -> Lent {
        match self {
            Decorate::Function(_) | Decorate::Closure(_) => Lent::RECEIVER,
            Decorate::Layer(_) | Decorate::Nothing => lent,
        }
    }
}

/// Does the result borrow, for a lifetime without a name, from an argument?
fn borrows_from_arguments(func: &Func) -> bool {
    let is_borrowed = |input: &FnArg| matches!(input, FnArg::Typed(typed) if borrows_unnamed(&typed.ty));
    let method = matches!(func.sig.inputs.first(), Some(FnArg::Receiver(receiver)) if !matches!(receiver.kind, ReceiverKind::Value));
    !method && borrows_unnamed(&func.output_type()) && func.sig.inputs.iter().any(is_borrowed)
}

/// *Input:* `fn f(&self, mut n: u32, s: &str) -> u8 { work }`. *Output:*
/// `fn f(&self, n: u32, s: &str) -> u8 { function(move |mut n: u32, s: &str| -> u8 { work }, n, s) }`, where `call`
/// writes the call and `write` the types of the closure, or the same with an `async` closure and `.await`.
fn around_function(
    func: &mut Func,
    krate: &Krate,
    (at, is_function): (Span, bool),
    write: fn(&Type) -> TokenStream,
    call: impl FnOnce(TokenStream, &[Ident]) -> TokenStream,
) {
    let boxed = func.patterns_of_boxed();
    let mut parameters = func.take_parameters(write);
    let arguments = func.argument_names();
    let output = func.taken_output(write);
    let written = write(&func.output_type());
    let mut body = if func.is_async() { func.pinned_to(&written, krate) } else { func.body.clone() };
    if let Some(patterns) = boxed {
        (parameters, body) = (func.named_parameters(write), func.boxed_again(&patterns, &body));
    }
    let own = func.own_receiver();
    let (keyword, wait) =
        if func.is_async() { (quote!(async), quote_spanned!(at=> .await)) } else { Default::default() };
    let name = ours_at(func.sig.ident.span());
    let moves = (!func.lends_receiver()).then(|| quote_spanned!(name=> move));
    let next = quote_spanned!(name=> #keyword #moves |#(#parameters),*| #output { #own #body });
    let call = call(next, &arguments);
    // A function's future borrows nothing of what calls it; that of a value might.
    if func.is_async() && is_function {
        func.run(&call, &call, krate);
    }
    func.body = quote_spanned!(at=> #call #wait);
}

/// *Output:* `{ let future = function(next, n); let _ = || made1(function, &future).and(&future).decorates_nothing(); future }`,
/// which warns if `function` only makes the future.
fn checked(function: &TokenStream, next: &TokenStream, arguments: &[Ident], krate: &Krate) -> TokenStream {
    let at = first_span(function);
    let (span, decorate) = (ours_at(at), located_at(krate.private("decorate"), at));
    // At the user's token, where the compiler has reported the function's own mistakes, and does not repeat them.
    let made = Ident::new(&format!("made{}", arguments.len()), at);
    quote_spanned!(span=> {
        let decorator = &#function;
        let future = decorator(#next #(, #arguments)*);
        let _ = || {
            use #decorate::{Ran as _, Undecorated as _};
            #decorate::#made(decorator, &future).and(&future).decorates_nothing()
        };
        future
    })
}

/// The same with `with2(move |mut n: u32, s: &str| -> u8 { work }, closure, n, s)`, which makes the type of `next`
/// known, so that the closure can call it.
fn around_closure(closure: &TokenStream, func: &mut Func, krate: &Krate) {
    let span = ours_at(first_span(closure));
    let decorate = krate.private("decorate");
    around_function(func, krate, (span, true), erase_impl, |next, arguments| {
        let with = numbered("with", arguments.len());
        quote_spanned!(span=> #decorate::#with(#next, #closure #(, #arguments)*))
    });
}

/// *Input:* `{ work }`. *Output:* `call(layer, move || -> Ret { work }, kind)`, or
/// `poll(.., async move { work }, ..).await`. The layer is created once per function.
fn around_layer(layer: &TokenStream, func: &mut Func, krate: &Krate) {
    let span = ours_at(first_span(layer));
    let decorate = located_at(krate.private("decorate"), span);
    let kind = func.outcome(krate);
    let site_expr = quote_spanned!(span=> {
        static FESTOON_SITE: #decorate::LayerSite = #decorate::LayerSite::new();
        &FESTOON_SITE
    });
    let found = quote_spanned!(span=> #decorate::LayerSite::layer(#site_expr, || #layer, &|| ()));
    if func.is_async() {
        let future = func.async_block_at(span, krate);
        let call = quote_spanned!(span=> #decorate::poll(#found, #future, #kind));
        func.run(&call, &future, krate);
        func.body = quote_spanned!(span=> #call.await);
        return;
    }
    let closure = func.closure_at(span);
    // The type comes first; otherwise a layer for a single type would determine it, and the error would be reported
    // elsewhere.
    let ty = func.inferred_output();
    func.body = quote_spanned!(span=> #decorate::call::<_, #ty>(#found, #closure, #kind));
}

fn first_span(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(our_span, |token| token.span())
}
