//! `#[derive(Guard)]`: a struct whose exit runs exactly once, however its scope ends.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Expr, ExprLit, Fields, Item, ItemStruct, Lit, Member};

use crate::kit::{Errors, Krate, Options, helper_options, local, ours, text};

/// The guard and its options.
struct Guard {
    item: ItemStruct,
    krate: Krate,
    /// A path to the exit, or a closure.
    exit: TokenStream,
    /// `error = E`
    error: Option<TokenStream>,
    /// `entered = field`
    entered: Option<Member>,
}

/// *Input:* `#[guard(exit = Self::rollback)] struct Tx<'a> { .. }`. *Output:* its `Drop` and its methods.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match parse(item, &mut errors) {
        Some(guard) if errors.is_empty() => guard.expand(),
        _ => errors.with_item(TokenStream::new()),
    }
}

fn parse(item: TokenStream, errors: &mut Errors) -> Option<Guard> {
    let item = structure(errors.take(syn::parse2(item))?, errors)?;
    refuse_on_fields(&item.fields, errors);
    let tokens = helper_options("guard", &item.attrs, errors);
    let krate = Krate::find(&tokens);
    let mut options = Options::parse("guard", tokens, errors);
    let exit = options.tokens("exit").and_then(|exit| readable_exit(exit, &mut options));
    let error = options.ty("error");
    let entered = options.tokens("entered").and_then(|field| entered(&field, &item.fields, &mut options));
    options.finish();
    if exit.is_none() && errors.is_empty() {
        errors.at(&item.ident, "missing exit: write `#[guard(exit = Self::rollback)]`");
    }
    Some(Guard { item, krate, exit: exit?, error, entered })
}

/// A single name may be a method, which is not in scope, or a function.
fn readable_exit(exit: TokenStream, options: &mut Options) -> Option<TokenStream> {
    let message = match syn::parse2::<Expr>(exit.clone()) {
        Ok(Expr::Path(path)) => match path.path.get_ident() {
            Some(name) => {
                format!("expected a path: write `Self::{name}` for a method, or `self::{name}` for a function")
            }
            None => return Some(exit),
        },
        Ok(Expr::Lit(ExprLit { lit: Lit::Str(path), .. })) => {
            let path = path.value();
            let path = if path.contains("::") { path } else { format!("Self::{path}") };
            format!("write the path without quotes: `exit = {path}`")
        }
        Ok(Expr::Call(call)) => format!("expected a path, found a call: write `exit = {}`", text(&call.func)),
        Ok(_) => return Some(exit),
        Err(_) => "incomplete expression: write a path, as in `exit = Self::rollback`, or a closure".to_owned(),
    };
    options.error(&exit, message);
    None
}

/// *Input:* `entered = since`. *Output:* the field.
fn entered(field: &TokenStream, fields: &Fields, options: &mut Options) -> Option<Member> {
    let member = syn::parse2(field.clone()).ok().filter(|member| fields.members().any(|known| known == *member));
    if member.is_none() {
        options.error(field, "expected the name of a field of type `festoon::Entered`: write `entered = since`");
    }
    member
}

fn structure(item: Item, errors: &mut Errors) -> Option<ItemStruct> {
    let (token, what) = match item {
        Item::Struct(item) => return Some(item),
        Item::Enum(item) => (item.enum_token.to_token_stream(), "an enum"),
        Item::Union(item) => (item.union_token.to_token_stream(), "a union"),
        other => (other.to_token_stream(), "this"),
    };
    let help = "wrap it in a struct, and derive `Guard` for that";
    errors.at(&token, format!("`Guard` supports only structs, found {what}: {help}"));
    None
}

fn refuse_on_fields(fields: &Fields, errors: &mut Errors) {
    let attrs = fields.iter().flat_map(|field| &field.attrs);
    for attr in attrs.filter(|attr| attr.path().is_ident("guard")) {
        errors.at(attr, "`#[guard(..)]` goes above the struct, not on a field");
    }
}

