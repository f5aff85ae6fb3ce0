//! The function under a decorator: its signature parsed, its body left as tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, FnArg, Pat, ReturnType, Signature, Type, Visibility};

use super::hold::Lent;
use super::item::split_inner_attributes;
use super::patterns::{bound_names, is_unused, mentions, plain_name};
use super::present;
use super::shape::{self, Shape};
use super::tokens::{located_at, numbered, ours, ours_at, text};
use super::tree::any_token;
use super::{Errors, Krate};

/// A function. Decorators read the signature and replace `body`.
#[derive(Clone)]
pub(crate) struct Func {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// `default`, as in specialisation; preserved.
    modifier: Option<Ident>,
    pub(crate) sig: Signature,
    inner_attrs: TokenStream,
    /// The span of the whole body.
    braces: Span,
    /// Are there no other layers above the one that is being expanded?
    pub(crate) is_outermost: bool,
    pub(super) shape: Shape,
    /// What the layers above see as the output type, if the next layer returns another type than its body.
    pub(crate) returned: Option<Type>,
    /// What the next layer may not move.
    pub(crate) lent: Lent,
    /// Patterns of parameters that have been given a name, until they are destructured.
    pub(super) patterns: Vec<(usize, Pat)>,
    /// An option of the next layer: arguments that only this option mentions stay outside.
    pub(crate) option: TokenStream,
    /// The options of this layer and of those above: patterns whose names they mention stay outside.
    pub(super) options: TokenStream,
    /// Patterns that a layer has moved into a closure of its own, and the names that replace them.
    pub(crate) taken: Vec<(Ident, Pat)>,
    /// Names that were made `mut` for the expansion.
    pub(crate) made_mut: Vec<Ident>,
    /// The expression for one call: a single block at first, then wrapped by each decorator.
    pub(crate) body: TokenStream,
    /// The same where it is one future that owns what it needs: how that begins, for a closure.
    pub(super) start: Option<TokenStream>,
    /// That of the layers below, for the layer that is to be applied.
    pub(super) below: Option<TokenStream>,
}

impl Parse for Func {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let modifier = if is_default(input) { Some(input.parse()?) } else { None };
        let mut sig: Signature = input.parse()?;
        present::drop_absent(&mut sig);
        let block: Group = input.parse()?;
        let (inner_attrs, statements) = split_inner_attributes(block.stream());
        let mut without = Group::new(Delimiter::Brace, statements.into_iter().collect());
        without.set_span(block.span());
        let (shape, body) = shape::of(&mut sig, &without);
        Ok(Func {
            attrs,
            vis,
            modifier,
            sig,
            inner_attrs,
            braces: block.span(),
            is_outermost: true,
            shape,
            returned: None,
            lent: Lent::default(),
            patterns: Vec::new(),
            option: TokenStream::new(),
            options: TokenStream::new(),
            taken: Vec::new(),
            made_mut: Vec::new(),
            body,
            start: None,
            below: None,
        })
    }
}

/// `default fn`, but not a function type or a macro called `default`.
fn is_default(input: ParseStream) -> bool {
    let ahead = input.fork();
    ahead.parse::<Ident>().is_ok_and(|word| word == "default") && !ahead.peek(syn::Token![!])
}

