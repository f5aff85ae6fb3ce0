//! `#[context_manager]`: turns a function around a `yield_!` into a context manager.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Block, FnArg, Pat, Signature, Visibility};

use super::flow::{Flow, Names};
use super::yields::{Yields, without_yields};
use crate::kit::{Errors, Krate, Options, group, local, numbered, our_span, ours, ours_at, plain_name};

/// The function and its options.
struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
    body: Group,
}

/// The options: `error = E`, `crate = path`.
pub(super) struct Settings {
    pub(super) error: Option<TokenStream>,
    pub(super) path: TokenStream,
    pub(super) krate: Krate,
}

/// *Input:* `fn logged(log: &Log) -> Yields<u8> { enter; let how = yield_!(3); exit }`. *Output:*
/// `fn logged(log: &Log) -> Generator<..> { Generator::new(move |yielder| async move { .. }) }`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let settings = settings(options, &mut errors);
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => return function.expand(&settings, &mut errors),
        Err(_) if !is_function(&item) => {
            let first = item.clone().into_iter().find(|token| !matches!(token, TokenTree::Punct(_)));
            errors.at(&first, "`#[context_manager]` goes on a function with a body");
        }
        Err(error) => _ = errors.take::<()>(Err(error)),
    }
    errors.with_item(item)
}

/// `context! { .. }`. *Input:* functions whose bodies contain a real `yield`. *Output:* the expansion of the attribute
/// for each.
pub(crate) fn expand_all(input: TokenStream) -> TokenStream {
    let functions = |input: ParseStream| {
        let mut functions = Vec::new();
        while !input.is_empty() {
            functions.push(input.parse::<Function>()?);
        }
        Ok(functions)
    };
    let mut errors = Errors::default();
    let functions = errors.take(functions.parse2(input)).unwrap_or_default();
    let mut expanded = TokenStream::new();
    for mut function in functions {
        let options = function.take_options(&mut errors);
        let settings = settings(options, &mut errors);
        expanded.extend(function.expand(&settings, &mut errors));
        errors = Errors::default();
    }
    errors.with_item(expanded)
}

fn settings(options: TokenStream, errors: &mut Errors) -> Settings {
    let krate = Krate::find(&options);
    let mut options = Options::parse("context_manager", options, errors);
    let error = options.ty("error");
    options.finish();
    Settings { error, path: krate.private("generator"), krate }
}

fn is_function(item: &TokenStream) -> bool {
    let mut tokens = item.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(word) if word == "fn")) && has_body(item)
}

fn has_body(item: &TokenStream) -> bool {
    group(item.clone().into_iter().last().as_ref(), Delimiter::Brace).is_some()
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let (visibility, signature) = (input.parse()?, input.parse()?);
        let body: TokenTree = input.parse()?;
        match group(Some(&body), Delimiter::Brace) {
            Some(body) => Ok(Function { attributes, visibility, signature, body: body.clone() }),
            None => Err(syn::Error::new(body.span(), "`#[context_manager]` needs a body")),
        }
    }
}

