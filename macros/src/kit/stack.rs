//! The order of a stack: the top attribute is the outermost wrapper, the one closest to the function is applied first.
//!
//! rustc expands the top attribute first. So an attribute that is expanded while there are other attribute macros below
//! it moves behind them, as `#[festoon::__private::pending(..)]`, and changes nothing. The one that is expanded when no
//! other macro is left collects the pending ones in order and applies the whole stack in one pass.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Meta, Path, Type};

use super::block::{distribute, is_private};
use super::fragments::keep_together;
use super::func::Func;
use super::hold::Lent;
use super::inert::is_inert;
use super::item::{Item, Kind};
use super::options::Options;
use super::order;
use super::present;
use super::tokens::{is_punct, ours};
use super::{Decorator, Errors, Krate, Reader};

/// Finds a decorator's reader by its name.
pub(crate) type Lookup = fn(&str) -> Option<Reader>;

/// One decorator of a stack, options still unread: `timed (warn_over = 5ms)`, or `timed block (..)` when it comes from
/// a whole block.
#[derive(Clone)]
struct Layer {
    name: Ident,
    from_block: bool,
    /// There is a `#[tracing::instrument]` above it, which has already run and is inside.
    is_instrumented: bool,
    options: TokenStream,
}

impl Parse for Layer {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        let mut words = Vec::new();
        while let Some(word) = input.parse::<Option<Ident>>()? {
            words.push(word);
        }
        let has = |text: &str| words.iter().any(|word| word == text);
        let (from_block, is_instrumented) = (has("block"), has("instrumented"));
        let content;
        syn::parenthesized!(content in input);
        Ok(Layer { name, from_block, is_instrumented, options: content.parse()? })
    }
}

impl ToTokens for Layer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Layer { name, options, .. } = self;
        let block = self.from_block.then(|| quote!(block));
        let instrumented = self.is_instrumented.then(|| quote!(instrumented));
        tokens.extend(quote!(#name #block #instrumented (#options)));
    }
}

impl Layer {
    /// This layer as a waiting attribute: `pending` (everything before it has been expanded) or `block` (not yet).
    fn attribute(&self, door: &str) -> TokenStream {
        let path = Krate::find(&self.options).private(door);
        quote!(#[#path(#self)])
    }

    /// The `path!` of `#[decorate(path!)]`: a macro that expands to decorators in its place.
    fn named_stack(&self) -> Option<&TokenStream> {
        let tokens: Vec<TokenTree> = self.options.clone().into_iter().collect();
        let (mark, path) = tokens.split_last()?;
        let is_path = || syn::parse2::<Path>(path.iter().cloned().collect()).is_ok();
        (self.name == "decorate" && is_punct(Some(mark), '!') && is_path()).then_some(&self.options)
    }

    /// Does this layer, nearer to the function, override `block`, which comes from a surrounding block? Two
    /// `#[decorate(..)]` are the same if they have the same decorator.
    fn replaces(&self, block: &Layer) -> bool {
        let is_same = self.name != "decorate" || self.options.to_string() == block.options.to_string();
        block.from_block && self.name == block.name && is_same
    }

    /// The others have a single handle and a single row in reports for the function.
    fn may_repeat(&self) -> bool {
        ["decorate", "invalidates", "within"].iter().any(|name| self.name == name)
    }
}

/// A decorator's entry point. *Input:* its options and the item. *Output:* the item with the decorator deferred, or
/// with the whole stack applied.
pub(crate) fn decorate(name: Ident, options: TokenStream, item: TokenStream, find: Lookup) -> TokenStream {
    let layer = Layer { name, from_block: false, is_instrumented: false, options: keep_together(options) };
    start(layer, keep_together(item), find)
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
        Ok(layer) => apply(vec![layer], true, Item::new(item), find),
        Err(error) => item.into_iter().chain(error.to_compile_error()).collect(),
    }
}

/// `#[festoon::skip]`: is removed.
pub(crate) fn skip(item: TokenStream) -> TokenStream {
    keep_together(item)
}