impl Guard {
    /// *Output:* `impl Drop for Tx { .. }` and `impl Tx { finish, finish_with, defuse, into_fields }`.
    fn expand(&self) -> TokenStream {
        let Guard { item, krate, .. } = self;
        let guard = krate.private("guard");
        let (impl_generics, type_generics, bounds) = item.generics.split_for_impl();
        let name = &item.ident;
        let methods = [self.finish(), self.finish_with(), self.scopes(), self.defuse(), self.fields(), self.exit()];
        let entered = self.entered.as_ref().map(|field| ours!(#guard::Entered::dropped(&self.#field)));
        let ending = entered.unwrap_or_else(|| ours!(#guard::Ending::Dropped { is_unwound: false }));
        let told = self.told();
        ours! {
            #[automatically_derived]
            impl #impl_generics ::core::ops::Drop for #name #type_generics #bounds {
                #[inline]
                fn drop(&mut self) {
                    self.festoon_exit(#ending);
                }
            }

            #told

            #[automatically_derived]
            // Few programs use all of these, and a type may have methods of the same names.
            #[allow(dead_code, clippy::future_not_send, clippy::same_name_method)]
            impl #impl_generics #name #type_generics #bounds {
                #(#methods)*
            }
        }
    }

    /// The user's exit, in a single place, so that a mistake in it is reported once.
    fn exit(&self) -> TokenStream {
        let Guard { krate, exit, .. } = self;
        let (guard, error) = (krate.private("guard"), self.error());
        ours! {
            #[doc(hidden)]
            #[inline]
            // `exit` is the user's expression.
            #[allow(unused_qualifications)]
            fn festoon_exit(&mut self, how: #guard::Ending<'_, #error>) {
                #guard::exit(self, how, #exit);
            }
        }
    }

    fn error(&self) -> TokenStream {
        let guard = self.krate.private("guard");
        self.error.clone().unwrap_or_else(|| quote!(#guard::NoError))
    }

    fn finish(&self) -> TokenStream {
        let Guard { item: ItemStruct { vis, .. }, krate, .. } = self;
        let (guard, kind) = (krate.private("guard"), krate.private("OutcomeKind"));
        ours! {
            /// Runs the exit now, with this outcome; then the fields are dropped.
            #[inline]
            #vis fn finish(self, how: #kind) {
                #guard::finish(self, how, Self::festoon_exit, Self::into_fields);
            }
        }
    }

    /// With `error = E` the exit receives the error and may change it; without, it receives `Success` or `Error`.
    fn finish_with(&self) -> TokenStream {
        let Guard { item: ItemStruct { vis, .. }, krate, error, .. } = self;
        let (guard, result) = (krate.private("guard"), quote!(::core::result::Result));
        let Some(error) = error else {
            return ours! {
                /// Runs the exit now, with `Success` for `Ok` and `Error` for `Err`; then the fields are dropped.
                #[inline]
                #vis fn finish_with<FestoonT, FestoonE>(self, result: &#result<FestoonT, FestoonE>) {
                    self.finish(#guard::kind_of(result));
                }
            };
        };
        ours! {
            /// Runs the exit now, with the error of the scope, which it may change; then the fields are dropped. An
            /// error of the exit itself replaces an `Ok`, and is only logged if there is an `Err`.
            #[inline]
            #vis fn finish_with<FestoonT>(self, result: &mut #result<FestoonT, #error>) {
                #guard::finish_with(self, result, Self::festoon_exit, Self::into_fields);
            }
        }
    }

    /// *Output:* `impl<'a, E> Exit<E> for Tx<'a> { .. }`, so that it can exit any scope; with `error = E`, only those
    /// with that error.
    fn told(&self) -> TokenStream {
        let Guard { item, krate, .. } = self;
        let (guard, name, any) = (krate.private("guard"), &item.ident, local("FestoonE"));
        let (_, type_generics, bounds) = item.generics.split_for_impl();
        let mut generics = item.generics.clone();
        let (told, how, error) = match &self.error {
            Some(error) => (local("told"), ours!(how), error.clone()),
            None => (local("told_kind"), ours!(&how), any.to_token_stream()),
        };
        if self.error.is_none() {
            generics.params.push(syn::parse_quote!(#any));
        }
        let (impl_generics, ..) = generics.split_for_impl();
        let (exit, outcome, verdict) = (quote!(#guard::Exit), quote!(#guard::Outcome), quote!(#guard::Verdict));
        ours! {
            #[automatically_derived]
            impl #impl_generics #exit<#error> for #name #type_generics #bounds {
                #[inline]
                fn exit(self, how: #outcome<'_, #error>) -> ::core::result::Result<#verdict<#error>, #error> {
                    #guard::#told(self, #how, Self::festoon_exit, Self::into_fields)
                }
            }
        }
    }

    /// A body whose outcome is reported: its return value and its panics.
    fn scopes(&self) -> TokenStream {
        let Guard { item: ItemStruct { vis, .. }, krate, error, .. } = self;
        let (guard, result, any) = (krate.private("guard"), quote!(::core::result::Result), local("FestoonE"));
        let error = error.clone().unwrap_or_else(|| any.to_token_stream());
        let any = self.error.is_none().then_some(any);
        let output = ours!(#result<FestoonT, #error>);
        ours! {
            /// Runs the body and then the exit, with the body's outcome: an `Ok`, an `Err` or a panic.
            #[inline]
            #vis fn scope<FestoonT, #any>(self, body: impl ::core::ops::FnOnce(&mut Self) -> #output) -> #output {
                #guard::Exit::scope(self, body)
            }

            /// The same for an async body. If the future is dropped, the exit receives `Cancelled`.
            #[inline]
            #vis fn scope_async<FestoonT, #any>(
                self,
                body: impl ::core::ops::AsyncFnOnce(&mut Self) -> #output,
            ) -> impl ::core::future::Future<Output = #output> {
                #guard::Exit::scope_async(self, body)
            }
        }
    }

    fn defuse(&self) -> TokenStream {
        let vis = &self.item.vis;
        ours! {
            /// Drops the fields without running the exit.
            #[inline]
            #vis fn defuse(self) {
                let _fields = self.into_fields();
            }
        }
    }

    /// *Output:* `fn into_fields(self) -> (A, B)`. Like the fields of a struct, a tuple is dropped in order, and to the
    /// end even if one of its drops panics.
    fn fields(&self) -> TokenStream {
        let fields = &self.item.fields;
        if fields.is_empty() {
            return ours!(
                #[inline]
                fn into_fields(self) {
                    ::core::mem::forget(self);
                }
            );
        }
        let types = fields.iter().map(|field| &field.ty);
        let reads = fields.members().map(|member| self.read(&member));
        // SAFETY (of the generated code): `this` is never dropped and not used again, so each field has one owner: the
        // value that was read out of it. The pointers are valid, and aligned unless the struct is packed, which `read`
        // handles.
        ours! {
            /// Returns the fields in order, without running the exit.
            #[inline]
            fn into_fields(self) -> (#(#types,)*) {
                let this = ::core::mem::ManuallyDrop::new(self);
                unsafe { (#(#reads,)*) }
            }
        }
    }

    fn read(&self, member: &Member) -> TokenStream {
        let read = if is_packed(&self.item.attrs) { format_ident!("read_unaligned") } else { format_ident!("read") };
        ours!(::core::ptr::#read(&raw const this.#member))
    }
}

fn is_packed(attrs: &[Attribute]) -> bool {
    let names_it = |attr: &Attribute| attr.meta.to_token_stream().to_string().contains("packed");
    attrs.iter().any(|attr| attr.path().is_ident("repr") && names_it(attr))
}