impl Function {
    /// *Input:* `#[context_manager(error = E)] fn ..` within `context!`. *Output:* `error = E`.
    fn take_options(&mut self, errors: &mut Errors) -> TokenStream {
        let is_ours = |attribute: &Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "context_manager")
        };
        let Some(at) = self.attributes.iter().position(is_ours) else { return TokenStream::new() };
        match self.attributes.remove(at).meta {
            syn::Meta::List(list) => list.tokens,
            syn::Meta::Path(_) => TokenStream::new(),
            other @ syn::Meta::NameValue(_) => {
                errors.at(&other, "write `#[context_manager(error = MyError)]`");
                TokenStream::new()
            }
        }
    }

    /// Also if there is a mistake: then the function still exists, with the error in its body.
    fn expand(self, settings: &Settings, errors: &mut Errors) -> TokenStream {
        if let Some(constness) = &self.signature.constness {
            errors.at(constness, "a `const fn` cannot enter anything: remove `const`");
        }
        let yields = Yields::find(&self.signature, settings.error.as_ref(), &settings.path, errors);
        let block = errors.take(syn::parse2::<Block>(self.body.to_token_stream()));
        let (Some(yields), Some(mut block)) = (yields, block) else { return self.broken(settings, errors) };
        let names = Names { told: local("told"), yielder: local("yielder") };
        let mut flow = Flow::new(&yields, &names, settings, self.signature.asyncness.is_some(), errors);
        flow.walk(&self.signature.ident, &mut block);
        let end = flow.end(&block);
        let mistakes = errors.statements();
        self.around(&yields, &names, settings, &quote!(#mistakes #end))
    }

    /// *Output:* the function with its errors, and no follow-up errors.
    fn broken(self, settings: &Settings, errors: &Errors) -> TokenStream {
        let (mistakes, absurd) = (errors.statements(), settings.krate.private("absurd"));
        let body = without_yields(self.body.stream());
        // The body is there for the compiler to check, and for editors.
        let body = ours!(#mistakes return #absurd(); #[allow(unreachable_code)] { #body };);
        self.with_body(body)
    }

    fn with_body(self, body: TokenStream) -> TokenStream {
        let Function { attributes, visibility, signature, body: braces } = self;
        let mut block = Group::new(Delimiter::Brace, body);
        block.set_span(braces.span());
        quote!(#(#attributes)* #visibility #signature #block)
    }

    /// *Output:* `fn logged(..) -> Generator<..> { Generator::new(move |yielder| async move { let mut told; end }) }`.
    fn around(mut self, yields: &Yields, names: &Names, settings: &Settings, end: &TokenStream) -> TokenStream {
        let (path, absurd) = (&settings.path, settings.krate.private("absurd"));
        let is_async = self.signature.asyncness.take().is_some();
        let generator = local(if is_async { "AsyncGenerator" } else { "Generator" });
        let (lends, hears) = (&yields.lends, &yields.hears);
        let (written, inferred) = (&yields.written, &yields.inferred);
        let lets = self.own_arguments();
        let Names { told, yielder } = names;
        let mut declared = told.clone();
        declared.set_span(ours_at(self.signature.ident.span()));
        let done = &yields.done;
        // The user's own types may be half typed: not parsed.
        let output = ours! {
            #path::#generator<#lends, #hears, impl #path::Start<
                #lends, #hears, Future = impl ::core::future::Future<Output = #done>>>
        };
        let arrow = syn::Token![->](our_span());
        self.signature.output = syn::ReturnType::Type(arrow, Box::new(syn::Type::Verbatim(output)));
        let body = ours! {
            #path::#generator::<#lends, #hears, _>::new(move |#yielder: #path::Yielder<#lends, #hears>| async move {
                if false {
                    let _ = ::core::marker::PhantomData::<#written>;
                    return #absurd::<#inferred>();
                }
                #lets
                // A body may end before its first `yield_!`.
                #[allow(unused_mut)]
                let mut #declared: #hears;
                #end
            })
        };
        self.with_body(body)
    }

    /// Moves the arguments into the body, like an `async fn`. *Output:*
    /// `let log = log; let argument1 = argument1; let (a, b) = argument1;`
    fn own_arguments(&mut self) -> TokenStream {
        let own = |(index, input): (usize, &mut FnArg)| match input {
            FnArg::Receiver(receiver) => {
                let own = Ident::new("self", receiver.self_token.span);
                ours!(let _ = &#own;)
            }
            FnArg::Typed(typed) => {
                let conditions = typed.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
                let conditions: TokenStream = conditions.map(ToTokens::to_token_stream).collect();
                owned(index, &mut typed.pat, &conditions)
            }
        };
        self.signature.inputs.iter_mut().enumerate().map(own).collect()
    }
}

/// *Input:* `(a, b)`, which becomes `argument1`. *Output:* `let argument1 = argument1; let (a, b) = argument1;`
fn owned(index: usize, pat: &mut Pat, conditions: &TokenStream) -> TokenStream {
    let (pattern, at) = (pat.clone(), ours_at(pat.span()));
    let plain = plain_name(pat).cloned();
    let name = plain.clone().unwrap_or_else(|| numbered("argument", index));
    *pat = syn::parse_quote!(#name);
    // The whole argument, including what the pattern does not bind.
    // A `let` of the same name moves the argument into the body.
    let whole = plain.is_none().then(|| ours!(#conditions #[allow(clippy::shadow_same)] let #name = #name;));
    quote_spanned!(at => #whole #conditions #[allow(clippy::shadow_same)] let #pattern = #name;)
}
