//! Puts a decorator on functions, by inserting text: everything else, lines included, stays as it was.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, FnArg, ImplItemFn, ItemFn, ItemImpl, ItemTrait, Pat, ReturnType, Signature, TraitItemFn, Type,
};

/// What is put where.
#[derive(Clone, Copy)]
pub struct Decorators {
    pub name: &'static str,
    pub attributes: &'static str,
    pub on: On,
}

#[derive(Clone, Copy, PartialEq)]
pub enum On {
    Functions,
    /// Those that return a `Result` or an `Option`.
    Fallible,
    /// Those that return something.
    Values,
    /// Each `impl` and `trait`, for the functions in it.
    Blocks,
    /// Functions that own what they take, as a function inside of them.
    Inside,
}

/// A function, known by the lines that it has.
pub type Lines = RangeInclusive<usize>;

/// One file with the decorators in it.
pub struct Rewritten {
    pub text: String,
    pub decorated: Vec<Lines>,
}

/// Leaves out the functions that begin on these lines.
pub fn rewrite(source: &str, decorators: Decorators, leave: &BTreeSet<usize>) -> Option<Rewritten> {
    let file = syn::parse_file(source).ok()?;
    let mut visitor = Visitor { source, decorators, leave, depth: 0, inserts: Vec::new(), decorated: Vec::new() };
    visitor.visit_file(&file);
    let Visitor { mut inserts, decorated, .. } = visitor;
    inserts.sort_by_key(|(at, _)| *at);
    let mut text = source.to_owned();
    for (at, insert) in inserts.into_iter().rev() {
        text.insert_str(at, &insert);
    }
    Some(Rewritten { text, decorated })
}

struct Visitor<'s> {
    source: &'s str,
    decorators: Decorators,
    leave: &'s BTreeSet<usize>,
    /// How many decorated blocks there are around this place.
    depth: usize,
    inserts: Vec<(usize, String)>,
    decorated: Vec<Lines>,
}

impl Visitor<'_> {
    fn function(&mut self, attrs: &[Attribute], start: Span, sig: &Signature, block: &Block, is_free: bool) {
        if sig.constness.is_some() || sig.ident == "main" || attrs.iter().any(is_other_entry) {
            return;
        }
        // An error may be about another attribute.
        let first = attrs.first().map_or(start, Spanned::span);
        let lines = first.start().line..=block.span().end().line;
        let is_left = self.leave.contains(lines.start());
        let at = start.byte_range().start;
        match self.decorators.on {
            On::Blocks if self.depth == 0 => return,
            On::Blocks if is_left => self.inserts.push((at, "#[::festoon::skip] ".to_owned())),
            On::Blocks => {}
            On::Fallible if !is_fallible(&sig.output) => return,
            On::Values if !is_value(&sig.output) => return,
            On::Inside if !is_free || !owns(sig) => return,
            _ if is_left => {}
            On::Inside => self.put_inside(sig, block),
            _ => self.inserts.push((at, format!("{} ", self.decorators.attributes))),
        }
        self.decorated.push(lines);
    }

    /// *Input:* `fn f(n: u8) -> u8 { work }`. *Output:* `fn f(n: u8) -> u8 { #[offload] fn inside(n: u8) -> u8 { work }
    /// wait(inside(n)) }`.
    fn put_inside(&mut self, sig: &Signature, block: &Block) {
        let text = |span: Span| self.source[span.byte_range()].replace('\n', " ");
        let (params, output) = (text(sig.inputs.span()), text(sig.output.span()));
        let names: Vec<String> = sig.inputs.iter().filter_map(name).collect();
        let attributes = self.decorators.attributes;
        let inside = format!("{attributes} fn festoon_inside({params}) {output} {{");
        let call = format!("}} ::festoon_corpus_support::wait(festoon_inside({}))", names.join(", "));
        self.inserts.push((block.brace_token.span.open().byte_range().end, inside));
        self.inserts.push((block.brace_token.span.close().byte_range().start, call));
    }

    /// Visits a block, with decorators on the outermost of them.
    fn block(&mut self, start: Span, visit: impl FnOnce(&mut Self)) {
        if self.decorators.on == On::Blocks && self.depth == 0 {
            self.inserts.push((start.byte_range().start, format!("{} ", self.decorators.attributes)));
        }
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.attrs, first(&item.vis, &item.sig), &item.sig, &item.block, true);
        // Items in a body belong to no block.
        let depth = std::mem::take(&mut self.depth);
        visit::visit_block(self, &item.block);
        self.depth = depth;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.attrs, first(&item.vis, &item.sig), &item.sig, &item.block, false);
        visit::visit_block(self, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, item.sig.span(), &item.sig, block, false);
            visit::visit_block(self, block);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let start = item.unsafety.map_or(item.impl_token.span, |token| token.span);
        self.block(start, |visitor| visit::visit_item_impl(visitor, item));
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        let keyword = item.unsafety.map_or(item.trait_token.span, |token| token.span);
        let start = if item.vis.span().byte_range().is_empty() { keyword } else { item.vis.span() };
        self.block(start, |visitor| visit::visit_item_trait(visitor, item));
    }
}

fn first(vis: &syn::Visibility, sig: &Signature) -> Span {
    if vis.span().byte_range().is_empty() { sig.span() } else { vis.span() }
}

/// Called by the test harness or by the compiler, and not by the crate.
fn is_other_entry(attr: &Attribute) -> bool {
    const OTHERS: &[&str] =
        &["test", "bench", "proc_macro", "proc_macro_derive", "proc_macro_attribute", "panic_handler"];
    attr.path().segments.last().is_some_and(|last| OTHERS.contains(&last.ident.to_string().as_str()))
}

fn is_fallible(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Result" || last.ident == "Option")
}

fn is_value(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty) if !matches!(&**ty, Type::Never(_)))
}

/// Can the function's body run elsewhere, as far as its text shows it?
fn owns(sig: &Signature) -> bool {
    let is_plain = sig.asyncness.is_none() && sig.abi.is_none() && sig.generics.params.is_empty();
    let is_named = sig.inputs.iter().all(|input| name(input).is_some());
    is_plain
        && is_named
        && is_value(&sig.output)
        && !sig.inputs.iter().any(|input| borrows(input))
        && !borrows(&sig.output)
}

fn name(input: &FnArg) -> Option<String> {
    match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => Some(pat.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

fn borrows(tokens: &impl Spanned) -> bool {
    let text = tokens.span().source_text().unwrap_or_default();
    ["&", "'", "impl ", "Self", "dyn "].iter().any(|mark| text.contains(mark))
}
