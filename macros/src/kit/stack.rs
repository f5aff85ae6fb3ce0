//! The order of a stack: the top attribute is the outermost wrapper, the one closest to the function is applied first.
//!
//! rustc expands the top attribute first. So an attribute that is expanded while other attribute macros are still to
//! come puts itself behind them, as `#[festoon::__private::pending(..)]`, and changes nothing. Whoever is expanded when
//! no other macro is left collects the waiting ones in their order and applies the whole stack in one pass.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Meta, token};

use super::block::{Target, attributes_of, distribute, is_private, is_skip, target};
use super::func::{Func, append_attribute};
use super::options::Options;
use super::{Errors, Krate, Reader};

/// Finds a decorator's reader by its name.
pub(crate) type Lookup = fn(&str) -> Option<Reader>;

/// One decorator of a stack, options still unread: `timed (warn_over = 5ms)`, or `timed block (..)` when it comes from
/// a whole block.
#[derive(Clone)]
struct Layer {
    name: Ident,
    from_block: bool,
    options: TokenStream,
}

impl Parse for Layer {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        let from_block = input.parse::<Option<Ident>>()?.is_some();
        let content;
        syn::parenthesized!(content in input);
        Ok(Layer { name, from_block, options: content.parse()? })
    }
}

impl ToTokens for Layer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Layer { name, options, .. } = self;
        let block = self.from_block.then(|| quote!(block));
        tokens.extend(quote!(#name #block (#options)));
    }
}

impl Layer {
    /// This layer as a waiting attribute: `pending` (everything before it has been expanded) or `block` (not yet).
    fn attribute(&self, door: &str) -> TokenStream {
        let path = Krate::find(&self.options).private(door);
        quote!(#[#path(#self)])
    }
}

/// A decorator's entry point. *Input:* its options and the item. *Output:* the item with the decorator put off, or with
/// the whole stack applied.
pub(crate) fn decorate(name: Ident, options: TokenStream, item: TokenStream, find: Lookup) -> TokenStream {
    start(Layer { name, from_block: false, options }, item, find)
}

/// `#[festoon::__private::block(name block (options))]`: a whole block's decorator on one of its functions.
pub(crate) fn block(args: TokenStream, item: TokenStream, find: Lookup) -> TokenStream {
    match syn::parse2(args) {
        Ok(layer) => start(layer, item, find),
        Err(error) => item.into_iter().chain(error.to_compile_error()).collect(),
    }
}

/// `#[festoon::__private::pending(name (options))]`: all other attribute macros have run.
pub(crate) fn pending(args: TokenStream, item: TokenStream, find: Lookup) -> TokenStream {
    match syn::parse2::<Layer>(args) {
        Ok(layer) => apply(vec![layer], true, item, find),
        Err(error) => item.into_iter().chain(error.to_compile_error()).collect(),
    }
}

/// `#[festoon::skip]`: nothing is left of it.
pub(crate) fn skip(item: TokenStream) -> TokenStream {
    item
}

fn start(layer: Layer, item: TokenStream, find: Lookup) -> TokenStream {
    let mut errors = Errors::default();
    match target(&item) {
        Target::Function if waits(&attributes_of(&item)) => append_attribute(item, layer.attribute("pending")),
        Target::Function => apply(vec![layer], false, item, find),
        Target::Block => whole_block(layer, item, find),
        Target::Bodyless => {
            let message = format!("`#[{}]` needs a body: put it on the functions that implement this one", layer.name);
            errors.at(&item, message);
            errors.beside(item)
        }
        Target::Other(word) => {
            let message = format!(
                "`#[{}]` goes on a function, or on an `impl`, `trait` or inline `mod` for each function in it",
                layer.name
            );
            errors.at(&word, message);
            errors.beside(item)
        }
    }
}

/// Are there attribute macros that have not run yet?
fn waits(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| !is_private(attr, "pending") && !is_inert(attr))
}