fn start(layer: Layer, tokens: TokenStream, find: Lookup) -> TokenStream {
    if is_compiled_out(&layer) {
        return unchanged(&layer, tokens, find);
    }
    if let Some(path) = layer.named_stack() {
        return quote!(#path { #tokens });
    }
    let mut item = Item::new(tokens.clone());
    match item.kind() {
        Kind::Function { .. } => {
            let layer = Layer { is_instrumented: order::is_instrumented_above(&layer.name, &tokens), ..layer };
            let questions = questions(&item, &layer);
            if questions.is_empty() && !waits(&item) {
                return apply(vec![layer], false, item, find);
            }
            item.attrs.extend(questions);
            item.attrs.push(layer.attribute("pending"));
            item.into_token_stream()
        }
        Kind::Block => whole_block(layer, item, find),
        Kind::Bodyless => {
            let message = format!("`#[{}]` needs a body: put it on the functions that implement this one", layer.name);
            refuse(tokens, &item, message)
        }
        Kind::Other(word) => {
            let name = layer.name;
            let message = format!(
                "`#[{name}]` goes on a function, or on an `impl`, `trait` or inline `mod` for each function in it"
            );
            refuse(tokens, &word, message)
        }
    }
}

/// The cargo feature that removes `#[timed]` from the build.
pub(crate) const TIMED_OFF: bool = cfg!(feature = "timed-off") && !cfg!(feature = "__all-features");

fn is_compiled_out(layer: &Layer) -> bool {
    TIMED_OFF && layer.name == "timed"
}

/// The unchanged item. Mistakes in the options are reported, so that a build with the decorator has no surprises.
fn unchanged(layer: &Layer, item: TokenStream, find: Lookup) -> TokenStream {
    let mut errors = Errors::default();
    read(layer, find, &mut errors);
    errors.with_item(item)
}

fn refuse(item: TokenStream, at: &impl ToTokens, message: String) -> TokenStream {
    let mut errors = Errors::default();
    errors.at(at, message);
    errors.with_item(item)
}

/// What needs to be known about the parameters. The first deferred layer asks.
fn questions(item: &Item, layer: &Layer) -> Vec<TokenStream> {
    if item.attributes().any(|attr| is_private(&attr, "pending")) {
        return Vec::new();
    }
    present::questions(item, &Krate::find(&layer.options))
}

/// Are there attribute macros that have not run yet?
fn waits(item: &Item) -> bool {
    item.attributes().any(|attr| !is_private(&attr, "pending") && !is_inert(&attr))
}

/// The options are read once here, so that a mistake is reported once and not for each function.
fn whole_block(layer: Layer, item: Item, find: Lookup) -> TokenStream {
    let mut errors = Errors::default();
    read(&layer, find, &mut errors);
    let is_same = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == layer.name);
    if let Some(again) = item.attributes().find(|attr| !layer.may_repeat() && is_same(attr)) {
        twice(&layer.name, again.path(), &mut errors);
    }
    if !errors.is_empty() {
        return errors.with_item(item.into_token_stream());
    }
    let attribute = Layer { from_block: true, ..layer }.attribute("block");
    distribute(item, &attribute).into_token_stream()
}

fn read(layer: &Layer, find: Lookup, errors: &mut Errors) -> Option<Box<dyn Decorator>> {
    let name = layer.name.to_string();
    let Some(reader) = find(&name) else {
        errors.at(&layer.name, format!("festoon has no decorator `{name}`"));
        return None;
    };
    let mut options = Options::parse(&name, layer.options.clone(), errors).at(layer.name.span());
    let decorator = reader(&mut options);
    options.finish();
    Some(decorator)
}

/// Reports the mistakes in the options of a decorator of a named stack.
pub(crate) fn check_options(name: &Ident, options: TokenStream, find: Lookup, errors: &mut Errors) {
    let layer = Layer { name: name.clone(), from_block: false, is_instrumented: false, options };
    if layer.named_stack().is_none() {
        read(&layer, find, errors);
    }
}

