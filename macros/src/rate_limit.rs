//! `#[rate_limit(100 / 1s)]`: limits how many calls go through in a period of time.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::kit::{Amount, Decorator, DurationValue, Errors, Func, Krate, Options, is_punct, ours};
use crate::policy::{Admission, Key, Store, Wait, positive_count};

/// The options of `#[rate_limit]`.
struct RateLimit {
    /// `100 / 1s`; `None` if it could not be read, which has been reported.
    rate: Option<(Amount, DurationValue)>,
    burst: Option<Amount>,
    wait: Option<Wait>,
    key: Key,
    store: Option<Store>,
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let (burst, wait, key) = (positive_count(options, "burst"), Wait::read(options), Key::read(options));
    let store = Store::read(options);
    let written = options.positional();
    if written.is_none() {
        options.missing("missing rate: write `#[rate_limit(100 / 1s)]`");
    }
    let rate = written.and_then(|written| rate(&written, options));
    Box::new(RateLimit { rate, burst, wait, key, store })
}

/// *Input:* `100 / 1s`.
fn rate(written: &TokenStream, options: &mut Options) -> Option<(Amount, DurationValue)> {
    let tokens: Vec<TokenTree> = written.clone().into_iter().collect();
    let slash = tokens.iter().rposition(|token| is_punct(Some(token), '/'));
    let Some((calls, per)) = slash.map(|at| (&tokens[..at], &tokens[at + 1..])) else {
        options.error(written, format!("missing period: write `#[rate_limit({written} / 1s)]`"));
        return None;
    };
    let part = |tokens: &[TokenTree]| tokens.iter().cloned().collect::<TokenStream>();
    let (calls, per) = (part(calls), part(per));
    let (amount, length) = (options.convert(&calls, Amount::count)?, options.convert(&per, DurationValue::parse)?);
    match amount.known() {
        Some(0) => options.error(&calls, "a rate of zero lets no calls through"),
        Some(many) if u32::try_from(many).is_err() => options.error(&calls, format!("at most {}", u32::MAX)),
        _ => {}
    }
    if length.known().is_some_and(|length| length.is_zero()) {
        options.error(&per, "expected a period longer than zero: write `100 / 1s`");
    }
    Some((amount, length))
}

impl Decorator for RateLimit {
    fn check(&self, func: &Func, errors: &mut Errors) {
        let (calls, per) = self.rate.as_ref().map_or((None, None), |(calls, per)| (Some(calls), Some(per)));
        func.check_constant("rate_limit", calls, errors);
        func.check_constant("rate_limit", per, errors);
        func.check_constant("burst", self.burst.as_ref(), errors);
        func.check_constant("wait", self.wait.as_ref().and_then(Wait::length), errors);
        if func.never_returns() && !Wait::is_endless(self.wait.as_ref()) {
            errors.at(&func.output_type(), "a function that never returns cannot return a refusal: add `wait`");
        }
    }

    /// *Input:* `{ work }`. *Output:* `match limit.admit() { Ok(permit) => { work } Err(refused) => .. }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let Some((calls, per)) = &self.rate else { return };
        let (limit, policies) = (krate.private("rate_limit"), krate.private("policies"));
        let burst = self.burst.as_ref().map(|burst| quote!(.burst(#burst)));
        let wait = self.wait.as_ref().map(Wait::setting);
        let value = quote!(#limit::RateLimit::new(#calls, #per) #burst #wait);
        let admission = Admission {
            policy: self.key.policy_in(self.store.as_ref(), &quote!(#limit::RateLimit), &value, krate),
            enter: if func.is_async() { quote!(admit_async()) } else { quote!(admit()) },
            awaits: func.is_async(),
            refuses: !Wait::is_endless(self.wait.as_ref()),
            judges: false,
            end: ours!(#policies::over(permit);),
        };
        admission.expand(func, &self.key, krate);
    }
}
