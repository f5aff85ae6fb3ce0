//! `#[derive(ContextManager)]`: a struct whose fields are entered in order, and exited in reverse.

mod flow;
pub(crate) mod function;
mod yields;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Field, Fields, Item, ItemStruct, Member};

use crate::kit::{Errors, Krate, Options, helper_options, local, mentions, numbered, our_span, ours, ours_at};

/// The struct and its options.
struct ContextManager {
    item: ItemStruct,
    path: TokenStream,
    /// `error = E`
    error: TokenStream,
    /// The name of the entered struct.
    active: Ident,
    parts: Vec<Part>,
}

/// One field.
struct Part {
    field: Field,
    member: Member,
    /// The local variable that holds it.
    name: Ident,
    managed: Option<Managed>,
}

/// `#[managed(async, entered, skip_if = EXPR)]`
struct Managed {
    is_async: bool,
    is_entered: bool,
    skip_if: Option<TokenStream>,
}

/// *Input:* `#[context(error = E)] struct Job { #[managed] db: Pool, retries: u8 }`. *Output:* `JobActive`, and the
/// impls that turn a `Job` into one and exit it.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(item, &mut errors) {
        Some(manager) if errors.is_empty() => manager.expand(),
        _ => errors.with_item(TokenStream::new()),
    }
}

fn parse(item: TokenStream, errors: &mut Errors) -> Option<ContextManager> {
    let item = structure(errors.take(syn::parse2(item))?, errors)?;
    let tokens = helper_options("context", &item.attrs, errors);
    let krate = Krate::find(&tokens);
    let mut options = Options::parse("context", tokens, errors);
    let error = options.ty("error");
    let active = options.tokens("active").and_then(|name| {
        let parsed = syn::parse2::<Ident>(name.clone()).ok();
        if parsed.is_none() {
            options.error(&name, "expected a name for the generated struct: write `active = OpenJob`");
        }
        parsed
    });
    options.finish();
    if error.is_none() && errors.is_empty() {
        errors.at(&item.ident, "missing error type: write `#[context(error = MyError)]`");
    }
    let parts: Vec<Part> = parts(&item.fields, errors);
    if parts.iter().all(|part| part.managed.is_none()) && errors.is_empty() {
        errors.at(&item.ident, "no field to enter: write `#[managed]` above a field");
    }
    let active = active.unwrap_or_else(|| format_ident!("{}Active", item.ident));
    Some(ContextManager { path: krate.private("context_manager"), error: error?, active, parts, item })
}

fn structure(item: Item, errors: &mut Errors) -> Option<ItemStruct> {
    let (token, what) = match item {
        Item::Struct(item) => return Some(item),
        Item::Enum(item) => (item.enum_token.to_token_stream(), "an enum"),
        Item::Union(item) => (item.union_token.to_token_stream(), "a union"),
        other => (other.to_token_stream(), "this"),
    };
    let help = "implement `festoon::Manager` for it by hand";
    errors.at(&token, format!("`ContextManager` supports only structs, found {what}: {help}"));
    None
}

fn parts(fields: &Fields, errors: &mut Errors) -> Vec<Part> {
    let part = |(index, (field, member)): (usize, (&Field, Member))| {
        let managed = managed(field, errors);
        // A `skip_if` refers to plain fields by name.
        let name = field.ident.clone().filter(|_| managed.is_none()).unwrap_or_else(|| numbered("field", index));
        Part { field: field.clone(), member, name, managed }
    };
    fields.iter().zip(fields.members()).enumerate().map(part).collect()
}

fn managed(field: &Field, errors: &mut Errors) -> Option<Managed> {
    let attr = field.attrs.iter().find(|attr| attr.path().is_ident("managed"))?;
    if matches!(attr.meta, syn::Meta::Path(_)) {
        return Some(Managed { is_async: false, is_entered: false, skip_if: None });
    }
    let tokens = helper_options("managed", &field.attrs, errors);
    let mut options = Options::parse("managed", tokens, errors);
    let (is_async, is_entered) = (options.flag("async").is_some(), options.flag("entered").is_some());
    let skip_if = options.tokens("skip_if");
    options.finish();
    Some(Managed { is_async, is_entered, skip_if })
}

