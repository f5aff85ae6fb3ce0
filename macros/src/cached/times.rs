//! How many values are cached, and for how long.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ExprPath;

use super::fixed::is_constant;
use super::scope::Scope;
use crate::kit::{Amount, DurationValue, Errors, Func, Options, located_at};

/// The options that limit the size.
pub(super) struct Capacity {
    max: Option<Amount>,
    unbounded: Option<Span>,
    max_weight: Option<Amount>,
    weigh: Option<TokenStream>,
    is_lru: bool,
}

impl Capacity {
    pub(super) fn read(options: &mut Options) -> Self {
        let room = Capacity {
            max: options.count("max"),
            unbounded: options.flag("unbounded"),
            max_weight: options.size("max_weight"),
            weigh: options.value("weigh"),
            is_lru: options.choice("policy", &["lru"]).is_some(),
        };
        room.check(options);
        room
    }

    fn check(&self, options: &mut Options) {
        if let (Some(max), Some(_)) = (&self.max, self.unbounded) {
            options.at_span(max.span(), "`max` and `unbounded` contradict each other: keep one of them");
        }
        if let Some(max) = self.max.as_ref().filter(|max| max.known() == Some(0)) {
            options.at_span(max.span(), "`max = 0` would cache nothing: raise it, or remove `#[cached]`");
        }
        if let Some(weight) = self.max_weight.as_ref().filter(|weight| weight.known() == Some(0)) {
            options.at_span(weight.span(), "`max_weight = 0` would cache nothing: raise it, or remove `#[cached]`");
        }
        if self.unbounded.is_some() {
            let message = "`policy` selects what to evict, but an `unbounded` cache never evicts: keep one of them";
            options.refuse("policy", message);
        }
        if self.max_weight.is_some() {
            let message = "counts values and `max_weight` weighs them: keep one of them";
            options.refuse("max", format!("`max` {message}"));
            options.refuse("unbounded", "`unbounded` and `max_weight` contradict each other: keep one of them");
            if self.weigh.is_none() {
                options.refuse(
                    "max_weight",
                    "`max_weight` needs the weight of a value: add `weigh = |value| value.len()`",
                );
            }
        } else if self.weigh.is_some() {
            options.refuse("weigh", "`weigh` needs a bound: add `max_weight = 64mb`");
        }
    }

    /// Everything except `weigh` is in a static.
    pub(super) fn check_constants(&self, func: &Func, errors: &mut Errors) {
        for (name, amount) in [("max", &self.max), ("max_weight", &self.max_weight)] {
            func.check_constant(name, amount.as_ref(), errors);
        }
    }

