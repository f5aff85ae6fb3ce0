//! `#[hedge]`: a second call when the first one is slow.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::{FnArg, Pat, Type};

use crate::kit::{
    Decorator, DurationValue, Errors, Func, Hold, Krate, Lent, Number, Options, bindings, is_copied, located_at, ours,
};
use crate::policy::Key;

/// The options of `#[hedge]`.
struct Hedge {
    after: Option<After>,
    budget: Option<Number>,
    clones: Vec<Ident>,
    /// The span of the attribute, for errors.
    span: Span,
}

/// `after = 100ms`, `after = p95`
enum After {
    DurationValue(DurationValue),
    Share(f64),
}

const SHARES: [(&str, f64); 5] = [("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let budget = budget(options);
    let clones = options.list("clone").unwrap_or_default();
    let clones = clones.iter().filter_map(|name| clone_name(name, options)).collect();
    let after = after(options);
    if options.flag("idempotent").is_none() {
        options.missing(
            "a hedge runs the body twice at the same time: write `#[hedge(after = 100ms, idempotent)]` if that is safe",
        );
    }
    Box::new(Hedge { after, budget, clones, span: options.span() })
}

fn after(options: &mut Options) -> Option<After> {
    let Some(tokens) = options.tokens("after") else {
        options.missing("missing start of the second call: write `after = 100ms` or `after = p95`");
        return None;
    };
    let word = tokens.to_string();
    if let Some((_, share)) = SHARES.iter().find(|(name, _)| *name == word) {
        return Some(After::Share(*share));
    }
    let is_share =
        word.strip_prefix('p').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()));
    if is_share {
        options.error(&tokens, "`after` has to be a duration, or one of `p50`, `p75`, `p90`, `p95`, `p99`");
        return None;
    }
    options.convert(&tokens, DurationValue::parse).map(After::DurationValue)
}

fn budget(options: &mut Options) -> Option<Number> {
    let tokens = options.tokens("budget")?;
    let share = options.convert(&tokens, Number::parse)?;
    if share.known().is_some_and(|share| share <= 0.0 || share > 1.0) {
        options.error(&tokens, "`budget` is the number of second calls per call: expected more than 0, and at most 1");
    }
    Some(share)
}

fn clone_name(tokens: &TokenStream, options: &mut Options) -> Option<Ident> {
    let name = <Ident as syn::ext::IdentExt>::parse_any.parse2(tokens.clone()).ok();
    if name.as_ref().is_none_or(|name| name == "self") {
        options.error(tokens, "`clone(..)` takes names of arguments: write `clone(url)`");
        return None;
    }
    name
}

impl Decorator for Hedge {
    fn check(&self, func: &Func, errors: &mut Errors) {
        let otherwise = "a sync function cannot run twice at once on one thread: make it `async`";
        if let Some(message) = func.sync_message(otherwise) {
            errors.at_span(self.span, message);
        }
        if let Some(After::DurationValue(length)) = &self.after {
            func.check_constant("after", Some(length), errors);
        }
        func.check_constant("budget", self.budget.as_ref(), errors);
        if let Some(receiver) = func.sig.receiver().filter(|_| func.receiver() == Some(Hold::Exclusive)) {
            errors.at(receiver, "two calls at once cannot share `&mut self`: take `&self`, and use a lock inside");
        }
        for input in &func.sig.inputs {
            if let FnArg::Typed(typed) = input {
                self.check_input(&typed.pat, &typed.ty, errors);
            }
        }
        let names: Vec<Ident> = names(func).into_iter().map(|(name, ..)| name).collect();
        for name in self.clones.iter().filter(|name| !names.contains(name)) {
            errors.at(name, format!("this function has no argument `{name}`"));
        }
    }

    /// *Input:* `{ work }`. *Output:* `race(hedge, || async { work }, outcome).await`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let Some(setting) = self.setting(krate) else { return };
        let hedge = krate.private("hedge");
        let policy = Key::none().policy(&quote!(#hedge::Hedge), &setting, krate);
        let race = located_at(quote!(#hedge::race), self.span);
        let (own, outcome) = (self.own(func), func.outcome(krate));
        let body = func.pinned_body(krate);
        func.body = ours!(#race(#policy, || async { #own #body }, #outcome).await);
    }

    /// Both calls borrow all arguments.
    fn lends(&self, _: Lent) -> Lent {
        Lent::SHARED
    }
}

impl Hedge {
    fn check_input(&self, pat: &Pat, ty: &Type, errors: &mut Errors) {
        if let Type::Reference(reference) = ty
            && reference.mutability.is_some()
        {
            errors.at(ty, "two calls at once cannot share a `&mut`: take a `&`, and use a lock inside");
        }
        for name in bindings(pat).iter().filter(|name| name.mutability.is_some()) {
            let name = &name.ident;
            if !is_copied(ty) && !self.clones.contains(name) {
                errors.at(name, format!("two calls at once would change `{name}`: write `clone({name})`"));
            }
        }
    }

    /// *Input:* `clone(url)` on `fn f(url: String, mut n: u32)`. *Output:* `let url = Clone::clone(&url); let mut n = n;`, and
    /// `fn f(url: String, n: u32)`.
    fn own(&self, func: &mut Func) -> TokenStream {
        let mut own = TokenStream::new();
        for input in &mut func.sig.inputs {
            let FnArg::Typed(typed) = input else { continue };
            let copied = is_copied(&typed.ty);
            crate::kit::each_binding(&mut typed.pat, &mut |name| {
                let is_mut = name.mutability.take();
                let ident = &name.ident;
                // A second variable of the name: clippy has lints against any kind of it.
                if self.clones.contains(ident) {
                    own.extend(
                        quote_spanned!(ident.span() => #[allow(clippy::restriction)] let #is_mut #ident = ::core::clone::Clone::clone(&#ident);),
                    );
                } else if is_mut.is_some() && copied {
                    own.extend(
                        quote_spanned!(ident.span() => #[allow(clippy::restriction)] let #is_mut #ident = #ident;),
                    );
                }
            });
        }
        own
    }

    fn setting(&self, krate: &Krate) -> Option<TokenStream> {
        let hedge = krate.private("hedge");
        let after = match self.after.as_ref()? {
            After::DurationValue(length) => quote!(after(#length)),
            After::Share(share) => quote!(after_share(#share)),
        };
        let budget = self.budget.as_ref().map(|share| quote!(.budget(#share)));
        Some(quote!(#hedge::Hedge::#after #budget))
    }
}

fn names(func: &Func) -> Vec<(Ident, bool)> {
    let of = |input: &FnArg| match input {
        FnArg::Typed(typed) => {
            bindings(&typed.pat).into_iter().map(|name| (name.ident, is_copied(&typed.ty))).collect()
        }
        FnArg::Receiver(_) => Vec::new(),
    };
    func.sig.inputs.iter().flat_map(of).collect()
}
