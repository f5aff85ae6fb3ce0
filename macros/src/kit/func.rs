//! The function under a decorator: its signature parsed, its body left as tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, FnArg, Pat, ReturnType, Signature, Type, Visibility};

use super::hold::Lent;
use super::item::split_inner_attributes;
use super::patterns::{bound_names, mentions, plain_name};
use super::present;
use super::shape::{self, Shape};
use super::tokens::{located_at, numbered, ours_at, site, text};
use super::{Errors, Krate};

/// A function. Decorators read the signature and replace `body`.
#[derive(Clone)]
pub(crate) struct Func {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// `default`, of specialisation; carried along.
    modifier: Option<Ident>,
    pub(crate) sig: Signature,
    inner_attrs: TokenStream,
    /// Of the whole body.
    braces: Span,
    /// Do no other layers stand above the one that is expanded?
    pub(crate) is_outermost: bool,
    pub(super) shape: Shape,
    /// What the layer that is to be applied may not use up.
    pub(crate) lent: Lent,
    /// Patterns of parameters that have got a name, until they are taken apart.
    pub(super) patterns: Vec<(usize, Pat)>,
    /// An option of the layer that is to be applied: arguments of which it alone speaks stay outside.
    pub(crate) option: TokenStream,
    /// The options of this layer and of those above: patterns of whose names they speak stay outside.
    pub(super) options: TokenStream,
    /// Patterns that a layer has taken for a closure of its own, and the names that are left.
    pub(crate) taken: Vec<(Ident, Pat)>,
    /// Names that are `mut` for our sake.
    pub(crate) made_mut: Vec<Ident>,
    /// What is evaluated for one call: one block at first, wrapped by each decorator.
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
        // Our own braces inside of the user's. The inner ones are of our edition: what the last expression leaves is
        // dropped before our locals. The outer ones keep the function one that the user wrote, for `dead_code` and others.
        let mut block = Group::new(Delimiter::Brace, quote_spanned!(site() => #inner_attrs { #body }));
        block.set_span(*braces);
        tokens.extend(quote!(#(#attrs)* #vis #modifier #sig #block));
    }
}

impl Func {
    /// Does the body run inside a future?
    pub(crate) fn is_async(&self) -> bool {
        !matches!(self.shape, Shape::Sync)
    }

    /// From here on the function is an `async fn`.
    pub(crate) fn become_async(&mut self) {
        if !self.is_async() {
            // At a place of the user's, for lints such as `dead_code`.
            self.sig.asyncness = Some(syn::Token![async](self.sig.fn_token.span));
            self.shape = Shape::Async;
        }
    }

    /// A function that returns a future whose body cannot be seen: decorating it would decorate the making of the future.
    pub(crate) fn hides_its_future(&self) -> bool {
        matches!(self.shape, Shape::Sync) && shape::future_output(&self.sig.output).is_some()
    }

    /// The type that one call gives, each `impl Trait` in it replaced by `_`.
    pub(crate) fn output(&self) -> TokenStream {
        shape::erase_impl(&self.output_type())
    }

    /// The type that one call gives, as it was written.
    pub(crate) fn output_type(&self) -> Type {
        match (&self.shape, &self.sig.output) {
            (Shape::Boxed(boxed), _) => boxed.output.clone(),
            (_, ReturnType::Type(_, ty)) => (**ty).clone(),
            (_, ReturnType::Default) => Type::Tuple(syn::parse_quote!(())),
        }
    }

    /// Where that type stands; the signature when there is none.
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

    /// May the type be a `Result`, under whatever name?
    pub(crate) fn may_be_result(&self) -> bool {
        shape::may_be_result(&self.output_type())
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attrs.iter().any(|attr| attr.path().is_ident(name))
    }

    /// What a function that returns a future does before it makes it.
    pub(crate) fn statements_before_future(&self) -> Option<&TokenStream> {
        match &self.shape {
            Shape::Boxed(boxed) => Some(&boxed.statements).filter(|statements| !statements.is_empty()),
            Shape::Sync | Shape::Async => None,
        }
    }

    /// A closure that tells how a call ended by its value.
    pub(crate) fn outcome(&self, krate: &Krate) -> TokenStream {
        if !self.may_be_result() {
            return krate.private("success");
        }
        let (infallible, probe) = (krate.private("Infallible"), krate.private("Probe"));
        let output = self.output();
        quote_spanned!(site() => |value: &#output| {
            #[allow(unused_imports)]
            use #infallible as _;
            #probe(value).kind()
        })
    }

    /// The type that one call gives, for an argument of a generic function: `_` for `!`, which nothing is generic over.
    pub(crate) fn inferred_output(&self) -> TokenStream {
        if self.never_returns() { quote!(_) } else { self.output() }
    }

    /// The `-> Type` of a closure that holds the body; nothing for `-> !`.
    pub(crate) fn closure_output(&self) -> TokenStream {
        let output = self.output();
        if self.never_returns() { TokenStream::new() } else { quote!(-> #output) }
    }

    /// The value of the body, whose `?` and `return` end the body alone. It is called here and not in a generic function of
    /// ours: 128 uses of one inside of one another are all that the compiler allows, and a chain of calls may be longer.
    pub(crate) fn value(&mut self, krate: &Krate) -> TokenStream {
        let (once, closure) = (krate.private("once"), self.closure());
        quote_spanned!(site() => #once(#closure)())
    }

    /// The body for an async block. A dead `return` first: it tells the compiler what the block gives, as a function's
    /// signature does, so that `?`, `return` and coercions work.
    pub(crate) fn pinned_body(&self, krate: &Krate) -> TokenStream {
        self.pinned_to(&self.output(), krate)
    }

    /// As [`pinned_body`](Self::pinned_body), with the type as a closure names it.
    pub(crate) fn pinned_to(&self, output: &TokenStream, krate: &Krate) -> TokenStream {
        let body = &self.body;
        if self.never_returns() || output.is_empty() {
            return body.clone();
        }
        // A mistake in the body is explained by the type that was written.
        let written = self.output_type().span();
        let absurd = located_at(krate.private("absurd"), written);
        let body = if shape::may_be_future(&self.output_type()) {
            // `clippy::async_yields_async` asks the last expression of a block, but not an `async fn`.
            quote_spanned!(site() => return { #body };)
        } else {
            body.clone()
        };
        quote_spanned!(ours_at(written) => if false { return #absurd::<#output>(); } #body)
    }

    /// Gives each parameter a name. A pattern is taken apart in the next closure or future that holds the body.
    /// One whose names are used outside of the body is kept.
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

    /// *Input:* `mut n: u32, (a, b): (&'a str, impl Display)`. *Output:* the same for a closure that holds the body, `mut
    /// n: u32, (a, b): (&'_ str, _)`, its types as `write` writes them; the function's own become plain names.
    pub(crate) fn take_parameters(&mut self, write: fn(&Type) -> TokenStream) -> Vec<TokenStream> {
        let moved = self.moved();
        let mut lets = TokenStream::new();
        let parameter = |(index, input): (usize, &mut FnArg)| {
            let FnArg::Typed(typed) = input else { return None };
            let (attrs, pat, ty) = (&typed.attrs, &typed.pat, write(&typed.ty));
            // What the pattern leaves is dropped at once, and the others in their order.
            let parameter = if moved.iter().any(|first| *first <= index) {
                let name = numbered("argument", index);
                let value = if moved.contains(&index) { quote_spanned!(site() => { #name }) } else { quote!(#name) };
                lets.extend(quote_spanned!(site() => #[allow(clippy::restriction)] let #pat = #value;));
                quote!(#(#attrs)* #name: #ty)
            } else {
                quote!(#(#attrs)* #[allow(clippy::restriction)] #pat: #ty)
            };
            // The body alone knows whether it is used.
            let left = plain_name(&typed.pat).filter(|name| !name.to_string().starts_with('_')).cloned();
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
        self.body = quote_spanned!(site() => #lets #body);
        parameters
    }

    /// The `-> Type` of a closure that holds the body and takes its parameters.
    pub(crate) fn taken_output(&self, write: fn(&Type) -> TokenStream) -> TokenStream {
        let output = write(&self.output_type());
        if self.never_returns() { TokenStream::new() } else { quote!(-> #output) }
    }

    /// Parameters of whose patterns the rest is dropped at once.
    pub(super) fn moved(&self) -> Vec<usize> {
        match &self.shape {
            Shape::Boxed(boxed) => boxed.head.moved().collect(),
            Shape::Sync | Shape::Async => Vec::new(),
        }
    }

    /// The names of the parameters as they stand, `self` left out.
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

    /// An option that stands in a static cannot be told by an argument.
    pub(crate) fn check_constant(&self, option: &str, value: Option<&impl ToTokens>, errors: &mut Errors) {
        let Some(value) = value else { return };
        let bound = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(bound_names(&typed.pat)),
            FnArg::Receiver(_) => None,
        });
        if let Some(name) = bound.flatten().find(|name| mentions(&value.to_token_stream(), name)) {
            let message = format!(
                "`{option}` holds for the whole program, and `{name}` is an argument of one call: write a constant"
            );
            errors.at(value, message);
        } else if let Some(call) = called(&value.to_token_stream()) {
            let message = format!(
                "`{option}` holds for the whole program: write a constant, or `const {{ {call} }}` if that is a `const fn`"
            );
            errors.at(value, message);
        }
    }

    /// The rules that hold for every decorator.
    pub(crate) fn check(&self, attribute: &Ident, errors: &mut Errors) {
        if let Some(constness) = &self.sig.constness {
            errors.at(constness, format!("`#[{attribute}]` runs code that a `const fn` cannot: remove `const`"));
        }
        if self.hides_its_future() {
            let message = format!(
                "`#[{attribute}]` would see only the making of this future: write `async fn`, or end the body with \
                 `Box::pin(async move {{ .. }})`"
            );
            errors.at(&self.sig.output, message);
        }
    }
}

/// *Input:* `room()`. *Output:* that, as it was written. `Duration::from_secs(1)` is a constant, as far as one can see.
fn called(value: &TokenStream) -> Option<String> {
    let Ok(Expr::Call(call)) = syn::parse2(value.clone()) else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let is_module = |segment: &syn::PathSegment| segment.ident.unraw().to_string().starts_with(char::is_lowercase);
    function.path.segments.iter().all(is_module).then(|| text(value))
}
