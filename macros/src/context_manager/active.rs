//! The type that entering a `#[derive(ContextManager)]` returns.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Fields;

use super::field::Part;
use super::{ContextManager, Variant};

impl ContextManager {
    /// *Output:* `struct JobActive { db: <Pool as Manager>::Active, retries: u8 }`, or an enum of such variants.
    pub(super) fn active_type(&self) -> TokenStream {
        let ContextManager { vis, name, active, path, generics, .. } = self;
        let (params, predicates) = (&generics.params, self.predicates());
        let managers = self.parts().filter(|part| !self.is_borrowed(part)).map(|part| part.is_manager(path));
        let bounds = quote!(where #predicates #(#managers)*);
        let text = format!("An entered [`{name}`].");
        let variants = self.variants.iter().map(|variant| variant.active(path));
        let item = match self.variants.first().map(|only| &only.fields) {
            _ if self.is_enum => quote!(enum #active <#params> #bounds { #(#variants,)* }),
            Some(Fields::Named(_)) => quote!(struct #active <#params> #bounds #(#variants)*),
            _ => quote!(struct #active <#params> #(#variants)* #bounds;),
        };
        // Not every user looks at the parts, and their sizes are those of the user's own type.
        quote!(#[doc = #text] #[allow(dead_code, clippy::large_enum_variant)] #vis #item)
    }
}

impl Variant {
    /// *Output:* `{ db: <Pool as Manager>::Active }`, or `Local(u8)`.
    fn active(&self, path: &TokenStream) -> TokenStream {
        let (docs, name) = (&self.docs, &self.name);
        let field = |part: &Part| {
            let (vis, ty) = (&part.field.vis, part.active_field(path));
            let docs = part.field.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
            let name = part.field.ident.as_ref().map(|name| quote!(#name:));
            quote!(#(#docs)* #vis #name #ty)
        };
        let fields = self.parts.iter().map(field);
        let fields = match self.fields {
            Fields::Named(_) => quote!({ #(#fields,)* }),
            Fields::Unnamed(_) => quote!((#(#fields,)*)),
            Fields::Unit => TokenStream::new(),
        };
        quote!(#(#docs)* #name #fields)
    }
}