impl Managed {
    /// *Output:* `Manager`, `Exit`
    fn traits(&self, path: &TokenStream) -> (TokenStream, TokenStream) {
        if self.is_async {
            (quote!(#path::AsyncManager), quote!(#path::AsyncExit))
        } else {
            (quote!(#path::Manager), quote!(#path::Exit))
        }
    }
}

impl Part {
    /// *Output:* `db`, or `0: field0`.
    fn bound(&self) -> TokenStream {
        let Part { member, name, .. } = self;
        match member {
            Member::Named(own) if own == name => name.to_token_stream(),
            _ => quote!(#member: #name),
        }
    }

    /// The entered value: `<Pool as Manager>::Active`, in an `Option` if it may be skipped.
    fn active(&self, path: &TokenStream) -> TokenStream {
        let ty = &self.field.ty;
        let Some(managed) = &self.managed else { return ty.to_token_stream() };
        let active = match (managed.is_entered, managed.is_async) {
            (true, _) => ty.to_token_stream(),
            (false, true) => quote!(<#ty as #path::AsyncManager>::Active),
            (false, false) => quote!(<#ty as #path::Manager>::Active),
        };
        if managed.skip_if.is_some() { quote!(::core::option::Option<#active>) } else { active }
    }

    /// *Output:* `T: Manager,`, for its entered value.
    fn is_manager(&self, path: &TokenStream) -> TokenStream {
        let (ty, at) = (&self.field.ty, ours_at(self.field.ty.span()));
        match self.managed.as_ref().filter(|managed| !managed.is_entered) {
            Some(managed) if managed.is_async => quote_spanned!(at => #ty: #path::AsyncManager,),
            Some(_) => quote_spanned!(at => #ty: #path::Manager,),
            None => TokenStream::new(),
        }
    }

    /// *Output:* `T: Manager, <T as Manager>::Active: Exit<E>, E: From<<T as Manager>::EnterError>,`
    fn bounds(&self, path: &TokenStream, error: &TokenStream, is_async: bool) -> TokenStream {
        let Some(options) = &self.managed else { return TokenStream::new() };
        let (ty, at) = (&self.field.ty, ours_at(self.field.ty.span()));
        let (manager, exit) = options.traits(path);
        let send = is_async.then(|| quote_spanned!(at => + ::core::marker::Send));
        if options.is_entered {
            return quote_spanned!(at => #ty: #exit<#error> #send,);
        }
        let fails = quote_spanned!(at => #error: ::core::convert::From<<#ty as #manager>::EnterError>,);
        let error_is_send =
            is_async.then(|| quote_spanned!(at => <#ty as #manager>::EnterError: ::core::marker::Send,));
        quote_spanned!(at => #ty: #manager #send, <#ty as #manager>::Active: #exit<#error> #send, #fails #error_is_send)
    }
}

impl ContextManager {
    fn is_async(&self) -> bool {
        self.parts.iter().any(|part| part.managed.as_ref().is_some_and(|managed| managed.is_async))
    }

    fn managed(&self) -> impl DoubleEndedIterator<Item = (&Part, &Managed)> {
        self.parts.iter().filter_map(|part| Some((part, part.managed.as_ref()?)))
    }

    /// *Output:* `struct JobActive { .. }`, `impl Manager for Job { .. }`, `impl Exit<E> for JobActive { .. }`.
    fn expand(&self) -> TokenStream {
        let (active, manager, exit) = (self.active_struct(), self.manager(), self.exit());
        quote!(#active #manager #exit)
    }

    fn where_clause(&self) -> TokenStream {
        let bounds = self.generic_parts().map(|part| part.bounds(&self.path, &self.error, self.is_async()));
        let predicates = self.predicates();
        quote!(where #predicates #(#bounds)*)
    }

    fn predicates(&self) -> TokenStream {
        let predicates = self.item.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        quote!(#(#predicates,)*)
    }

    /// Those with a generic type. For the others the compiler knows the impls, and a bound would hide them.
    fn generic_parts(&self) -> impl Iterator<Item = &Part> {
        let is_generic = |part: &&Part| {
            self.item.generics.type_params().any(|param| mentions(&part.field.ty.to_token_stream(), &param.ident))
        };
        self.parts.iter().filter(is_generic)
    }

    fn active_struct(&self) -> TokenStream {
        let ContextManager { item: ItemStruct { vis, ident, generics, .. }, active, path, .. } = self;
        let (params, predicates) = (&generics.params, self.predicates());
        let managers = self.generic_parts().map(|part| part.is_manager(path));
        let bounds = quote!(where #predicates #(#managers)*);
        let text = format!("An entered [`{ident}`].");
        let field = |part: &Part| {
            let (vis, ty) = (&part.field.vis, part.active(path));
            let docs = part.field.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
            let name = part.field.ident.as_ref().map(|name| quote!(#name:));
            quote!(#(#docs)* #vis #name #ty)
        };
        let fields = self.parts.iter().map(field);
        let body = if matches!(self.item.fields, Fields::Named(_)) {
            quote!(#bounds { #(#fields,)* })
        } else {
            quote!((#(#fields,)*) #bounds;)
        };
        // Not every user looks at the parts.
        quote!(#[doc = #text] #[allow(dead_code)] #vis struct #active <#params> #body)
    }

    /// *Output:* `Job { db: db, retries: retries }`
    fn pattern(&self, name: &Ident) -> TokenStream {
        let fields = self.parts.iter().map(Part::bound);
        quote!(#name { #(#fields,)* })
    }

    fn manager(&self) -> TokenStream {
        let ContextManager { item, path, error, active, .. } = self;
        let (impl_generics, type_generics, _) = item.generics.split_for_impl();
        let (name, bounds) = (&item.ident, self.where_clause());
        let (asyncness, manager) = if self.is_async() {
            (Some(ours!(async)), quote!(#path::AsyncManager))
        } else {
            (None, quote!(#path::Manager))
        };
        let parts: Vec<_> = self.managed().collect();
        let enters = (0..parts.len()).map(|index| self.enter(index, &parts));
        let defuses = parts.iter().map(|(part, options)| {
            let name = &part.name;
            if options.skip_if.is_some() {
                ours!(let #name = #name.map(|held| held.defuse());)
            } else {
                ours!(let #name = #name.defuse();)
            }
        });
        let (job, entered) = (self.pattern(name), self.pattern(active));
        ours! {
            #[automatically_derived]
            impl #impl_generics #manager for #name #type_generics #bounds {
                type Active = #active #type_generics;
                type EnterError = #error;

                #asyncness fn enter(self) -> ::core::result::Result<Self::Active, #error> {
                    let #job = self;
                    #(#enters)*
                    #(#defuses)*
                    ::core::result::Result::Ok(#entered)
                }
            }
        }
    }

    /// *Output:* `let db = match db.enter() { Ok(active) => hold(active), Err(error) => { roll back; return Err(error) } };`
    fn enter(&self, index: usize, parts: &[(&Part, &Managed)]) -> TokenStream {
        let (path, error) = (&self.path, &self.error);
        let (part, options) = parts[index];
        let (name, ok) = (&part.name, quote!(::core::result::Result::Ok));
        let hold = self.hold(options);
        let entered = if options.is_entered {
            ours!(#path::#hold::<_, #error>(#name))
        } else {
            let back = self.roll_back(&parts[..index]);
            let (manager, _) = options.traits(path);
            let wait = options.is_async.then(|| ours!(.await));
            ours! {
                match #manager::enter(#name) #wait {
                    #ok(active) => #path::#hold::<_, #error>(active),
                    ::core::result::Result::Err(error) => { #back }
                }
            }
        };
        match &options.skip_if {
            None => ours!(let #name = #entered;),
            Some(skip) => ours! {
                let #name = if #skip { ::core::option::Option::None } else { ::core::option::Option::Some(#entered) };
            },
        }
    }

    fn hold(&self, managed: &Managed) -> Ident {
        local(match (managed.is_async, self.is_async()) {
            (true, _) => "hold_async",
            (false, true) => "hold_in_future",
            (false, false) => "hold",
        })
    }

    /// *Output:* `let mut chain = Chain::new(Error(&mut error)); chain.exit(db.defuse()); return Err(rolled_back(..));`
    fn roll_back(&self, entered: &[(&Part, &Managed)]) -> TokenStream {
        let (path, error) = (&self.path, &self.error);
        let exits = entered.iter().rev().map(|(part, managed)| {
            let name = &part.name;
            chained(managed, name, &ours!(.defuse()))
        });
        ours! {
            // A part that cannot fail makes this unreachable.
            #[allow(unused_mut)]
            let mut error: #error = ::core::convert::From::from(error);
            let mut chain = #path::Chain::new(#path::Outcome::Error(&mut error));
            #(#exits)*
            let verdict = chain.verdict();
            return ::core::result::Result::Err(#path::rolled_back(error, verdict));
        }
    }

    fn exit(&self) -> TokenStream {
        let ContextManager { item, path, error, active, .. } = self;
        let (impl_generics, type_generics, _) = item.generics.split_for_impl();
        let bounds = self.where_clause();
        let is_async = self.is_async();
        let asyncness = is_async.then(|| ours!(async));
        let trait_name = local(if is_async { "AsyncExit" } else { "Exit" });
        let exits = self.managed().rev().map(|(part, managed)| chained(managed, &part.name, &TokenStream::new()));
        let swallows = self.managed().map(|(part, managed)| may_swallow(part, managed, path, error));
        let cancelled = is_async.then(|| self.cancelled());
        let pattern = self.entered_pattern();
        ours! {
            #[automatically_derived]
            impl #impl_generics #path::#trait_name<#error> for #active #type_generics #bounds {
                const MAY_SWALLOW: bool = false #(|| #swallows)*;

                #asyncness fn exit(
                    self,
                    how: #path::Outcome<'_, #error>,
                ) -> ::core::result::Result<#path::Verdict<#error>, #error> {
                    let #pattern = self;
                    let mut chain = #path::Chain::new(how);
                    #(#exits)*
                    chain.verdict()
                }

                #cancelled
            }
        }
    }

    /// The managed fields; the others are dropped after all exits.
    fn entered_pattern(&self) -> TokenStream {
        let field = |part: &Part| match (&part.managed, &part.member) {
            (Some(_), _) => part.bound(),
            (None, member) => {
                let kept = format_ident!("_{}", part.name, span = our_span());
                quote!(#member: #kept)
            }
        };
        let fields = self.parts.iter().map(field);
        let active = &self.active;
        quote!(#active { #(#fields,)* })
    }

    /// *Output:* `fn cancelled(self) { cancel(log); AsyncExit::cancelled(lease); }`
    fn cancelled(&self) -> TokenStream {
        let (path, error, pattern) = (&self.path, &self.error, self.entered_pattern());
        let exits = self.managed().rev().map(|(part, managed)| {
            let name = &part.name;
            let cancel = if managed.is_async {
                ours!(#path::AsyncExit::<#error>::cancelled)
            } else {
                ours!(#path::cancel::<_, #error>)
            };
            if managed.skip_if.is_some() {
                ours!(if let ::core::option::Option::Some(active) = #name { #cancel(active) })
            } else {
                ours!(#cancel(#name);)
            }
        });
        ours! {
            fn cancelled(self) {
                let #pattern = self;
                #(#exits)*
            }
        }
    }
}

/// *Output:* `chain.exit_async(lease.defuse()).await;`
fn chained(managed: &Managed, name: &Ident, take: &TokenStream) -> TokenStream {
    let (exit, wait) =
        if managed.is_async { (local("exit_async"), Some(ours!(.await))) } else { (local("exit"), None) };
    if managed.skip_if.is_none() {
        return ours!(chain.#exit(#name #take) #wait;);
    }
    ours! {
        if let ::core::option::Option::Some(active) = #name {
            chain.#exit(active #take) #wait;
        }
    }
}

fn may_swallow(part: &Part, options: &Managed, path: &TokenStream, error: &TokenStream) -> TokenStream {
    let ((manager, exit), ty) = (options.traits(path), &part.field.ty);
    let active = if options.is_entered { quote!(#ty) } else { quote!(<#ty as #manager>::Active) };
    ours!(<#active as #exit<#error>>::MAY_SWALLOW)
}
