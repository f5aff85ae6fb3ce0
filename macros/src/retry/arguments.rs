//! The function's arguments in each attempt.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{FnArg, Pat, Receiver, Type};

use crate::kit::{
    Errors, Func, Hold, Options, bindings, did_you_mean, each_binding, is_copied, is_same, is_unused, local, meant,
    mentions, names_of, numbered, our_span, ours, ours_at, rename_self, text,
};

/// `clone(url, self)`, `keep(log)`
pub(super) struct Clones {
    clones: Vec<Ident>,
    keeps: Vec<Ident>,
}

impl Clones {
    pub(super) fn read(options: &mut Options) -> Self {
        let clones = read_names("clone", "write `clone(url, body)`", options);
        let keeps = read_names("keep", "write `keep(log)`", options);
        for name in keeps.iter().filter(|name| has(&clones, name)) {
            options.error(name, format!("`{name}` is cloned for each attempt: remove `clone` or `keep`"));
        }
        Clones { clones, keeps }
    }

    /// With the names of the arguments that they refer to.
    pub(super) fn of(&self, func: &Func) -> Self {
        let known: Vec<Ident> = func.sig.inputs.iter().flat_map(names).collect();
        let of = |words: &[Ident]| words.iter().map(|word| meant(word, &known).unwrap_or(word.clone())).collect();
        Clones { clones: of(&self.clones), keeps: of(&self.keeps) }
    }

    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        for name in &self.clones {
            match check_name(name, func, errors) {
                Some(input) if is_borrowed(input) => {
                    errors.at(name, format!("every attempt borrows `{name}` again: there is nothing to clone"));
                }
                _ => {}
            }
        }
        for name in &self.keeps {
            if check_name(name, func, errors).is_some_and(|input| !has(&mut_names(input, func), name)) {
                let message = "is not `mut`: it is the same in every attempt, and there is nothing to keep";
                errors.at(name, format!("`{name}` {message}"));
            }
        }
    }

    /// *Input:* `url`. *Output:* `let mut clone0 = Some(url);`, to go before the loop.
    pub(super) fn before(&self) -> TokenStream {
        let keep = self.clones.iter().enumerate().map(|(index, name)| {
            let kept = numbered("clone", index);
            ours!(let mut #kept = ::core::option::Option::Some(#name);)
        });
        keep.collect()
    }

    /// *Input:* `url`. *Output:* `let url = hand(&mut clone0, retry.is_last());`, to go at the start of each attempt.
    pub(super) fn each(&self, func: &mut Func, retry: &TokenStream) -> TokenStream {
        let hand = self.clones.iter().enumerate().map(|(index, name)| {
            let at = ours_at(name.span());
            let kept = Ident::new(&format!("clone{index}"), at);
            let (is_mut, name) = if name == "self" { take_self(func) } else { (take_mut(func, name), name.clone()) };
            let is_mut = is_mut.then(|| quote!(mut));
            quote_spanned!(at => let #is_mut #name = #retry::take_or_clone(&mut #kept, retry.is_last());)
        });
        hand.collect()
    }

    /// Owned arguments, which an attempt may move.
    pub(super) fn at_risk(&self, func: &Func) -> Vec<Ident> {
        let owned = |input: &FnArg| match input {
            FnArg::Receiver(receiver) if Hold::of(receiver) == Hold::Owned => vec![own_name(receiver)],
            FnArg::Typed(typed) if !is_copied(&typed.ty) => names_of(&typed.pat),
            _ => Vec::new(),
        };
        func.sig.inputs.iter().flat_map(owned).filter(|name| !has(&self.clones, name)).collect()
    }

    /// `mut n: u32`: an argument that the body changes has its original value in each attempt. *Output:* what to save
    /// before the loop, and what to restore before the next attempt.
    pub(super) fn restored(&self, func: &Func) -> (TokenStream, TokenStream) {
        let is_given = |name: &Ident| has(&self.clones, name) || has(&self.keeps, name);
        let inputs = func.sig.inputs.iter().filter(|input| !is_reborrowed(input));
        let changed = inputs.flat_map(|input| mut_names(input, func)).filter(|name| !is_given(name));
        let pairs = changed.enumerate().map(|(index, name)| {
            let saved = numbered("saved", index);
            (save(&saved, &name), ours!(#name = #saved;))
        });
        pairs.unzip()
    }
}

/// *Output:* `let saved0 = copy of n;`. For a type that is not `Copy`, the compiler reports what to write.
fn save(saved: &Ident, name: &Ident) -> TokenStream {
    let message = format!("`{name}` would keep the changes of a failed attempt; write `clone({name})`");
    let label = format!("the next attempt would continue with this value; with `clone({name})` each has its own");
    let note = format!("write `keep({name})` if the attempts are meant to share it");
    let saved_here = quote_spanned!(ours_at(name.span()) => FestoonSaves::saved(&#name));
    ours!(let #saved = {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        trait FestoonSaves {
            fn saved(&self) -> Self;
        }
        #[diagnostic::do_not_recommend]
        impl<T: ::core::marker::Copy> FestoonSaves for T {
            fn saved(&self) -> Self {
                *self
            }
        }
        #saved_here
    };)
}

/// *Input:* `url`. *Output:* `let again = f;`, which returns the attempt that it receives. If that moves an argument
/// out of its place, it does not implement `FnMut`, and the compiler reports what to write.
pub(super) fn again(at_risk: &[Ident], func: &Func) -> TokenStream {
    let names = at_risk.iter().map(|name| shown(name, func)).collect::<Vec<_>>().join(", ");
    let (message, at) = match at_risk {
        [name] if is_taken(name, func) => {
            (format!("{names} is moved by the first attempt; {NAME_IT}"), ours_at(name.span()))
        }
        [name] => (format!("`{name}` is moved by the first attempt; write `clone({name})`"), ours_at(name.span())),
        _ => (format!("one of {names} is moved by the first attempt; write `clone(..)` with its name"), our_span()),
    };
    let attempt = if func.is_async() { quote!(::core::ops::AsyncFnMut) } else { quote!(::core::ops::FnMut) };
    let checked = quote_spanned!(at => festoon_again);
    ours!(let again = {
        #[diagnostic::on_unimplemented(message = #message, label = "the next attempt needs it again")]
        trait FestoonAgain {}
        #[diagnostic::do_not_recommend]
        impl<F: #attempt() -> R, R> FestoonAgain for F {}
        #[inline]
        fn festoon_again<F: FestoonAgain>(attempt: F) -> F {
            attempt
        }
        #checked
    };)
}

/// For a pattern that a layer below takes whole.
const NAME_IT: &str = "give it a name instead of a pattern, and write `clone(..)` with that";

fn is_taken(name: &Ident, func: &Func) -> bool {
    func.taken.iter().any(|(left, _)| left == name)
}

/// As written.
fn shown(name: &Ident, func: &Func) -> String {
    let taken = func.taken.iter().find(|(left, _)| left == name);
    taken.map_or_else(|| format!("`{name}`"), |(_, pattern)| format!("`{}`", text(pattern)))
}

fn read_names(option: &'static str, form: &str, options: &mut Options) -> Vec<Ident> {
    let mut names: Vec<Ident> = Vec::new();
    for part in options.list(option).unwrap_or_default() {
        match Ident::parse_any.parse2(part.clone()) {
            Ok(name) if has(&names, &name) => options.error(&name, format!("`{name}` is given twice")),
            Ok(name) => names.push(name),
            Err(_) => options.error(&part, format!("`{option}` takes names of arguments: {form}")),
        }
    }
    names
}

fn has(names: &[Ident], name: &Ident) -> bool {
    names.iter().any(|known| is_same(known, name))
}

/// The argument with that name.
fn check_name<'f>(name: &Ident, func: &'f Func, errors: &mut Errors) -> Option<&'f FnArg> {
    let input = func.sig.inputs.iter().find(|input| has(&names(input), name));
    if input.is_none() && func.taken.iter().any(|(_, pattern)| has(&names_of(pattern), name)) {
        errors.at(name, format!("a decorator below takes the whole argument that contains `{name}`: {NAME_IT}"));
    } else if input.is_none() {
        let known: Vec<String> = func.sig.inputs.iter().flat_map(names).map(|name| name.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = did_you_mean(&name.to_string(), &known);
        errors.at(name, format!("this function has no argument `{name}`{hint}"));
    }
    input
}

/// `&mut T` arguments are reborrowed for each attempt, so that a body that moves one into a generic function works.
/// *Input:* `buf: &mut Vec<u8>`. *Output:* `let buf = &mut *buf;`, to go before the body.
pub(super) fn reborrows(func: &mut Func) -> TokenStream {
    let mut all = TokenStream::new();
    for input in &mut func.sig.inputs {
        if !is_reborrowed(input) {
            continue;
        }
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(pat) = &mut *typed.pat else { continue };
        // Changes that an attempt makes to the name itself are its own.
        let (is_mut, name) = (pat.mutability.take(), &pat.ident);
        all.extend(ours!(let #is_mut #name = &mut *#name;));
    }
    all
}

fn is_reborrowed(input: &FnArg) -> bool {
    let FnArg::Typed(typed) = input else { return false };
    let (Pat::Ident(pat), Type::Reference(reference)) = (&*typed.pat, &*typed.ty) else { return false };
    reference.mutability.is_some() && pat.by_ref.is_none() && !is_unused(&pat.ident)
}

/// Are all arguments borrowed, or of a type that is copied, so that no attempt can move one? And is none of them `mut`?
pub(super) fn lends_all(func: &Func) -> bool {
    let is_lent = |input: &FnArg| match input {
        FnArg::Receiver(receiver) => Hold::of(receiver) != Hold::Owned,
        FnArg::Typed(typed) => is_copied(&typed.ty),
    };
    let is_fixed = |input: &FnArg| is_reborrowed(input) || mut_names(input, func).is_empty();
    func.sig.inputs.iter().all(|input| is_lent(input) && is_fixed(input))
}

/// Does an option's expression use an argument?
pub(super) fn mentions_argument(expr: &TokenStream, func: &Func) -> bool {
    func.sig.inputs.iter().flat_map(names).any(|name| mentions(expr, &name))
}

fn is_borrowed(input: &FnArg) -> bool {
    match input {
        FnArg::Receiver(receiver) => Hold::of(receiver) != Hold::Owned,
        FnArg::Typed(typed) => matches!(&*typed.ty, Type::Reference(reference) if reference.mutability.is_some()),
    }
}

/// The names that an argument binds.
fn names(input: &FnArg) -> Vec<Ident> {
    match input {
        FnArg::Receiver(receiver) => vec![own_name(receiver)],
        FnArg::Typed(typed) => names_of(&typed.pat),
    }
}

fn own_name(receiver: &Receiver) -> Ident {
    Ident::new("self", receiver.self_token.span)
}

/// Those that the user declared `mut`.
fn mut_names(input: &FnArg, func: &Func) -> Vec<Ident> {
    let names = match input {
        FnArg::Receiver(receiver) => receiver.mutability.iter().map(|_| own_name(receiver)).collect(),
        FnArg::Typed(typed) => {
            let names = bindings(&typed.pat).into_iter();
            let changed = names.filter(|name| name.mutability.is_some() && name.by_ref.is_none());
            changed.map(|name| name.ident).collect::<Vec<_>>()
        }
    };
    names.into_iter().filter(|name| !has(&func.made_mut, name)).collect()
}

/// *Input:* `mut url: String`. *Output:* `url: String`, and whether there was a `mut`.
fn take_mut(func: &mut Func, name: &Ident) -> bool {
    let mut was_mut = false;
    for input in &mut func.sig.inputs {
        if let FnArg::Typed(typed) = input {
            each_binding(&mut typed.pat, &mut |binding| {
                if is_same(&binding.ident, name) && binding.by_ref.is_none() {
                    was_mut |= binding.mutability.take().is_some();
                }
            });
        }
    }
    was_mut
}

/// `self` cannot be renamed in the signature, so the body gets another name for it. *Output:* whether it is `mut`, and
/// that name.
fn take_self(func: &mut Func) -> (bool, Ident) {
    if let Some((mutability, alias)) = func.take_alias_mut() {
        return (mutability, alias);
    }
    let this = local("this");
    let body = core::mem::take(&mut func.body);
    func.body = rename_self(body, &this);
    let receiver = func.sig.inputs.iter_mut().find_map(|input| match input {
        FnArg::Receiver(receiver) => receiver.mutability.take(),
        FnArg::Typed(_) => None,
    });
    (receiver.is_some(), this)
}
