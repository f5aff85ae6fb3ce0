//! `#[circuit_breaker]`: refuses calls while the service behind them keeps failing.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::kit::{Amount, Decorator, DurationValue, Errors, Func, Krate, Number, Options, ours};
use crate::policy::{Admission, Key, positive_count};

/// The options of `#[circuit_breaker]`.
struct CircuitBreaker {
    window: Option<Window>,
    minimum: Option<Amount>,
    failure_rate: Option<Number>,
    slow: Option<DurationValue>,
    slow_rate: Option<Number>,
    open_for: Option<DurationValue>,
    probes: Option<Amount>,
    when: Option<TokenStream>,
    key: Key,
}

/// `window = 100`, `window = 10s`
enum Window {
    Calls(Amount),
    Time(DurationValue),
}

/// Reads them.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let read = CircuitBreaker {
        window: window(options),
        minimum: positive_count(options, "minimum"),
        failure_rate: rate(options, "failure_rate"),
        slow: options.length("slow"),
        slow_rate: rate(options, "slow_rate"),
        open_for: options.length("open_for"),
        probes: positive_count(options, "probes"),
        when: options.value("when"),
        key: Key::read(options),
    };
    if read.slow.is_none() {
        options.refuse("slow_rate", "`slow_rate` needs a limit for slow calls: add `slow = 2s`");
    }
    if let (Some(Window::Calls(window)), Some(minimum)) = (&read.window, &read.minimum)
        && let (Some(calls), Some(least)) = (window.known(), minimum.known())
        && least > calls
    {
        options.at_span(minimum.span(), format!("`minimum` is {least}, but the window has only {calls} calls"));
    }
    Box::new(read)
}

/// A plain number counts calls; anything else is a duration.
fn window(options: &mut Options) -> Option<Window> {
    let tokens = options.tokens("window")?;
    let is_plain = |token: &TokenTree| token.to_string().bytes().all(|c| c.is_ascii_digit() || c == b'_');
    if !tokens.clone().into_iter().all(|token| is_plain(&token)) {
        let length = options.convert(&tokens, DurationValue::parse)?;
        if length.known().is_some_and(|length| length.is_zero()) {
            options.error(&tokens, "expected a window longer than zero: write `window = 10s`");
        }
        return Some(Window::Time(length));
    }
    let calls = options.convert(&tokens, Amount::count)?;
    if calls.known() == Some(0) {
        options.error(&tokens, "expected a window of at least one call: write `window = 100`");
    }
    Some(Window::Calls(calls))
}

fn rate(options: &mut Options, name: &'static str) -> Option<Number> {
    let tokens = options.tokens(name)?;
    let percent = tokens.to_string().strip_suffix('%').and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(percent) = percent {
        options.error(&tokens, format!("expected a share of the calls: write `{name} = {}`", percent / 100.0));
        return None;
    }
    let share = options.convert(&tokens, Number::parse)?;
    match share.known() {
        Some(share) if share > 1.0 => {
            options.error(&tokens, format!("expected a share of the calls: `{name} = {}` is {share} %", share / 100.0));
        }
        Some(share) if share <= 0.0 => {
            options.error(&tokens, "expected a rate above 0: at 0 even a successful call would open the breaker");
        }
        _ => {}
    }
    Some(share)
}

impl Decorator for CircuitBreaker {
    fn check(&self, func: &Func, errors: &mut Errors) {
        if func.never_returns() {
            errors.at(&func.output_type(), "a function that never returns cannot return a refusal");
        }
        if let Some(Window::Time(length)) = &self.window {
            func.check_constant("window", Some(length), errors);
        }
        func.check_constant("minimum", self.minimum.as_ref(), errors);
        func.check_constant("failure_rate", self.failure_rate.as_ref(), errors);
        func.check_constant("slow", self.slow.as_ref(), errors);
        func.check_constant("slow_rate", self.slow_rate.as_ref(), errors);
        func.check_constant("open_for", self.open_for.as_ref(), errors);
        func.check_constant("probes", self.probes.as_ref(), errors);
    }

    /// *Input:* `{ work }`. *Output:* `match breaker.admit() { Ok(permit) => { let value = { work }; ended(permit, failure,
    /// when); value } Err(refused) => .. }`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let breaker = krate.private("circuit_breaker");
        let when = self.when.clone().unwrap_or_else(|| quote!(#breaker::always));
        let admission = Admission {
            policy: self.key.policy(&quote!(#breaker::Breaker), &self.settings(&breaker), krate),
            enter: quote!(admit()),
            awaits: false,
            refuses: true,
            judges: true,
            end: ours!(#breaker::ended(permit, failure, #when);),
        };
        admission.expand(func, &self.key, krate);
    }
}

impl CircuitBreaker {
    /// *Output:* `Breaker::new().window(100).open_for(..)`.
    fn settings(&self, breaker: &TokenStream) -> TokenStream {
        let method = |name: &str, value: Option<&dyn ToTokens>| {
            let name = proc_macro2::Ident::new(name, Span::call_site());
            value.map(|value| quote!(.#name(#value)))
        };
        let window = match &self.window {
            Some(Window::Calls(calls)) => method("window", Some(calls)),
            Some(Window::Time(length)) => method("window_of_time", Some(length)),
            None => None,
        };
        let others = [
            method("minimum", tokens(self.minimum.as_ref())),
            method("failure_rate", tokens(self.failure_rate.as_ref())),
            method("slow", tokens(self.slow.as_ref())),
            method("slow_rate", tokens(self.slow_rate.as_ref())),
            method("open_for", tokens(self.open_for.as_ref())),
            method("probes", tokens(self.probes.as_ref())),
        ];
        quote!(#breaker::Breaker::new() #window #(#others)*)
    }
}

fn tokens<T: ToTokens>(value: Option<&T>) -> Option<&dyn ToTokens> {
    value.map(|value| value as &dyn ToTokens)
}
