//! Who owns the arguments of a call.
//!
//! A layer that calls the body once owns it: the arguments move into the layer's closure or future, and are dropped
//! there in the order of a plain function, the last parameter first. A layer that may call the body again, such as
//! `#[retry]`, keeps the arguments: the layers below borrow them for each call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{FnArg, Pat, PatIdent, PatType, Receiver, ReceiverKind, Type};

use super::head;
use super::patterns::{bindings, each_binding, is_unused, mentions, plain_name};
use super::shape::{Shape, bare};
use super::tokens::{numbered, our_span, ours};
use super::{Func, Krate};

/// The arguments that belong to a layer above, which may call the body more than once.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lent {
    pub(crate) receiver: bool,
    pub(crate) arguments: bool,
    /// Two calls may run at the same time, so the borrows are shared.
    pub(crate) shared: bool,
}

impl Lent {
    pub(crate) const ALL: Lent = Lent { receiver: true, arguments: true, shared: false };
    pub(crate) const RECEIVER: Lent = Lent { receiver: true, arguments: false, shared: false };
    #[cfg(feature = "resilience")]
    pub(crate) const SHARED: Lent = Lent { shared: true, ..Lent::ALL };
}

/// The kind of a receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// `&self`
    Shared,
    /// `&mut self`
    Exclusive,
    /// `self`, `self: Arc<Self>`
    Owned,
}

impl Hold {
    pub(crate) fn of(receiver: &Receiver) -> Self {
        let reference = |is_mut: bool| if is_mut { Hold::Exclusive } else { Hold::Shared };
        match &receiver.kind {
            ReceiverKind::Reference(_, _, mutability) => reference(mutability.is_some()),
            ReceiverKind::Typed(_, ty) => match bare(ty) {
                Type::Reference(ty) => reference(ty.mutability.is_some()),
                _ => Hold::Owned,
            },
            _ => Hold::Owned,
        }
    }
}

impl Func {
    /// *Output:* `move || -> Ret { work }`, or without `move` if a layer above keeps what it borrows.
    pub(crate) fn closure(&mut self) -> TokenStream {
        self.closure_at(our_span())
    }