/// Applies the whole stack to a function. `first` means that the given layers are above the waiting ones.
fn apply(layers: Vec<Layer>, first: bool, mut item: Item, find: Lookup) -> TokenStream {
    let waiting = take_waiting(&mut item);
    let stack = if first { [layers, waiting].concat() } else { [waiting, layers].concat() };
    let mut errors = Errors::default();
    let Some(mut func) = errors.take(syn::parse2::<Func>(item.to_token_stream())) else {
        return errors.with_item(item.into_token_stream());
    };
    if let Some(layer) = stack.first() {
        func.check(&layer.name, &mut errors);
    }
    let layers = own_before_block(&stack);
    if refuse_repeats(&layers, &mut errors) {
        return errors.with_item(item.into_token_stream());
    }
    let read: Vec<_> = layers.iter().filter_map(|layer| Some((layer, read(layer, find, &mut errors)?))).collect();
    let original = func.clone();
    let by = read.iter().find_map(|(_, decorator)| decorator.isolates()).unwrap_or_default();
    let isolated = read.iter().skip_while(|(_, decorator)| decorator.isolates().is_none()).skip(1);
    let isolated: Vec<_> = isolated.map(|(layer, _)| &layer.name).collect();
    let names: Vec<_> = layers.iter().map(|layer| &layer.name).collect();
    if order::refuse(&names, &mut errors) | order::refuse_isolated(by, &isolated, &mut errors) {
        return errors.with_item(undecorated(original, item, &read));
    }
    let mut lent = vec![Lent::default()];
    for (_, decorator) in &read {
        let above = lent.last().copied().unwrap_or_default();
        let below = decorator.lends(above);
        lent.push(Lent { shared: below.shared || above.shared, ..below });
    }
    func.lend(lent.pop().unwrap_or_default());
    let mut returned = body_types(&mut func, &read);
    for (at, ((layer, decorator), lent)) in read.iter().zip(lent.iter().copied()).enumerate().rev() {
        func.is_outermost = at == 0;
        func.returned = returned.pop().flatten();
        (func.lent, func.option) = (lent, TokenStream::new());
        func.options = read[..=at].iter().map(|(layer, _)| layer.options.clone()).collect();
        wrap(&mut func, layer, &**decorator, &mut errors);
        if let Some(returned) = func.returned.take() {
            func.replace_output(returned);
        }
    }
    if errors.is_empty() {
        begin(&mut func, &original, &read, &lent);
    }
    if errors.is_empty() { func.into_token_stream() } else { errors.with_item(undecorated(original, item, &read)) }
}

/// *Output:* the item after a mistake: unchanged, unless its body does not have the type of its signature without the
/// layer that converts it.
fn undecorated(mut func: Func, item: Item, read: &[(&&Layer, Box<dyn Decorator>)]) -> TokenStream {
    let converts = |(layer, decorator): &'_ (&&Layer, Box<dyn Decorator>)| {
        Some((decorator.body_type(&func.output_type())?, Krate::find(&layer.options)))
    };
    let Some((at, (body, krate))) = read.iter().enumerate().find_map(|(at, it)| Some((at, converts(it)?))) else {
        return item.into_token_stream();
    };
    func.returned = Some(func.replace_output(body));
    read[at].1.expand(&mut func, &krate);
    if let Some(returned) = func.returned.take() {
        func.replace_output(returned);
    }
    func.into_token_stream()
}

/// *Output:* the function with the type of its body, and what each layer returns, if that is another type than that of
/// the layer below.
fn body_types(func: &mut Func, read: &[(&&Layer, Box<dyn Decorator>)]) -> Vec<Option<Type>> {
    let narrow = |(_, decorator): &(&&Layer, Box<dyn Decorator>)| {
        let body = decorator.body_type(&func.output_type())?;
        Some(func.replace_output(body))
    };
    read.iter().map(narrow).collect()
}

