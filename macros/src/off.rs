//! Replaces a part whose cargo feature is off by a single error, which tells the user what to write in `Cargo.toml`.

use proc_macro2::{Span, TokenStream};

use crate::kit::{Decorator, Errors, Func, Krate, Options};

/// The parts, each with whether it is enabled.
const PARTS: &[(&str, bool)] = &[
    ("timed", cfg!(feature = "timed")),
    ("cached", cfg!(feature = "cached")),
    ("retry", cfg!(feature = "retry")),
    ("resilience", cfg!(feature = "resilience")),
    ("registry", cfg!(feature = "registry")),
    ("offload", cfg!(feature = "offload")),
];

/// A decorator whose feature is off.
struct Off;

impl Decorator for Off {
    fn check(&self, _: &Func, _: &mut Errors) {}
    fn expand(&self, _: &mut Func, _: &Krate) {}
}

/// Replaces a decorator's own `read`.
pub(crate) fn read(options: &mut Options) -> Box<dyn Decorator> {
    let name = options.attribute().to_owned();
    let feature = match name.as_str() {
        "interned" | "invalidates" => "cached",
        "bulkhead" | "circuit_breaker" | "fallback" | "hedge" | "rate_limit" | "timeout" => "resilience",
        other => other,
    };
    options.discard(message(&format!("#[{name}]"), feature));
    Box::new(Off)
}

/// Replaces `#[registry]`.
pub(crate) mod registry {
    use super::{Errors, Span, TokenStream, message};

    pub(crate) fn expand(_: TokenStream, item: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        errors.at_span(Span::call_site(), message("#[registry]", "registry"));
        errors.with_item(item)
    }
}

/// Replaces `#[derive(Register)]`.
pub(crate) mod register {
    use super::{Errors, Span, TokenStream, message};

    pub(crate) fn derive(_: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        errors.at_span(Span::call_site(), message("#[derive(Register)]", "registry"));
        errors.with_item(TokenStream::new())
    }

    pub(crate) fn attribute(_: TokenStream, item: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        errors.at_span(Span::call_site(), message("#[register]", "registry"));
        errors.with_item(item)
    }
}

/// In the place of `require!`.
pub(crate) mod require {
    use super::{Errors, Span, TokenStream, message};

    pub(crate) fn expand(_: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        errors.at_span(Span::call_site(), message("require!", "registry"));
        errors.with_item(TokenStream::new())
    }
}

/// Replaces `#[derive(Retryable)]`.
pub(crate) mod retryable {
    use super::{Errors, Span, TokenStream, message};

    pub(crate) fn derive(_: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        errors.at_span(Span::call_site(), message("#[derive(Retryable)]", "retry"));
        errors.with_item(TokenStream::new())
    }
}

/// *Input:* `#[cached]`, `cached`. *Output:* how to enable it, next to the parts that are on.
fn message(attribute: &str, feature: &str) -> String {
    let wanted = PARTS.iter().filter(|(part, is_on)| *is_on || *part == feature).map(|(part, _)| format!("\"{part}\""));
    let features = wanted.collect::<Vec<_>>().join(", ");
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    format!(
        "`{attribute}` needs the feature `{feature}` of festoon, which is off\nhelp: in Cargo.toml, write `festoon = {{ \
         version = \"{version}\", default-features = false, features = [{features}] }}`"
    )
}
