//! One field of a `#[derive(ContextManager)]`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Field, Member, Meta};

use super::refuse;
use crate::kit::{Errors, Options, helper_options, is_punct, located_at, numbered};

/// One field.
pub(super) struct Part {
    pub(super) field: Field,
    pub(super) member: Member,
    /// The local variable that holds it.
    pub(super) name: Ident,
    pub(super) managed: Option<Managed>,
}

/// `#[managed(async, entered, skip_if = EXPR)]`
pub(super) struct Managed {
    pub(super) is_async: bool,
    pub(super) is_entered: bool,
    pub(super) skip_if: Option<TokenStream>,
}

impl Part {
    pub(super) fn read(index: usize, field: &Field, member: Member, errors: &mut Errors) -> Self {
        refuse(&field.attrs, "context", "goes above the type, not above a field", errors);
        let managed = managed(field, errors);
        // A `skip_if` refers to plain fields by name.
        let plain = field.ident.clone().filter(|_| managed.is_none());
        let name = plain.unwrap_or_else(|| numbered("field", index));
        Part { field: field.clone(), member, name, managed }
    }

    /// *Output:* `db`, or `0: field0`.
    pub(super) fn bound(&self) -> TokenStream {
        let Part { member, name, .. } = self;
        match member {
            Member::Named(own) if own == name => name.to_token_stream(),
            _ => quote!(#member: #name),
        }
    }

    /// The field of the entered type: `<Pool as Manager>::Active`, in an `Option` if it may be skipped.
    pub(super) fn active_field(&self, path: &TokenStream) -> TokenStream {
        let Some(managed) = &self.managed else { return self.field.ty.to_token_stream() };
        let active = self.active(managed, path);
        if managed.skip_if.is_some() { quote!(::core::option::Option<#active>) } else { active }
    }

    /// The entered value: `<Pool as Manager>::Active`.
    pub(super) fn active(&self, managed: &Managed, path: &TokenStream) -> TokenStream {
        if managed.is_entered { self.field.ty.to_token_stream() } else { self.of_manager(managed, path, "Active") }
    }

    /// *Input:* `enter`. *Output:* `<Pool as Manager>::enter`.
    ///
    /// rustc underlines all of it if the type is no manager. It begins and ends where the type does, as does everything
    /// else that needs one: the messages are then the same, and rustc shows one.
    pub(super) fn of_manager(&self, managed: &Managed, path: &TokenStream, item: &str) -> TokenStream {
        self.of(&self.field.ty, &self.manager(managed, path), item)
    }

    /// *Output:* `<T as Trait>::item`
    pub(super) fn of(&self, ty: &impl ToTokens, its: &TokenStream, item: &str) -> TokenStream {
        let (first, last) = self.ends();
        let (open, item) = (quote_spanned!(first => <), Ident::new(item, last));
        let close = quote_spanned!(last => as #its>::#item);
        quote!(#open #ty #close)
    }

    /// *Output:* `Manager`
    fn manager(&self, managed: &Managed, path: &TokenStream) -> TokenStream {
        self.of_runtime(path, if managed.is_async { "AsyncManager" } else { "Manager" })
    }

    /// *Output:* `Exit`
    pub(super) fn exit(&self, managed: &Managed, path: &TokenStream) -> TokenStream {
        self.of_runtime(path, if managed.is_async { "AsyncExit" } else { "Exit" })
    }

    /// *Output:* `::festoon::__private::context_manager::Exit`, from and to the end of the type.
    fn of_runtime(&self, path: &TokenStream, name: &str) -> TokenStream {
        let last = self.ends().1;
        let name = Ident::new(name, last);
        let place = |(index, mut token): (usize, TokenTree)| {
            // A `$crate` needs its own hygiene.
            let own = if is_punct(Some(&token), ':') { last } else { token.span().located_at(last) };
            token.set_span(if index < 2 { own } else { token.span() });
            token
        };
        quote_spanned!(last => #path::#name).into_iter().enumerate().map(place).collect()
    }

    /// The spans of the type's first and last token.
    pub(super) fn ends(&self) -> (Span, Span) {
        let ty = &self.field.ty;
        let last = ty.to_token_stream().into_iter().last();
        (ty.span(), last.map_or_else(|| ty.span(), |token| token.span()))
    }

    /// *Output:* `T: Manager,`, for its entered value.
    pub(super) fn is_manager(&self, path: &TokenStream) -> TokenStream {
        let Some(managed) = self.managed.as_ref().filter(|managed| !managed.is_entered) else {
            return TokenStream::new();
        };
        let (ty, enters) = (&self.field.ty, self.manager(managed, path));
        quote!(#ty: #enters,)
    }

    /// *Output:* `T: Manager, <T as Manager>::Active: Exit<E>, E: From<<T as Manager>::EnterError>,`
    pub(super) fn bounds(&self, path: &TokenStream, error: &TokenStream, is_async: bool) -> TokenStream {
        let Some(managed) = &self.managed else { return TokenStream::new() };
        let (ty, (_, last), active) = (&self.field.ty, self.ends(), self.active(managed, path));
        let exit = self.exit(managed, path);
        let send = is_async.then(|| quote_spanned!(last => + ::core::marker::Send));
        let exits = quote_spanned!(last => #exit<#error> #send,);
        if managed.is_entered {
            return quote!(#active: #exits);
        }
        let (enters, enter_error) = (self.manager(managed, path), self.of_manager(managed, path, "EnterError"));
        let fails = quote_spanned!(last => ::core::convert::From<#enter_error>,);
        let error_is_send = is_async.then(|| quote_spanned!(last => #enter_error: ::core::marker::Send,));
        quote!(#ty: #enters #send, #active: #exits #error: #fails #error_is_send)
    }

    /// *Output:* `Guard<<T as Manager>::Active, E>`, a type that has the bound.
    pub(super) fn exits(&self, path: &TokenStream, error: &TokenStream) -> Option<TokenStream> {
        let managed = self.managed.as_ref()?;
        let ((first, last), active) = (self.ends(), self.active(managed, path));
        let (guard, close) = (self.of_runtime(path, "Guard"), quote_spanned!(last => , #error>));
        let open = located_at(quote!(#guard <), first);
        Some(quote!(#open #active #close))
    }

    /// *Output:* `let _ = <E as From<<T as Manager>::EnterError>>::from;`
    pub(super) fn converts(&self, path: &TokenStream, error: &TokenStream) -> Option<TokenStream> {
        let managed = self.managed.as_ref().filter(|managed| !managed.is_entered)?;
        let enter_error = self.of_manager(managed, path, "EnterError");
        let convert = self.of(error, &quote!(::core::convert::From<#enter_error>), "from");
        Some(quote!(let _ = #convert;))
    }
}

fn managed(field: &Field, errors: &mut Errors) -> Option<Managed> {
    let attr = field.attrs.iter().find(|attr| attr.path().is_ident("managed"))?;
    if matches!(attr.meta, Meta::Path(_)) {
        return Some(Managed { is_async: false, is_entered: false, skip_if: None });
    }
    let tokens = helper_options("managed", &field.attrs, errors);
    let mut options = Options::parse("managed", tokens, errors);
    let (is_async, is_entered) = (options.flag("async").is_some(), options.flag("entered").is_some());
    let skip_if = options.tokens("skip_if");
    options.finish();
    Some(Managed { is_async, is_entered, skip_if })
}