    pub(super) fn settings(&self) -> TokenStream {
        let max = self.max.as_ref().map(|max| quote!(.max(#max)));
        let unbounded = self.unbounded.map(|_| quote!(.unbounded()));
        let max_weight = self.max_weight.as_ref().map(|weight| quote!(.max_weight(#weight)));
        quote!(#max #unbounded #max_weight)
    }

    /// *Input:* `weigh = |text| text.len()`. *Output:* `.weigh(|value| weight(|text| text.len(), value))`.
    pub(super) fn rules(&self, cached: &TokenStream) -> TokenStream {
        let Some(weigh) = &self.weigh else { return TokenStream::new() };
        let value = Ident::new("value", Span::mixed_site());
        quote!(.weigh(|#value| #cached::weight(#weigh, #value)))
    }

    /// *Input:* `FixedExpiry`. *Output:* `Bounded(Weighed(FixedExpiry))`.
    pub(super) fn engine(&self, times: TokenStream, scope: &Scope, cached: &TokenStream) -> TokenStream {
        let times = if self.weigh.is_some() { quote!(#cached::Weighed(#times)) } else { times };
        if self.is_lru {
            return quote!(#cached::Exact(#times));
        }
        match (scope, self.unbounded) {
            (Scope::Thread(_), None) => quote!(#cached::Local(#times)),
            (Scope::Thread(_), Some(_)) => quote!(#cached::LocalUnbounded(#times)),
            (_, None) => quote!(#cached::Bounded(#times)),
            (_, Some(_)) => quote!(#cached::Unbounded(#times)),
        }
    }
}

/// The options that limit the time.
pub(super) struct Times {
    ttl: Option<Ttl>,
    negative_ttl: Option<DurationValue>,
    jitter: Option<DurationValue>,
    tti: Option<DurationValue>,
    stale: Option<DurationValue>,
    refresh_ahead: Option<DurationValue>,
    stale_if_error: Option<DurationValue>,
}

/// `ttl = 5m`, or a function of the value.
enum Ttl {
    Fixed(DurationValue),
    /// `|value| value.lifetime`, or the path of a function
    PerValue(TokenStream),
}

impl Ttl {
    fn read(options: &mut Options) -> Option<Self> {
        Some(match options.length("ttl")? {
            DurationValue::Expr(tokens) if is_closure(&tokens) || is_function(&tokens) => Ttl::PerValue(tokens),
            length => Ttl::Fixed(length),
        })
    }

    fn is_closure(&self) -> bool {
        matches!(self, Ttl::PerValue(tokens) if is_closure(tokens))
    }

    fn known(&self) -> Option<Duration> {
        match self {
            Ttl::Fixed(length) => length.known(),
            Ttl::PerValue(_) => None,
        }
    }
}

fn is_closure(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Punct(mark)) => mark.as_char() == '|',
        Some(TokenTree::Ident(word)) => word == "move",
        _ => false,
    }
}

/// A path whose last name is spelled like a function: `rates::lifetime`, not `rates::LIFETIME`.
fn is_function(tokens: &TokenStream) -> bool {
    syn::parse2::<ExprPath>(tokens.clone())
        .is_ok_and(|path| path.path.segments.last().is_some_and(|last| !is_constant(&last.ident)))
}

impl Times {
    pub(super) fn read(options: &mut Options) -> Self {
        let times = Times {
            ttl: Ttl::read(options),
            negative_ttl: options.length("negative_ttl"),
            jitter: options.length("jitter"),
            tti: options.length("tti"),
            stale: options.length("stale"),
            refresh_ahead: options.length("refresh_ahead"),
            stale_if_error: options.length("stale_if_error"),
        };
        times.check(options);
        times
    }

    /// Each with its name and why it needs a `ttl`.
    fn named(&self) -> [(&'static str, Option<&DurationValue>, Option<&'static str>); 7] {
        let ttl = match &self.ttl {
            Some(Ttl::Fixed(length)) => Some(length),
            _ => None,
        };
        [
            ("ttl", ttl, None),
            ("negative_ttl", self.negative_ttl.as_ref(), None),
            ("tti", self.tti.as_ref(), None),
            ("jitter", self.jitter.as_ref(), Some("shortens")),
            ("stale", self.stale.as_ref(), Some("starts at the end of")),
            ("refresh_ahead", self.refresh_ahead.as_ref(), Some("looks ahead to the end of")),
            ("stale_if_error", self.stale_if_error.as_ref(), Some("starts at the end of")),
        ]
    }

    fn check(&self, options: &mut Options) {
        for (name, length, reason) in self.named() {
            let Some(length) = length else { continue };
            if length.known() == Some(Duration::ZERO) {
                options.at_span(length.span(), zero(name));
            }
            if let (None, Some(reason)) = (&self.ttl, reason) {
                options.refuse(name, format!("`{name}` {reason} a `ttl`: add one, such as `ttl = 5m`"));
            }
        }
        let ttl = self.ttl.as_ref().and_then(Ttl::known);
        for (name, length) in [("jitter", &self.jitter), ("refresh_ahead", &self.refresh_ahead)] {
            if let (Some(ttl), Some(length)) = (ttl, length)
                && length.known().is_some_and(|known| known >= ttl)
            {
                options
                    .at_span(length.span(), format!("`{name}` has to be shorter than `ttl`, or no value would last"));
            }
        }
    }

    /// They are in a static.
    pub(super) fn check_constants(&self, func: &Func, errors: &mut Errors) {
        for (name, length, _) in self.named() {
            func.check_constant(name, length, errors);
        }
        if let Some(Ttl::PerValue(asked)) = self.ttl.as_ref().filter(|ttl| !ttl.is_closure()) {
            func.check_constant("ttl", Some(asked), errors);
        }
    }

    pub(super) fn settings(&self) -> TokenStream {
        let each = self.named().into_iter().filter_map(|(name, length, _)| {
            let name = Ident::new(name, Span::call_site());
            length.map(|length| quote!(.#name(#length)))
        });
        each.collect()
    }

    pub(super) fn rules(&self) -> TokenStream {
        let ttl = match &self.ttl {
            Some(Ttl::PerValue(closure)) => quote!(.ttl(#closure)),
            _ => TokenStream::new(),
        };
        let stale_if_error =
            self.stale_if_error.as_ref().map(|length| located_at(quote!(.stale_if_error()), length.span()));
        quote!(#ttl #stale_if_error)
    }

    /// The times that a store keeps with each value.
    pub(super) fn kind(&self, cached: &TokenStream) -> TokenStream {
        if self.tti.is_some() || self.stale_if_error.is_some() || self.is_refreshed() {
            quote!(#cached::SlidingExpiry)
        } else if self.ttl.is_some() || self.negative_ttl.is_some() {
            quote!(#cached::FixedExpiry)
        } else {
            quote!(#cached::NoExpiry)
        }
    }

    /// Are values recomputed in the background?
    pub(super) fn is_refreshed(&self) -> bool {
        self.stale.is_some() || self.refresh_ahead.is_some()
    }

    /// `Err` and `None` are cached too.
    pub(super) fn keeps_negatives(&self) -> bool {
        self.negative_ttl.is_some()
    }

    pub(super) fn stale_if_error(&self) -> Option<&DurationValue> {
        self.stale_if_error.as_ref()
    }

    pub(super) fn negative_ttl(&self) -> Option<&DurationValue> {
        self.negative_ttl.as_ref()
    }
}

fn zero(name: &str) -> String {
    match name {
        "ttl" | "negative_ttl" | "tti" => {
            format!("with a `{name}` of zero values expire before they are cached: raise it")
        }
        _ => format!("`{name} = 0` has no effect: raise it, or remove it"),
    }
}

/// `tags("prices", "shop")`
pub(super) fn tags(options: &mut Options) -> Vec<TokenStream> {
    let tags = options.list("tags").unwrap_or_default();
    for tag in &tags {
        if !tag.to_token_stream().to_string().starts_with('"') {
            options.error(tag, "a tag is a text: `tags(\"prices\")`");
        }
    }
    tags
}
