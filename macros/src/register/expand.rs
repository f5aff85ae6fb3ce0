//! The expansion of a registration.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::options::{Registration, key, keys, literal};
use super::subject::{Kind, Subject};
use crate::kit::{located_at, ours, ours_at};
use crate::require::in_symbol;

impl Registration {
    /// *Output:*
    /// `submit! { <dyn Codec>::festoon_slot(make, Spec { aliases: &["gz"], ..registered::<dyn Codec>().spec::<Gzip>(digest("gzip"), "gzip", place!()) }) }`.
    pub(super) fn expand(&self, subject: &Subject) -> TokenStream {
        let registry = &self.registry;
        let private = self.krate.private("registry");
        let (make, options, plain) =
            (self.make(subject, &private), self.options(subject, &private), self.spec(subject, &private));
        // The trait's own tokens keep their spans, or a misspelt one would be reported twice.
        let at = |tokens| located_at(tokens, registry.span());
        let slot = at(quote!(festoon_slot));
        let names = self.names(&private);
        ours! {
            #[allow(unreachable_code)]
            const _: () = {
                #[allow(unused_imports)]
                use #private::NoRegistry as _;
                #names
                #private::submit! {
                    <#registry>::#slot(#make, #private::Spec { #(#options,)* ..#plain })
                }
            };
        }
    }

    /// What the linker needs: the names that are known here.
    fn names(&self, private: &TokenStream) -> Option<TokenStream> {
        let registry = &self.registry;
        let names: Vec<_> = self.all_names().filter_map(literal).map(|name| in_symbol(&name)).collect();
        let is_told = !names.is_empty() && !self.is_keyed;
        let span = registry.span();
        is_told.then(|| located_at(ours!(#private::names! { #registry, #(#names),* }), span))
    }

    /// *Output:* `registered::<dyn Codec>().spec::<Gzip>(digest("gzip"), "gzip", place!())`.
    fn spec(&self, subject: &Subject, private: &TokenStream) -> TokenStream {
        let (name, path) = (key(&self.name, self.is_keyed), &self.subject);
        // The hashes of all other names are computed when the registry is built.
        let digest = if literal(&self.name).is_some() { quote!(#private::digest(#name)) } else { quote!(0) };
        let ty = self.makes.clone().or(subject.ty.as_ref().map(ToTokens::to_token_stream));
        let registry = &self.registry;
        let registered = located_at(quote!(#private::registered), registry.span());
        let of_value = || ours!(#registered::<#registry>().spec_of_value(#digest, #name, #private::place!(), &#path));
        ty.map_or_else(of_value, |ty| ours!(#registered::<#registry>().spec::<#ty>(#digest, #name, #private::place!())))
    }

    /// The parts that differ from those of a type without options.
    fn options(&self, subject: &Subject, private: &TokenStream) -> Vec<TokenStream> {
        let Registration { lists, priority, tags, is_keyed, .. } = self;
        let docs = (!subject.docs.is_empty()).then_some(&subject.docs).map(|docs| quote!(docs: #docs));
        let list = |name: TokenStream, list: &[TokenStream]| {
            let keys = keys(list, *is_keyed);
            (!list.is_empty()).then(|| quote!(#name: #keys))
        };
        let (aliases, deprecated) =
            (list(quote!(aliases), &lists.aliases), list(quote!(deprecated), &lists.deprecated));
        let (before, after) = (list(quote!(before), &lists.before), list(quote!(after), &lists.after));
        let priority = priority.as_ref().map(|priority| quote!(priority: #priority));
        let (keys, values): (Vec<_>, Vec<_>) = tags.iter().map(|(key, value)| (key.unraw().to_string(), value)).unzip();
        let tags = (!keys.is_empty()).then(|| quote!(tags: &[#((#keys, #values)),*]));
        let fields = subject.fields.iter().map(|field| field.expand(private));
        let fields = (!subject.fields.is_empty()).then(|| quote!(fields: &[#(#fields),*]));
        let (singleton, hook) = (self.singleton(subject, private), self.hook(subject, private));
        [docs, aliases, deprecated, before, after, priority, tags, fields, singleton, hook]
            .into_iter()
            .flatten()
            .collect()
    }

    /// *Output:* `|entry, args| entry.festoon_construct::<Gzip, _>(args, Gzip::new, |made| Box::new(made))`. The entry
    /// determines the registry: if the trait has none, that is reported once.
    fn make(&self, subject: &Subject, private: &TokenStream) -> TokenStream {
        let value = &self.subject;
        let boxed = located_at(ours!(#private::Box::new(made)), self.registry.span());
        if self.is_read_only {
            return ours!(|entry, _| entry.festoon_no_new());
        }
        let (ty, new) = match (&self.makes, subject.kind) {
            (Some(ty), _) => (ty.clone(), self.constructor(ty, private)),
            (None, Kind::Static) => return ours!(|entry, _| entry.festoon_only_one()),
            (None, _) => (quote!(_), quote!(#private::Ready(#value))),
        };
        ours!(|entry, args| entry.festoon_construct::<#ty, _>(args, #new, |made| #boxed))
    }

    fn constructor(&self, ty: &TokenStream, private: &TokenStream) -> TokenStream {
        let default = || located_at(quote!(#private::by_default::<#ty>()), ty.span());
        self.new.clone().unwrap_or_else(default)
    }

    fn singleton(&self, subject: &Subject, private: &TokenStream) -> Option<TokenStream> {
        let one = match (&self.makes, subject.kind, &self.singleton) {
            (Some(ty), _, Some((span, arguments))) => self.made_once(ty, *span, arguments.as_deref(), private),
            (None, Kind::Function | Kind::Static, _) => self.subject_itself(&quote!()),
            // A constant has no address of its own: the compiler creates one.
            (None, _, Some(_)) => self.subject_itself(&quote!(const)),
            _ => return None,
        };
        Some(ours!(singleton: ::core::option::Option::Some(&|| #one)))
    }

    fn made_once(
        &self,
        ty: &TokenStream,
        span: proc_macro2::Span,
        arguments: Option<&[TokenStream]>,
        private: &TokenStream,
    ) -> TokenStream {
        let span = ours_at(span);
        let one = located_at(quote!(#private::Singleton<#ty>), span);
        let registry = &self.registry;
        let new = self.constructor(ty, private);
        let arguments = match arguments {
            Some(arguments) => quote!((#(#arguments,)*)),
            None => located_at(quote!(#private::no_arguments::<<#registry as #private::Registered>::Args>()), span),
        };
        ours! {{
            static ONE: #one = #private::Singleton::new();
            ONE.get(|| #private::construct_one::<#registry, #ty, _>(#arguments, #new)).map(|one| -> &#registry { one })
        }}
    }

    /// A function, or a static.
    fn subject_itself(&self, how: &TokenStream) -> TokenStream {
        let value = &self.subject;
        let one = quote_spanned!(ours_at(self.registry.span()) => #how { &#value });
        ours!(::core::result::Result::Ok(#one))
    }

    fn hook(&self, subject: &Subject, private: &TokenStream) -> Option<TokenStream> {
        let call = |hook: &TokenStream, arguments: TokenStream| located_at(ours!((#hook)(#arguments)), hook.span());
        let fields = subject.fields.iter().enumerate().filter_map(|(at, field)| Some((at, field.hook.as_ref()?)));
        let fields = fields.map(|(at, hook)| call(hook, ours!(entry, &entry.fields()[#at])));
        let own = self.on_register.as_ref().map(|hook| call(hook, ours!(entry)));
        let calls: Vec<_> = fields.chain(own).collect();
        let (last, first) = calls.split_last()?;
        Some(ours! {
            on_register: ::core::option::Option::Some(|entry| {
                #(#private::told(#first)?;)*
                #private::told(#last)
            })
        })
    }
}