/// Attributes that no macro replaces. `test` is a macro, but it leaves the function as it is.
const INERT: &[&str] = &[
    "allow",
    "warn",
    "deny",
    "expect",
    "forbid",
    "doc",
    "inline",
    "cold",
    "must_use",
    "deprecated",
    "cfg",
    "track_caller",
    "no_mangle",
    "export_name",
    "link_section",
    "target_feature",
    "unsafe",
    "test",
    "ignore",
    "should_panic",
    "coverage",
    "automatically_derived",
    "rustfmt",
    "clippy",
    "diagnostic",
    "rust_analyzer",
    "instruction_set",
    "optimize",
];

fn is_inert(attr: &Attribute) -> bool {
    attr.path().segments.first().is_some_and(|first| INERT.contains(&first.ident.to_string().as_str()))
}

/// The options are read once here, so that a mistake is told once and not for each function.
fn whole_block(layer: Layer, item: TokenStream, find: Lookup) -> TokenStream {
    let mut errors = Errors::default();
    read(&layer, find, &mut errors);
    if !errors.is_empty() {
        return errors.beside(item);
    }
    let attribute = Layer { from_block: true, ..layer }.attribute("block");
    distribute(item, &attribute)
}

fn read(layer: &Layer, find: Lookup, errors: &mut Errors) -> Option<Box<dyn super::Decorator>> {
    let name = layer.name.to_string();
    let Some(reader) = find(&name) else {
        errors.at(&layer.name, format!("festoon has no decorator `{name}`"));
        return None;
    };
    let mut options = Options::parse(&name, layer.options.clone(), errors);
    let decorator = reader(&mut options);
    options.finish();
    Some(decorator)
}

/// Applies the whole stack to a function. `first` says that the layers in hand stand above the waiting ones.
fn apply(layers: Vec<Layer>, first: bool, item: TokenStream, find: Lookup) -> TokenStream {
    let (waiting, item) = collect(item);
    let stack = if first { [layers, waiting].concat() } else { [waiting, layers].concat() };
    let mut errors = Errors::default();
    let Some(mut func) = errors.take(syn::parse2::<Func>(item.clone())) else { return errors.beside(item) };
    for layer in own_before_block(&stack).into_iter().rev() {
        let krate = Krate::find(&layer.options);
        func.check(&layer.name.to_string(), &mut errors);
        let Some(decorator) = read(layer, find, &mut errors) else { continue };
        decorator.check(&func, &mut errors);
        if errors.is_empty() {
            decorator.expand(&mut func, &krate);
        } else if decorator.makes_async() {
            func.become_async();
        }
    }
    if errors.is_empty() { func.into_token_stream() } else { errors.beside(item) }
}

/// A decorator on the function itself wins over the same one on its block.
fn own_before_block(stack: &[Layer]) -> Vec<&Layer> {
    let own = |layer: &Layer| stack.iter().any(|other| !other.from_block && other.name == layer.name);
    stack.iter().filter(|layer| !(layer.from_block && own(layer))).collect()
}

/// *Input:* `#[inline] #[pending(a ())] #[pending(b ())] fn f() {}`. *Output:* `a`, `b`, and the function without them.
fn collect(item: TokenStream) -> (Vec<Layer>, TokenStream) {
    let (mut layers, mut kept) = (Vec::new(), TokenStream::new());
    let mut rest: Vec<TokenTree> = item.clone().into_iter().collect();
    let body = rest.split_off(super::tokens::attributes_end(&rest));
    for attr in attributes_of(&item) {
        match (&attr.meta, is_private(&attr, "pending")) {
            (Meta::List(list), true) if matches!(list.delimiter, syn::MacroDelimiter::Paren(token::Paren { .. })) => {
                layers.extend(syn::parse2::<Layer>(list.tokens.clone()));
            }
            _ if is_skip(&attr) => {}
            _ => attr.to_tokens(&mut kept),
        }
    }
    kept.extend(body);
    (layers, kept)
}