    /// The same, for errors about it at this span.
    pub(crate) fn closure_at(&mut self, at: Span) -> TokenStream {
        let keyword = self.hold(at);
        let (output, body) = (self.closure_output(), &self.body);
        quote_spanned!(at => #keyword || #output { #body })
    }

    /// An `async` block in any case, for a function of the user's that is generic over futures. Of such a block the compiler knows that it is one;
    /// of any other type it has to prove it, without the lifetimes, whenever it is to be shown that the call is `Send`.
    pub(crate) fn async_block_at(&mut self, at: Span, krate: &Krate) -> TokenStream {
        let keyword = self.hold(at);
        let body = self.pinned_body(krate);
        quote_spanned!(at => async #keyword { #body })
    }

    /// The kind of the receiver, if there is one.
    pub(crate) fn receiver(&self) -> Option<Hold> {
        self.sig.receiver().map(Hold::of)
    }

    /// Makes the body own everything that is not borrowed. *Output:* `move`, unless something is.
    fn hold(&mut self, at: Span) -> Option<TokenStream> {
        if self.lent.arguments {
            return None;
        }
        let borrows_self = self.lends_receiver();
        let lets = self.bind_inside(borrows_self);
        let mention = if borrows_self { TokenStream::new() } else { self.mention() };
        let body = self.bound(&lets);
        self.body = ours!(#mention #body);
        (!borrows_self).then(|| quote_spanned!(at => move))
    }

    /// The body with the arguments bound at its start: inside of the future of `#[tracing::instrument]` if they were.
    fn bound(&mut self, lets: &TokenStream) -> TokenStream {
        let body = core::mem::take(&mut self.body);
        match &self.shape {
            Shape::Boxed(boxed) if !boxed.head.is_empty() => head::inside(body, |work| ours!(#lets #work)),
            _ => ours!(#lets #body),
        }
    }

    /// Does the receiver have to be borrowed? A shared one is copied.
    pub(crate) fn lends_receiver(&self) -> bool {
        self.lent.receiver && self.receiver().is_some_and(|receiver| receiver != Hold::Shared)
    }

    /// Mentions names to capture them whole, the last one first, which is the order in which a closure drops its
    /// captures. *Output:* `let _ = (&b, &a, &self);`
    pub(super) fn mention(&self) -> TokenStream {
        let end = self.first_bound(false);
        let inputs = self.sig.inputs.iter().enumerate().take(end).rev();
        let names: Vec<Ident> = inputs.flat_map(|(index, input)| self.mentioned(index, input)).collect();
        if names.is_empty() {
            return TokenStream::new();
        }
        let quiet = names.iter().any(is_unused).then(|| quote!(#[allow(clippy::used_underscore_binding)]));
        ours!(#quiet let _ = (#(&#names,)*);)
    }

    fn mentioned(&self, index: usize, input: &FnArg) -> Vec<Ident> {
        let mut names: Vec<Ident> = match input {
            FnArg::Receiver(receiver) if Hold::of(receiver) == Hold::Owned => self.own_name().into_iter().collect(),
            FnArg::Typed(typed) if may_drop(&typed.ty) && self.is_asked_for(&typed.pat) => {
                names_of(&typed.pat).into_iter().rev().collect()
            }
            FnArg::Typed(typed) if may_drop(&typed.ty) && self.holds(index) => {
                plain_name(&typed.pat).cloned().into_iter().collect()
            }
            _ => Vec::new(),
        };
        names.retain(|name| mentions(&self.body, name));
        names
    }

    /// `self`, or the name that replaces it if the body rebinds its parameters. `None` if it is in a future of the
    /// user's, with an order of its own.
    pub(super) fn own_name(&self) -> Option<Ident> {
        let own = Ident::new("self", self.sig.receiver()?.self_token.span);
        match &self.shape {
            Shape::Boxed(boxed) => boxed.head.alias.as_ref().map(|(_, alias)| alias.clone()),
            Shape::Sync | Shape::Async => Some(own),
        }
    }

    /// Is the body inside a future of `#[tracing::instrument]`?
    pub(crate) fn is_instrumented(&self) -> bool {
        mentions(&self.body, &Ident::new("__tracing_instrument_future", our_span()))
    }

    /// Removes the `mut` from the name that replaces `self`. *Output:* whether it had one, and the name.
    pub(crate) fn take_alias_mut(&mut self) -> Option<(bool, Ident)> {
        let Shape::Boxed(boxed) = &mut self.shape else { return None };
        boxed.head.alias.as_mut().map(|(mutability, alias)| (mutability.take().is_some(), alias.clone()))
    }

    /// The patterns of the parameters of a future that is boxed by hand, which drops at once what it does not capture. A
    /// receiver that it would consume stays where it is.
    pub(crate) fn patterns_of_boxed(&self) -> Option<Vec<Pat>> {
        let Shape::Boxed(boxed) = &self.shape else { return None };
        let keeps = self.receiver().is_some_and(|receiver| receiver != Hold::Shared);
        (!keeps && boxed.head.is_empty()).then(|| self.typed().map(|typed| (*typed.pat).clone()).collect())
    }

    /// *Input:* `work`. *Output:* `let future = { let a = a; let n = a; .. async move { work } }; future.await`, for the
    /// parameters `a` with the patterns `n`, in the order in which a function drops them.
    pub(crate) fn boxed_again(&self, patterns: &[Pat], work: &TokenStream) -> TokenStream {
        let Shape::Boxed(boxed) = &self.shape else { return work.clone() };
        let (names, keywords) = (self.argument_names(), boxed.keywords());
        let again = names.iter().zip(patterns).map(|(name, pattern)| {
            ours!(#[allow(clippy::restriction)] let #name = #name; #[allow(clippy::restriction)] let #pattern = #name;)
        });
        ours!(let future = { #(#again)* #keywords { #work } }; future.await)
    }

    /// The parameters as they are now, without `self`, for a closure.
    pub(crate) fn named_parameters(&self, write: fn(&Type) -> TokenStream) -> Vec<TokenStream> {
        let named = self.typed().map(|PatType { attrs, pat, ty, .. }| {
            let ty = write(ty);
            quote!(#(#attrs)* #pat: #ty)
        });
        named.collect()
    }

    /// The parameters without `self`.
    pub(crate) fn typed(&self) -> impl Iterator<Item = &PatType> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
    }

    /// *Output:* `let _ = &self;`, so that a closure that owns it captures it whole.
    pub(crate) fn own_receiver(&self) -> Option<TokenStream> {
        let own = self.own_name().filter(|_| self.receiver() == Some(Hold::Owned) && !self.lent.receiver)?;
        mentions(&self.body, &own).then(|| ours!(let _ = &#own;))
    }

    /// Does the function drop this parameter? A future of the user's drops its own.
    fn holds(&self, index: usize) -> bool {
        let Some(FnArg::Typed(typed)) = self.sig.inputs.get(index) else { return false };
        let is_kept = |name: &Ident| mentions(&self.option, name) && !mentions(&self.body, name);
        match &self.shape {
            _ if plain_name(&typed.pat).is_some_and(is_kept) || self.is_asked_for(&typed.pat) => false,
            Shape::Boxed(boxed) => boxed.head.originals.iter().any(|original| original.index == index),
            Shape::Sync | Shape::Async => true,
        }
    }

    /// A pattern whose names are mentioned in the options of this layer or of those above.
    fn is_asked_for(&self, pat: &Pat) -> bool {
        plain_name(pat).is_none() && names_of(pat).iter().any(|name| mentions(&self.options, name))
    }

    /// Does it have a pattern, to be destructured?
    fn is_pattern(&self, index: usize, pat: &Pat) -> bool {
        (plain_name(pat).is_none() && !self.is_asked_for(pat)) || self.patterns.iter().any(|(at, _)| *at == index)
    }

    /// The first parameter to be bound inside with a `let`, like all that follow: the first one that has a pattern, or
    /// that the body does not mention. The others are captured in place, which saves a copy.
    fn first_bound(&self, from_start: bool) -> usize {
        let is_bound = |(index, input): (usize, &FnArg)| match input {
            FnArg::Receiver(_) => false,
            FnArg::Typed(_) if !self.holds(index) => self.patterns.iter().any(|(at, _)| *at == index),
            FnArg::Typed(typed) if self.is_pattern(index, &typed.pat) => true,
            FnArg::Typed(typed) => {
                let is_mentioned = plain_name(&typed.pat).is_some_and(|name| mentions(&self.body, name));
                may_drop(&typed.ty) && (from_start || !is_mentioned)
            }
        };
        self.sig.inputs.iter().enumerate().position(is_bound).unwrap_or(self.sig.inputs.len())
    }

    /// *Input:* `fn f(a: A, (b, _): B)`. *Output:* `let a = a; let argument1 = argument1; let (b, _) = argument1;`, as an
    /// `async fn` does, and `fn f(a: A, argument1: B)`.
    fn bind_inside(&mut self, from_start: bool) -> TokenStream {
        let first = self.first_bound(from_start);
        let mut patterns = core::mem::take(&mut self.patterns);
        let held: Vec<bool> = (0..self.sig.inputs.len()).map(|index| index >= first && self.holds(index)).collect();
        let asked: Vec<bool> = self
            .sig
            .inputs
            .iter()
            .map(|input| matches!(input, FnArg::Typed(typed) if self.is_asked_for(&typed.pat)))
            .collect();
        let moved = self.moved();
        let bind = |(index, input): (usize, &mut FnArg)| {
            let FnArg::Typed(typed) = input else { return None };
            let named = patterns.iter().position(|(at, _)| *at == index);
            if let Some(at) = named {
                *typed.pat = patterns.swap_remove(at).1;
            }
            let is_pattern = named.is_some() || (plain_name(&typed.pat).is_none() && !asked[index]);
            (is_pattern || (held[index] && may_drop(&typed.ty))).then(|| bind(index, typed, moved.contains(&index)))
        };
        self.sig.inputs.iter_mut().enumerate().skip(first).filter_map(bind).collect()
    }
}

/// `is_moved` means that the unbound parts of the pattern are dropped at once, otherwise after its bindings.
fn bind(index: usize, typed: &mut PatType, is_moved: bool) -> TokenStream {
    let plain = plain_name(&typed.pat).cloned();
    let name = plain.clone().unwrap_or_else(|| numbered("argument", index));
    let pattern = core::mem::replace(&mut *typed.pat, syn::parse_quote!(#name));
    let is_mut =
        bindings(&pattern).iter().any(|it| it.by_ref.is_some() && it.mutability.is_some()).then(|| quote!(mut));
    let value = if is_moved { ours!({ #name }) } else { quote!(#name) };
    let rest = (plain.is_none() && !is_moved).then(|| ours!(let #is_mut #name = #name;));
    let quiet = plain
        .as_ref()
        .filter(|name| is_unused(name))
        .map(|_| quote!(, clippy::no_effect_underscore_binding, clippy::used_underscore_binding));
    // A `let` of the same name: the closure captures all of it.
    ours!(#rest #[allow(clippy::shadow_same #quiet)] let #pattern = #value;)
}

impl Func {
    /// Prepares the body for borrowed arguments. A body that runs in a future borrows each argument as `&mut`, which
    /// can be sent to another thread whenever the argument can; a `&` cannot. *Output:*
    /// `let _ = &mut *self; let _ = &mut name; work`
    pub(super) fn lend(&mut self, lent: Lent) {
        if !lent.receiver {
            return;
        }
        if self.is_async() && !lent.shared {
            let mut borrows = self.borrow_receiver().unwrap_or_default();
            if lent.arguments {
                borrows.extend(self.borrow_arguments());
            }
            let body = core::mem::take(&mut self.body);
            self.body = head::inside(body, |work| ours!(#borrows #work));
        }
        self.body = head::without_moves(core::mem::take(&mut self.body));
    }

    fn borrow_receiver(&mut self) -> Option<TokenStream> {
        let own = Ident::new("self", self.sig.receiver()?.self_token.span);
        let alias = match &mut self.shape {
            Shape::Boxed(boxed) => boxed.head.alias.as_mut(),
            _ => None,
        };
        let name = alias.as_ref().map_or(own, |(_, alias)| alias.clone());
        match self.sig.receiver().map(Hold::of)? {
            Hold::Shared => None,
            Hold::Exclusive => Some(ours!(let _ = &mut *#name;)),
            Hold::Owned if !mentions(&self.body, &name) => None,
            Hold::Owned => {
                let mutability = match (alias, self.sig.inputs.first_mut()) {
                    (Some((mutability, _)), _) => mutability,
                    (None, Some(FnArg::Receiver(receiver))) => &mut receiver.mutability,
                    (None, _) => return None,
                };
                if mutability.is_none() {
                    *mutability = Some(syn::Token![mut](our_span()));
                    self.made_mut.push(Ident::new("self", name.span()));
                }
                Some(ours!(let _ = &mut #name;))
            }
        }
    }

    fn borrow_arguments(&mut self) -> TokenStream {
        let mut borrows = TokenStream::new();
        let Func { sig, body, made_mut, .. } = self;
        let mut borrow = |name: &mut PatIdent| {
            if !mentions(body, &name.ident) || name.by_ref.is_some() {
                return;
            }
            if name.mutability.is_none() {
                name.mutability = Some(syn::Token![mut](our_span()));
                made_mut.push(name.ident.clone());
            }
            let name = &name.ident;
            borrows.extend(ours!(let _ = &mut #name;));
        };
        for input in &mut sig.inputs {
            if let FnArg::Typed(typed) = input
                && !is_copied(&typed.ty)
            {
                each_binding(&mut typed.pat, &mut borrow);
            }
        }
        borrows
    }
}

/// Does dropping it have an effect?
pub(super) fn may_drop(ty: &Type) -> bool {
    !matches!(bare(ty), Type::Reference(_)) && !is_copied(ty)
}

/// Types that are recognisably `Copy`.
pub(crate) fn is_copied(ty: &Type) -> bool {
    match bare(ty) {
        Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => true,
        Type::Path(path) => path.path.get_ident().is_some_and(|name| COPIED.contains(&name.to_string().as_str())),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_copied),
        Type::Array(array) => is_copied(&array.elem),
        _ => false,
    }
}

const COPIED: &[&str] = &[
    "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32",
    "f64",
];

/// The names that an argument binds.
pub(crate) fn names_of(pat: &Pat) -> Vec<Ident> {
    bindings(pat).into_iter().map(|name| name.ident).collect()
}
