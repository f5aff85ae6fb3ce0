//! `#[bulkhead(10)]`: limits how many calls run at the same time.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

use crate::kit::{Amount, Decorator, Errors, Func, Krate, Options, ours};
use crate::policy::{Admission, Key, Store, Wait, positive_count};

/// The options of `#[bulkhead]`.
struct Bulkhead {
    /// `None` if it could not be read, which has been reported.
    limit: Option<Amount>,
    queue: Option<Amount>,
    wait: Option<Wait>,
    is_adaptive: bool,
    max: Option<Amount>,
    key: Key,
    store: Option<Store>,
}

/// The default initial limit of an adaptive bulkhead.
const FIRST: u64 = 20;

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let (queue, wait) = (options.count("queue"), Wait::read(options));
    let max = positive_count(options, "max");
    let adaptive = options.flag("adaptive");
    if adaptive.is_some() {
        options.refuse("store", "each process learns an adaptive limit for itself: remove `store` or `adaptive`");
    }
    let store = Store::read(options);
    if adaptive.is_none() {
        options.refuse("max", "`max` needs `adaptive`; for a fixed limit, write `#[bulkhead(10)]`");
    }
    if queue.as_ref().and_then(Amount::known) == Some(0) && wait.is_some() {
        options.refuse("wait", "`queue = 0` leaves no place to wait in: remove `queue` or `wait`");
    }
    let key = Key::read(options);
    let limit = limit(options, adaptive, max.as_ref());
    Box::new(Bulkhead { limit, queue, wait, is_adaptive: adaptive.is_some(), max, key, store })
}

fn limit(options: &mut Options, adaptive: Option<Span>, max: Option<&Amount>) -> Option<Amount> {
    let Some(written) = options.positional() else {
        let most = max.and_then(Amount::known).unwrap_or(FIRST);
        if let Some(span) = adaptive {
            return Some(Amount::Known(FIRST.min(most), span));
        }
        options.missing("missing limit: write `#[bulkhead(10)]` or `#[bulkhead(adaptive)]`");
        return None;
    };
    let limit = options.convert(&written, Amount::count)?;
    match (limit.known(), max.and_then(Amount::known)) {
        (Some(0), _) => options.error(&written, "a bulkhead with a limit of zero lets no calls through"),
        (Some(first), Some(most)) if first > most => {
            options.error(&written, format!("the initial limit is above `max`, which is {most}"));
        }
        (Some(many), _) if u32::try_from(many).is_err() => options.error(&written, format!("at most {}", u32::MAX)),
        _ => {}
    }
    Some(limit)
}

impl Decorator for Bulkhead {
    fn check(&self, func: &Func, errors: &mut Errors) {
        func.check_constant("bulkhead", self.limit.as_ref(), errors);
        func.check_constant("queue", self.queue.as_ref(), errors);
        func.check_constant("wait", self.wait.as_ref().and_then(Wait::length), errors);
        func.check_constant("max", self.max.as_ref(), errors);
        if func.never_returns() && self.refuses() {
            errors.at(&func.output_type(), "a function that never returns cannot return a refusal: add `wait`");
        }
    }

    /// *Input:* `{ work }`. *Output:* `match bulkhead.enter() { Ok(permit) => { let value = { work }; ended(permit,
    /// failure); value } Err(refused) => .. }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let Some(limit) = &self.limit else { return };
        let (bulkhead, policies) = (krate.private("bulkhead"), krate.private("policies"));
        let value = self.settings(limit, &bulkhead);
        // A type without failures may be anything.
        let end =
            if self.refuses() { ours!(#bulkhead::ended(permit, failure);) } else { ours!(#policies::over(permit);) };
        let admission = Admission {
            policy: self.key.policy_in(self.store.as_ref(), &quote!(#bulkhead::Bulkhead), &value, krate),
            enter: if func.is_async() { quote!(enter_async()) } else { quote!(enter()) },
            awaits: func.is_async(),
            refuses: self.refuses(),
            judges: self.refuses(),
            end,
        };
        admission.expand(func, &self.key, krate);
    }
}

impl Bulkhead {
    /// An adaptive bulkhead has to recognise failures.
    fn refuses(&self) -> bool {
        !Wait::is_endless(self.wait.as_ref()) || self.queue.is_some() || self.is_adaptive
    }

    /// *Output:* `Bulkhead::new(10).wait().queue(100)`.
    fn settings(&self, limit: &Amount, bulkhead: &TokenStream) -> TokenStream {
        let wait = self.wait.as_ref().map(Wait::setting);
        let queue = self.queue.as_ref().map(|queue| quote!(.queue(#queue)));
        let most = self.max.as_ref().map_or_else(|| quote!(#bulkhead::most(#limit)), ToTokens::to_token_stream);
        let adaptive = self.is_adaptive.then(|| quote!(.adaptive(#most)));
        quote!(#bulkhead::Bulkhead::new(#limit) #wait #queue #adaptive)
    }
}
