//! `#[decorate(f)]`: a user's function around the call; `#[decorate(layer = EXPR)]`: a user's value around any call.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Expr;

use crate::kit::{Decorator, Errors, Func, Krate, Options, ours_at, site};

/// What stands in the brackets.
enum Decorate {
    /// `#[decorate(shout)]`: anything that can be called with the rest of the stack and the arguments.
    Function(TokenStream),
    /// `#[decorate(layer = LIMIT)]`
    Layer(TokenStream),
    /// A mistake, which has been told.
    Nothing,
}

/// Reads it.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let layer = options.text("layer");
    let function = options.positional();
    for extra in options.positionals() {
        options.error(&extra, "one decorator in each attribute: write `#[decorate(a)] #[decorate(b)]`");
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
            let both = "a function or a `layer`, not both: write two `#[decorate(..)]`";
            options.error(&function, if is_stack(&function) { STACK } else { both });
            Decorate::Nothing
        }
    })
}

fn of_function(function: TokenStream, options: &mut Options) -> Decorate {
    match syn::parse2::<Expr>(function.clone()) {
        // A path and a call can be called as they stand.
        Ok(Expr::Path(_) | Expr::Call(_) | Expr::MethodCall(_) | Expr::Paren(_)) => Decorate::Function(function),
        Ok(Expr::Lit(_)) | Err(_) => {
            let path = "this cannot be called: write the path of a function, as in `#[decorate(my_function)]`";
            options.error(&function, if is_stack(&function) { STACK } else { path });
            Decorate::Nothing
        }
        Ok(_) => Decorate::Function(quote!((#function))),
    }
}

const STACK: &str = "a named stack stands alone: write `#[decorate(my_stack!)]`, without other options";

/// `my_stack!`, which the kit has not taken.
fn is_stack(function: &TokenStream) -> bool {
    matches!(function.clone().into_iter().last(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!')
}

impl Decorator for Decorate {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if let (Decorate::Function(_), Some(statements)) = (self, func.statements_before_future())
            && !func.sig.inputs.is_empty()
        {
            errors.at(
                statements,
                "`#[decorate]` passes on the arguments inside of the future, after this: write an `async fn`, or move \
                 this into the `async move` block",
            );
        }
    }

    fn expand(&self, func: &mut Func, krate: &Krate) {
        match self {
            Decorate::Function(function) => around_function(function, func),
            Decorate::Layer(layer) => around_layer(layer, func, krate),
            Decorate::Nothing => {}
        }
    }
}

/// *Input:* `fn f(&self, mut n: u32, s: &str) -> u8 { work }`. *Output:*
/// `fn f(&self, n: u32, s: &str) -> u8 { function(move |mut n: u32, s: &str| -> u8 { work }, n, s) }`, or the same
/// with an `async` closure and `.await`.
fn around_function(function: &TokenStream, func: &mut Func) {
    let span = ours_at(first_span(function));
    let parameters = func.take_parameters();
    let arguments = func.argument_names();
    let output = func.taken_output();
    let body = &func.body;
    let (keyword, wait) =
        if func.is_async() { (quote!(async), quote_spanned!(span=> .await)) } else { Default::default() };
    let name = ours_at(func.sig.ident.span());
    let next = quote_spanned!(name=> #keyword move |#(#parameters),*| #output { #body });
    func.body = quote_spanned!(span=> #function(#next #(, #arguments)*) #wait);
}

/// *Input:* `{ work }`. *Output:* `call(layer, move || -> Ret { work }, kind)`, or `poll(.., async move { work },
/// ..).await`. The layer is made once for each function.
fn around_layer(layer: &TokenStream, func: &mut Func, krate: &Krate) {
    let decorate = krate.private("decorate");
    let span = ours_at(first_span(layer));
    let kind = func.outcome(krate);
    let site_expr = quote_spanned!(span=> {
        static FESTOON_SITE: #decorate::Site = #decorate::Site::new();
        #decorate::Site::layer(&FESTOON_SITE, || #layer, &|| ())
    });
    func.body = if func.is_async() {
        let body = func.pinned_body(krate);
        quote_spanned!(span=> #decorate::poll(#site_expr, async move { #body }, #kind).await)
    } else {
        let (output, body) = (func.closure_output(), &func.body);
        // The type first, or a layer for one type alone would decide it, and the mistake would be told elsewhere.
        let ty = func.inferred_output();
        quote_spanned!(span=> #decorate::call::<_, #ty>(#site_expr, move || #output { #body }, #kind))
    };
}

fn first_span(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(site, |token| token.span())
}
