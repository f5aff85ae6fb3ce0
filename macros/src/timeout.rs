//! `#[timeout]`: drops a call of an async function that takes too long.

use quote::{ToTokens, quote};

use crate::kit::{Decorator, DurationValue, Errors, Func, Krate, Options, located_at, ours};

/// `2s`; `None` if it could not be read, which has been reported.
struct Timeout(Option<DurationValue>);

/// Reads it.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let Some(written) = options.positional() else {
        options.missing("missing limit: write `#[timeout(2s)]`");
        return Box::new(Timeout(None));
    };
    let limit = options.convert(&written, DurationValue::parse);
    if limit.as_ref().and_then(DurationValue::known).is_some_and(|limit| limit.is_zero()) {
        options.error(&written, "no call could end in time: expected a limit longer than zero");
    }
    Box::new(Timeout(limit))
}

impl Decorator for Timeout {
    fn check(&self, func: &Func, errors: &mut Errors) {
        let Some(limit) = &self.0 else { return };
        if func.never_returns() {
            errors.at(&func.output_type(), "a function that never returns cannot return an error: remove `#[timeout]`");
        }
        let otherwise = "a sync function cannot be stopped from outside: make it `async`, set a timeout on what it calls, or \
                         put `#[offload]` below this, which leaves the call running on its thread";
        if let Some(message) = func.sync_message(otherwise) {
            errors.at_span(limit.span(), message);
        }
    }

    /// *Input:* `{ work }`. *Output:* `limited(limit, async move { work }, cut_off::<Ret>()).await`.
    fn expand(&self, func: &mut Func, krate: &Krate) {
        let Some(limit) = &self.0 else { return };
        let timeout = krate.private("timeout");
        func.option = limit.to_token_stream();
        let cut_off = located_at(quote!(#timeout::cut_off), func.output_span());
        let (output, future) = (func.inferred_output(), func.future(krate));
        let call = ours!(#timeout::limited(#limit, #future, #cut_off::<#output>()));
        func.run(&call, &future, krate);
    }
}
