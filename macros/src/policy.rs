//! Shared by decorators that may refuse a call: a policy in a static, or one per key, which is asked before the body
//! runs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::kit::{Amount, DurationValue, Func, Krate, Options, located_at, our_span, ours};

/// `key = host`
pub(crate) struct Key(Option<TokenStream>);

impl Key {
    /// One for all calls.
    pub(crate) fn none() -> Self {
        Key(None)
    }

    pub(crate) fn read(options: &mut Options) -> Self {
        Key(options.value("key"))
    }

    /// *Output:* `{ static SITE: Site<Breaker> = Site::new(..); policy!(SITE); SITE.policy() }`, or `SITE.of(key)`.
    pub(crate) fn policy(&self, ty: &TokenStream, value: &TokenStream, krate: &Krate) -> TokenStream {
        self.policy_of(&quote!(of), ty, value, krate)
    }

    /// Like [`policy`](Self::policy); with a store, `SITE.of_shared(key)`.
    pub(crate) fn policy_in(
        &self,
        store: Option<&Store>,
        ty: &TokenStream,
        value: &TokenStream,
        krate: &Krate,
    ) -> TokenStream {
        let setting = store.map(|store| store.setting(krate));
        // At the span of the key, whose type other processes may be unable to receive.
        let key = self.0.clone().and_then(|key| key.into_iter().next()).map_or(our_span(), |token| token.span());
        let of = if store.is_some() { located_at(quote!(of_shared), key) } else { quote!(of) };
        self.policy_of(&of, ty, &quote!(#value #setting), krate)
    }

    fn policy_of(&self, of: &TokenStream, ty: &TokenStream, value: &TokenStream, krate: &Krate) -> TokenStream {
        let (policies, declare) = (krate.private("policies"), krate.private("policy"));
        let policy = match &self.0 {
            None => ours!(FESTOON_SITE.policy()),
            // The type of the key decides whether the trait is needed.
            Some(key) => ours!(#[allow(unused_imports)]
                use #policies::OwnKey as _;
                FESTOON_SITE.#of(#policies::Key(&#key).borrowed())
            ),
        };
        ours!({
            static FESTOON_SITE: #policies::PolicySite<#ty> = #policies::PolicySite::new(#value);
            #declare!(FESTOON_SITE);
            #policy
        })
    }
}

/// `wait`, `wait = 2s`
pub(crate) enum Wait {
    Endless,
    AtMost(DurationValue),
}

impl Wait {
    pub(crate) fn read(options: &mut Options) -> Option<Self> {
        let (span, length) = options.flag_or_length("wait")?;
        if length.as_ref().and_then(DurationValue::known).is_some_and(|length| length.is_zero()) {
            options.at_span(span, "`wait` is zero: remove it");
        }
        Some(length.map_or(Wait::Endless, Wait::AtMost))
    }

    /// Does a call wait as long as it takes?
    pub(crate) fn is_endless(wait: Option<&Self>) -> bool {
        matches!(wait, Some(Wait::Endless))
    }

    /// *Output:* `.wait_at_most(2s)`.
    pub(crate) fn setting(&self) -> TokenStream {
        match self {
            Wait::Endless => quote!(.wait()),
            Wait::AtMost(length) => quote!(.wait_at_most(#length)),
        }
    }

    /// The duration, as written.
    pub(crate) fn length(&self) -> Option<&DurationValue> {
        match self {
            Wait::Endless => None,
            Wait::AtMost(length) => Some(length),
        }
    }
}

/// `store = redis`: the location of a state that processes share.
pub(crate) struct Store {
    #[cfg(feature = "redis")]
    server: crate::cached::Server,
}

impl Store {
    #[cfg(feature = "redis")]
    pub(crate) fn read(options: &mut Options) -> Option<Self> {
        let written = options.tokens("store")?;
        Some(Store { server: crate::cached::Server::read(options, &written)? })
    }

    #[cfg(not(feature = "redis"))]
    pub(crate) fn read(options: &mut Options) -> Option<Self> {
        let written = options.tokens("store")?;
        options.error(
            &written,
            format!("`store` needs the feature `redis` of festoon: {}", crate::kit::in_manifest("redis")),
        );
        None
    }

    /// *Output:* `.sharing(Sharing::on(|| Redis::from_env()).package(..))`.
    #[cfg(feature = "redis")]
    pub(crate) fn setting(&self, krate: &Krate) -> TokenStream {
        let (policies, cached) = (krate.private("policies"), krate.private("cached"));
        let server = self.server.expr(&cached);
        let package = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR"];
        ours!(.sharing(
            #policies::Sharing::on(|| -> #cached::Redis { #server }).package(#(::core::option_env!(#package)),*)
        ))
    }

    #[cfg(not(feature = "redis"))]
    #[expect(clippy::unused_self, reason = "there is none without the feature")]
    pub(crate) fn setting(&self, _: &Krate) -> TokenStream {
        TokenStream::new()
    }
}

/// A call that a policy has to admit.
pub(crate) struct Admission {
    /// The policy, or a pointer to it.
    pub(crate) policy: TokenStream,
    /// The method call on it that returns a `Result` of a permit.
    pub(crate) enter: TokenStream,
    /// Does it return a future?
    pub(crate) awaits: bool,
    /// Or does a call wait as long as it takes?
    pub(crate) refuses: bool,
    /// What to do with `permit`, and with `failure` if it is used.
    pub(crate) end: TokenStream,
    pub(crate) judges: bool,
}

impl Admission {
    /// *Input:* `{ work }`. *Output:*
    /// `let policy = ..; let value = match policy.enter() { Ok(permit) => { let value = { work }; end; value } Err(refused) => (ends().refused)(refused) }; value`.
    pub(crate) fn expand(&self, func: &mut Func, key: &Key, krate: &Krate) {
        let Admission { policy, enter, awaits, refuses, end, judges } = self;
        let policies = krate.private("policies");
        let ends = located_at(quote!(#policies::ends), func.output_span());
        let output = func.inferred_output();
        func.option = key.0.clone().unwrap_or_default();
        // One of many is held by the call that asks it.
        if func.is_async() && key.0.is_none() {
            return self.run(func, &ends, krate);
        }
        let value = func.value(krate);
        let wait = awaits.then(|| ours!(.await));
        let failure = judges.then(|| ours!(let failure = (#ends::<#output, _>().failure)(&value);));
        if !refuses {
            func.body = ours!(let policy = #policy;
                let permit = #policies::granted(policy.#enter #wait);
                let value = #value;
                #end
                value
            );
            return;
        }
        func.body = ours!(let policy = #policy;
            let value = match policy.#enter #wait {
                ::core::result::Result::Ok(permit) => {
                    let value = #value;
                    #failure
                    #end
                    value
                }
                ::core::result::Result::Err(refused) => (#ends::<#output, _>().refused)(refused),
            };
            value
        );
    }
}

impl Admission {
    /// *Output:* `admitted(policy.enter(), async move { work }, |value, permit| end, refused).await`.
    fn run(&self, func: &mut Func, ends: &TokenStream, krate: &Krate) {
        let Admission { policy, enter, awaits, refuses, end, judges } = self;
        let policies = krate.private("policies");
        let (output, future) = (func.inferred_output(), func.future(krate));
        let failure = judges.then(|| ours!(let failure = (#ends::<#output, _>().failure)(value);));
        // Without its type, which may be an `&Option<&T>` that clippy has something to say about.
        let value = if *judges { ours!(value) } else { quote!(_) };
        let asked = ours!(#policy.#enter);
        let asked = if *awaits { asked } else { ours!(::core::future::ready(#asked)) };
        let refused = if *refuses {
            ours!(#ends::<#output, _>().refused)
        } else {
            ours!(|refused| #policies::granted(::core::result::Result::Err(refused)))
        };
        let call = ours!(#policies::admitted(#asked, #future, move |#value, permit| { #failure #end }, #refused)
        );
        func.run(&call, &future, krate);
    }
}

/// `probes = 3`: at least one.
pub(crate) fn positive_count(options: &mut Options, name: &'static str) -> Option<Amount> {
    let count = options.count(name)?;
    match count.known() {
        Some(0) => options.at_span(count.span(), format!("`{name}` has to be at least 1")),
        Some(many) if u32::try_from(many).is_err() => {
            options.at_span(count.span(), format!("`{name}` has to be at most {}", u32::MAX));
        }
        _ => {}
    }
    Some(count)
}
