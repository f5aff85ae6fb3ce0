//! `scope`: which calls share a cache.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Member, Token};

use crate::kit::{Errors, Func, Krate, Options, our_span, ours, ours_at};

/// The calls that share a cache.
pub(super) enum Scope {
    /// All calls.
    Process,
    /// Those on one thread. The span of the option.
    Thread(Span),
    /// Those with one `self`, whose memo is this field.
    Instance(TokenStream),
}

impl Scope {
    pub(super) fn read(options: &mut Options) -> Self {
        let span = options.key("scope").map_or_else(our_span, |key| key.span());
        let scope = options.choice("scope", &["process", "thread", "instance"]);
        let field = options.tokens("field");
        match (scope, field) {
            (Some("instance"), Some(field)) => Scope::instance(field, options),
            (Some("instance"), None) => {
                options
                    .refuse("scope", "missing field of type `festoon::Memo`: write `scope = instance, field = memo`");
                Scope::Process
            }
            (scope, field) => {
                if field.is_some() && scope.is_none_or(|scope| scope != "instance") {
                    options.refuse("field", "`field` needs `scope = instance`: write both");
                }
                if scope == Some("thread") { Scope::Thread(span) } else { Scope::Process }
            }
        }
    }

    fn instance(field: TokenStream, options: &mut Options) -> Self {
        if Punctuated::<Member, Token![.]>::parse_separated_nonempty.parse2(field.clone()).is_err() {
            options.error(&field, "expected the name of a field of `self`: write `field = memo`");
        }
        Scope::Instance(field)
    }

    /// Which options and functions it can be combined with.
    pub(super) fn check(&self, refreshed: bool, func: &Func, errors: &mut Errors) {
        match self {
            Scope::Process => {}
            Scope::Thread(span) => {
                if func.is_async() {
                    let message = "a future may move between threads, and its value would be cached on only one of them: \
                                   remove `scope = thread`";
                    errors.at_span(*span, message);
                }
                if refreshed {
                    let message = "a background refresh runs on another thread, which has a cache of its own: remove \
                                   `scope = thread`, or `stale` and `refresh_ahead`";
                    errors.at_span(*span, message);
                }
            }
            Scope::Instance(field) => {
                if func.sig.receiver().is_none() {
                    errors.at(field, "`scope = instance` is for methods, but this function has no `self`");
                }
            }
        }
    }

    /// *Output:* `static FESTOON_SITE: Site = Site::new(.., Place::new(..));`, or the thread's.
    pub(super) fn site(&self, settings: &TokenStream, cached: &TokenStream, krate: &Krate) -> TokenStream {
        let place = krate.place();
        if let Scope::Thread(_) = self {
            return ours!(#cached::thread_local! {
                static FESTOON_SITE: #cached::LocalSite = const { #cached::LocalSite::new(#settings, #place) };
            });
        }
        ours!(static FESTOON_SITE: #cached::CacheSite = #cached::CacheSite::new(#settings, #place);)
    }

    /// How a lookup finds its cache: `&FESTOON_SITE`, or `InstanceScope::new(&self.memo, &FESTOON_SITE)`.
    pub(super) fn place(&self, func: &Func, cached: &TokenStream) -> TokenStream {
        let (Scope::Instance(field), Some(receiver)) = (self, func.sig.receiver()) else {
            return ours!(&FESTOON_SITE);
        };
        let this = receiver.self_token;
        let memo = quote_spanned!(ours_at(field.span()) => &#this.#field);
        ours!(#cached::InstanceScope::new(#memo, &FESTOON_SITE))
    }

    /// Is there a memo?
    pub(super) fn has_memo(&self) -> bool {
        matches!(self, Scope::Instance(_))
    }
}