/// *Input:* the function with all its layers. *Output:* the same, declared as decorated, with what comes before all
/// layers.
fn begin(func: &mut Func, original: &Func, read: &[(&&Layer, Box<dyn Decorator>)], lent: &[Lent]) {
    let Some((first, _)) = read.first() else { return };
    let mut original = original.clone();
    original.is_outermost = false;
    let prologue = |((layer, decorator), lent): (&(&&Layer, Box<dyn Decorator>), &Lent)| {
        original.lent = *lent;
        decorator.prologue(&original, func, &Krate::find(&layer.options))
    };
    let prologues: Vec<_> = read.iter().zip(lent).skip(1).filter_map(prologue).collect();
    let declaration = declaration(read.iter().map(|(layer, _)| &layer.name), &Krate::find(&first.options));
    let names: Vec<&Ident> = read.iter().map(|(layer, _)| &layer.name).collect();
    let instrumented: Vec<&Ident> =
        read.iter().filter(|(layer, _)| layer.is_instrumented).map(|(layer, _)| &layer.name).collect();
    let warnings = order::warnings(&names, &instrumented);
    func.precede_all(&prologues.into_iter().collect(), &Krate::find(&first.options));
    func.precede(Some(ours!(#declaration #warnings)));
}

/// *Output:* `{ fn festoon_inside() {} declare!(Declared::new(&festoon_inside, &["timed"], place)); }` for the layers
/// that have a handle.
fn declaration<'n>(names: impl Iterator<Item = &'n Ident>, krate: &Krate) -> Option<TokenStream> {
    const HANDLES: &[&str] = &["timed", "cached", "retry"];
    let names: Vec<String> = names.map(ToString::to_string).filter(|name| HANDLES.contains(&name.as_str())).collect();
    if names.is_empty() {
        return None;
    }
    let (declare, declared, place) = (krate.private("declare"), krate.private("Declared"), krate.place());
    Some(ours!({
        fn festoon_inside() {}
        #declare!(#declared::new(
            &festoon_inside,
            &[#(#names),*],
            #place,
        ));
    }))
}

/// Wraps the function in one decorator, or reports its mistakes.
fn wrap(func: &mut Func, layer: &Layer, decorator: &dyn Decorator, errors: &mut Errors) {
    decorator.check(func, errors);
    func.below = func.start.take();
    if errors.is_empty() {
        decorator.expand(func, &Krate::find(&layer.options));
    } else if decorator.makes_async() {
        func.become_async();
    }
    func.below = None;
}

/// A decorator on the function itself overrides the same one on its block, and an inner block's overrides an outer
/// one's.
fn own_before_block(stack: &[Layer]) -> Vec<&Layer> {
    let is_kept = |(at, layer): &(usize, &Layer)| !stack[at + 1..].iter().any(|nearer| nearer.replaces(layer));
    stack.iter().enumerate().filter(is_kept).map(|(_, layer)| layer).collect()
}

/// Is a decorator on the function twice?
fn refuse_repeats(layers: &[&Layer], errors: &mut Errors) -> bool {
    let mut found = false;
    for (at, layer) in layers.iter().enumerate().filter(|(_, layer)| !layer.may_repeat()) {
        if let Some(first) = layers[..at].iter().find(|above| above.name == layer.name) {
            twice(&first.name, &layer.name, errors);
            found = true;
        }
    }
    found
}

fn twice(first: &Ident, again: &impl ToTokens, errors: &mut Errors) {
    errors.at(again, format!("`#[{first}]` is on this function twice: keep one of them"));
    errors.at(first, format!("`#[{first}]` is first given here"));
}

/// *Input:* `#[inline] #[pending(a ())] #[pending(b ())] fn f() {}`. *Output:* `a`, `b`; they are removed from the
/// function.
fn take_waiting(item: &mut Item) -> Vec<Layer> {
    let mut layers = Vec::new();
    item.attrs.retain(|attr| match waiting(attr) {
        Some(layer) => {
            layers.push(layer);
            false
        }
        None => true,
    });
    layers
}

fn waiting(attr: &TokenStream) -> Option<Layer> {
    let attr = Attribute::parse_outer.parse2(attr.clone()).ok()?.into_iter().next()?;
    match attr.meta {
        Meta::List(ref list) if is_private(&attr, "pending") => syn::parse2(list.tokens.clone()).ok(),
        _ => None,
    }
}