impl ToTokens for Func {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Func { attrs, vis, modifier, inner_attrs, braces, shape, body, .. } = self;
        let mut sig = self.sig.clone();
        let body = match shape {
            Shape::Boxed(boxed) => boxed.around(body, &mut sig),
            Shape::Sync | Shape::Async => body.clone(),
        };
        // Our own braces inside the user's. The inner ones have our edition, so that temporaries of the last expression
        // are dropped before our locals. The outer ones keep this the function that the user wrote, for `dead_code` and
        // other lints.
        let mut block = Group::new(Delimiter::Brace, ours!(#inner_attrs { #body }));
        block.set_span(*braces);
        tokens.extend(quote!(#(#attrs)* #vis #modifier #sig #block));
    }
}

const BLOCKS: &str = "this function is not async: it waits with `block_on`, which `#[tokio::test]`, `#[tokio::main]` and \
                      the like write into an `async fn`; move the attribute to an `async fn` that it calls";

impl Func {
    /// Does the body run inside a future?
    pub(crate) fn is_async(&self) -> bool {
        !matches!(self.shape, Shape::Sync)
    }

    /// What to say where a function has to be async, and is not; in most cases `otherwise`.
    pub(crate) fn sync_message(&self, otherwise: &'static str) -> Option<&'static str> {
        if self.is_async() {
            return None;
        }
        let blocks = any_token(&self.body, |token| matches!(token, TokenTree::Ident(word) if word == "block_on"));
        Some(if blocks { BLOCKS } else { otherwise })
    }

    /// From here on the function is an `async fn`.
    pub(crate) fn become_async(&mut self) {
        if !self.is_async() {
            // With a span of the user's, for lints such as `dead_code`.
            self.sig.asyncness = Some(syn::Token![async](self.sig.fn_token.span));
            self.shape = Shape::Async;
        }
    }

    /// A function that returns a future whose body is not visible: a decorator would only wrap the creation of the
    /// future.
    pub(crate) fn hides_its_future(&self) -> bool {
        matches!(self.shape, Shape::Sync) && shape::future_output(&self.sig.output).is_some()
    }

    /// The output type of a call, with each `impl Trait` replaced by `_`.
    pub(crate) fn output(&self) -> TokenStream {
        shape::erase_impl(&self.output_type())
    }

    /// The output type of a call, as written.
    pub(crate) fn output_type(&self) -> Type {
        match (&self.shape, &self.sig.output) {
            (Shape::Boxed(boxed), _) => boxed.output.clone(),
            (_, ReturnType::Type(_, ty)) => (**ty).clone(),
            (_, ReturnType::Default) => Type::Tuple(syn::parse_quote!(())),
        }
    }

    /// Replaces that type, until it is replaced again. *Output:* the one before.
    pub(super) fn replace_output(&mut self, with: Type) -> Type {
        let before = self.output_type();
        match (&mut self.shape, &mut self.sig.output) {
            (Shape::Boxed(boxed), _) => boxed.output = with,
            (_, ReturnType::Type(_, ty)) => **ty = with,
            (_, ReturnType::Default) => {}
        }
        before
    }

    /// The span of that type, or of the signature if there is none.
    pub(crate) fn output_span(&self) -> Span {
        match (&self.shape, &self.sig.output) {
            (Shape::Boxed(boxed), _) => boxed.output.span(),
            (_, ReturnType::Type(_, ty)) => ty.span(),
            (_, ReturnType::Default) => self.sig.ident.span(),
        }
    }

    pub(crate) fn never_returns(&self) -> bool {
        matches!(shape::bare(&self.output_type()), Type::Never(_))
    }

    /// May the type be a `Result`, under any name?
    pub(crate) fn may_be_result(&self) -> bool {
        shape::may_be_result(&self.output_type())
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident(name))
    }

    /// The statements of a function that returns a future before it creates the future.
    pub(crate) fn statements_before_future(&self) -> Option<&TokenStream> {
        match &self.shape {
            Shape::Boxed(boxed) => Some(&boxed.statements).filter(|statements| !statements.is_empty()),
            Shape::Sync | Shape::Async => None,
        }
    }

    /// A closure that returns the outcome of a call from its value.
    pub(crate) fn outcome(&self, krate: &Krate) -> TokenStream {
        if !self.may_be_result() {
            return krate.private("success");
        }
        let (infallible, probe) = (krate.private("Infallible"), krate.private("Probe"));
        let output = self.output();
        ours!(|value: &#output| {
            // A `Result` does not need it.
            #[allow(unused_imports)]
            use #infallible as _;
            #probe(value).kind()
        })
    }

    /// The output type of a call, as an argument of a generic function: `_` for `!`, over which nothing is generic.
    pub(crate) fn inferred_output(&self) -> TokenStream {
        if self.never_returns() { quote!(_) } else { self.output() }
    }

    /// The `-> Type` of a closure that holds the body; nothing for `-> !`.
    pub(crate) fn closure_output(&self) -> TokenStream {
        let output = self.output();
        if self.never_returns() { TokenStream::new() } else { quote!(-> #output) }
    }

    /// The value of the body, in which `?` and `return` only end the body. The closure is called here rather than in a
    /// generic function of ours: the compiler allows just 128 nested uses of one, and chains of calls may be longer.
    /// In an async function, the body's future is awaited here.
    pub(crate) fn value(&mut self, krate: &Krate) -> TokenStream {
        if self.is_async() {
            let future = self.future(krate);
            return ours!(#future.await);
        }
        let (once, closure) = (krate.private("once"), self.closure());
        ours!(#once(#closure)())
    }

    /// The body for an async block. It starts with a dead `return`, which tells the compiler the type of the block, as
    /// a function's signature does, so that `?`, `return` and coercions work.
    pub(crate) fn pinned_body(&self, krate: &Krate) -> TokenStream {
        self.pinned_to(&self.output(), krate)
    }

    /// Like [`pinned_body`](Self::pinned_body), with the type as a closure names it.
    pub(crate) fn pinned_to(&self, output: &TokenStream, krate: &Krate) -> TokenStream {
        let body = &self.body;
        if self.never_returns() || output.is_empty() {
            return body.clone();
        }
        // The written type explains a mistake in the body.
        let written = self.output_type().span();
        let absurd = located_at(krate.private("absurd"), written);
        let body = if shape::may_be_future(&self.output_type()) {
            // `clippy::async_yields_async` checks the last expression of a block, but not that of an `async fn`.
            ours!(return { #body };)
        } else {
            body.clone()
        };
        quote_spanned!(ours_at(written) => if false { return #absurd::<#output>(); } #body)
    }

    /// Gives each parameter a name. A pattern is destructured in the next closure or future that holds the body, unless
    /// its names are used outside of the body.
    pub(crate) fn name_arguments(&mut self, is_kept: impl Fn(&Pat) -> bool) {
        for (index, input) in self.sig.inputs.iter_mut().enumerate() {
            let FnArg::Typed(typed) = input else { continue };
            if plain_name(&typed.pat).is_none() && !is_kept(&typed.pat) {
                let name = numbered("argument", index);
                let pattern = core::mem::replace(&mut *typed.pat, syn::parse_quote!(#name));
                self.patterns.push((index, pattern));
            }
        }
    }

    /// *Input:* `mut n: u32, (a, b): (&'a str, impl Display)`. *Output:* the same for a closure that holds the body,
    /// `mut n: u32, (a, b): (&'_ str, _)`, with the types as `write` writes them; the function's own parameters become
    /// plain names.
    pub(crate) fn take_parameters(&mut self, write: fn(&Type) -> TokenStream) -> Vec<TokenStream> {
        let moved = self.moved();
        let mut lets = TokenStream::new();
        let parameter = |(index, input): (usize, &mut FnArg)| {
            let FnArg::Typed(typed) = input else { return None };
            let (attrs, pat, ty) = (&typed.attrs, &typed.pat, write(&typed.ty));
            // The unbound parts of the pattern are dropped at once, and the others in order.
            // The names are bound a second time: clippy has lints against any kind of it.
            let parameter = if moved.iter().any(|first| *first <= index) {
                let name = numbered("argument", index);
                let value = if moved.contains(&index) { ours!({ #name }) } else { quote!(#name) };
                lets.extend(ours!(#[allow(clippy::restriction)] let #pat = #value;));
                quote!(#(#attrs)* #name: #ty)
            } else {
                quote!(#(#attrs)* #[allow(clippy::restriction)] #pat: #ty)
            };
            // Only the body knows whether it is used.
            let left = plain_name(&typed.pat).filter(|name| !is_unused(name)).cloned();
            let left = left.unwrap_or_else(|| {
                let name = Ident::new(&format!("argument{index}"), ours_at(typed.pat.span()));
                self.taken.push((name.clone(), (*typed.pat).clone()));
                name
            });
            *typed.pat = syn::parse_quote!(#left);
            Some(parameter)
        };
        let parameters = self.sig.inputs.iter_mut().enumerate().filter_map(parameter).collect();
        let body = &self.body;
        self.body = ours!(#lets #body);
        parameters
    }

    /// The `-> Type` of a closure that holds the body and takes its parameters.
    pub(crate) fn taken_output(&self, write: fn(&Type) -> TokenStream) -> TokenStream {
        let output = write(&self.output_type());
        if self.never_returns() { TokenStream::new() } else { quote!(-> #output) }
    }

    /// Parameters whose patterns have unbound parts, which are dropped at once.
    pub(super) fn moved(&self) -> Vec<usize> {
        match &self.shape {
            Shape::Boxed(boxed) => boxed.head.moved().collect(),
            Shape::Sync | Shape::Async => Vec::new(),
        }
    }

    /// The names that the parameters bind, without `self`.
    pub(crate) fn bound_arguments(&self) -> Vec<Ident> {
        let bound = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(bound_names(&typed.pat)),
            FnArg::Receiver(_) => None,
        });
        bound.flatten().collect()
    }

    /// The names of patterns that only a layer below binds.
    pub(crate) fn bound_below(&self) -> Vec<Ident> {
        let patterns = self.patterns.iter().map(|(_, pat)| pat);
        patterns.chain(self.taken.iter().map(|(_, pat)| pat)).flat_map(bound_names).collect()
    }

    /// The current names of the parameters, without `self`.
    pub(crate) fn argument_names(&self) -> Vec<Ident> {
        let name = |input: &FnArg| match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pat) => Some(pat.ident.clone()),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        };
        self.sig.inputs.iter().filter_map(name).collect()
    }

    /// An option that is in a static cannot depend on an argument.
    pub(crate) fn check_constant(&self, option: &str, value: Option<&impl ToTokens>, errors: &mut Errors) {
        let Some(value) = value else { return };
        let mut bound = self.bound_arguments().into_iter();
        if let Some(name) = bound.find(|name| mentions(&value.to_token_stream(), name)) {
            let message = format!(
                "`{option}` applies to the whole program, but `{name}` is an argument of one call: write a constant"
            );
            errors.at(value, message);
        } else if let Some(call) = called(&value.to_token_stream()) {
            let message = format!(
                "`{option}` applies to the whole program: write a constant, or `const {{ {call} }}` if that is a `const fn`"
            );
            errors.at(value, message);
        }
    }

    /// The rules for every decorator.
    pub(crate) fn check(&self, attribute: &Ident, errors: &mut Errors) {
        if let Some(constness) = &self.sig.constness {
            errors.at(constness, format!("`#[{attribute}]` runs code that a `const fn` cannot: remove `const`"));
        }
        if self.hides_its_future() {
            let message = format!(
                "`#[{attribute}]` would only wrap the creation of this future: write `async fn`, or end the body with \
                 `Box::pin(async move {{ .. }})`"
            );
            errors.at(&self.sig.output, message);
        }
    }
}

/// *Input:* `room()`. *Output:* the same, as written. `Duration::from_secs(1)` is taken for a constant.
fn called(value: &TokenStream) -> Option<String> {
    let Ok(Expr::Call(call)) = syn::parse2(value.clone()) else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let is_module = |segment: &syn::PathSegment| segment.ident.unraw().to_string().starts_with(char::is_lowercase);
    function.path.segments.iter().all(is_module).then(|| text(value))
}
