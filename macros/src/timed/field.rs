//! The fields of a span: `sku, order.id, total = expr, %shown, ?debug`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

use crate::kit::{Errors, Func, Krate, Options, expr, expression, group, is_punct, may_leave, ours_at, text};

/// One field.
pub(super) struct Field {
    name: Name,
    form: Form,
    value: TokenStream,
    /// For a field that is named by its value: the first word of it.
    root: Option<Ident>,
}

/// What a field is called.
enum Name {
    /// `http.method`, `"http.method"`
    Text(String),
    /// `{CONSTANT}`
    Constant(TokenStream),
}

/// How the value is recorded.
#[derive(Clone, Copy)]
enum Form {
    /// `sku`
    Plain,
    /// `%sku`
    Display,
    /// `?sku`
    Debug,
}

/// A field as it was written.
struct Written {
    /// The tokens before the `=`.
    name: Option<TokenStream>,
    sigil: Option<TokenTree>,
    value: TokenStream,
    /// What follows, where a `,` was expected.
    rest: TokenStream,
    whole: TokenStream,
}

/// *Input:* the content of `fields(..)`.
pub(super) fn read(list: TokenStream, options: &mut Options) -> Vec<Field> {
    let written = (|input: ParseStream| {
        let mut all = Vec::new();
        while !input.is_empty() {
            all.push(written(input));
        }
        Ok(all)
    })
    .parse2(list)
    .unwrap_or_default();
    let mut fields: Vec<Field> = Vec::new();
    for written in written {
        let at = written.whole.clone();
        let read = field(written).and_then(|field| {
            let is_new = !fields.iter().any(|known| known.is_named_as(&field));
            is_new.then_some(field).ok_or((at, "another field has this name: remove one of them".to_owned()))
        });
        match read {
            Ok(field) => fields.push(field),
            Err((at, message)) => options.error(&at, message),
        }
    }
    fields
}

/// One field, and the comma behind it.
fn written(input: ParseStream) -> Written {
    let begin = input.fork();
    let ahead = input.fork();
    let name: TokenStream =
        core::iter::from_fn(|| is_of_a_name(&ahead).then(|| ahead.parse::<TokenTree>().ok())?).collect();
    let is_name =
        !name.is_empty() && ahead.peek(syn::Token![=]) && !ahead.peek(syn::Token![==]) && !ahead.peek(syn::Token![=>]);
    if is_name {
        let _ = ahead.parse::<syn::Token![=]>();
        input.advance_to(&ahead);
    }
    let is_sigil = input.peek(syn::Token![%]) || input.peek(syn::Token![?]);
    let sigil = is_sigil.then(|| input.parse().ok()).flatten();
    let value = expression(input);
    let rest: TokenStream = core::iter::from_fn(|| {
        (!input.is_empty() && !input.peek(syn::Token![,])).then(|| input.parse::<TokenTree>().ok())?
    })
    .collect();
    let whole = core::iter::from_fn(|| (begin.cursor() < input.cursor()).then(|| begin.parse::<TokenTree>().ok())?);
    let whole = whole.collect();
    let _ = input.parse::<syn::Token![,]>();
    Written { name: is_name.then_some(name), sigil, value, rest, whole }
}

/// May the next token be in a name, as in `http.method` and `{CONSTANT}`?
fn is_of_a_name(input: ParseStream) -> bool {
    input.peek(Ident::peek_any) || input.peek(syn::Token![.]) || input.peek(syn::Lit) || input.peek(syn::token::Brace)
}

/// Each mistake comes with its tokens.
fn field(written: Written) -> Result<Field, (TokenStream, String)> {
    let Written { name, sigil, value, rest, whole: all } = written;
    if !rest.is_empty() {
        return Err((rest, "expected a `,` between fields".to_owned()));
    }
    if value.is_empty() {
        let message = "a field needs a value: write `total = order.total()`, or `?order` for its `Debug`";
        return Err((all, message.to_owned()));
    }
    let form = match &sigil {
        Some(mark) if is_punct(Some(mark), '%') => Form::Display,
        Some(_) => Form::Debug,
        None => Form::Plain,
    };
    if let (Some(sigil), None) = (&sigil, &name)
        && let Some((name, value)) = assigned(&value)
    {
        return Err((all, format!("write `{} = {sigil}{}`", text(&name), text(&value))));
    }
    let value = expr(value.clone()).map_err(|message| (value, message))?;
    if leaves(&value) {
        let message = "a field is evaluated only if its span is enabled, so it cannot end the function or wait: \
                       record it in the body";
        return Err((value, message.to_owned()));
    }
    let Some(name) = name else {
        let Some((name, root)) = dotted(&value) else {
            let sigil = sigil.as_ref().map(ToString::to_string).unwrap_or_default();
            return Err((all, format!("a field needs a name: write `name = {sigil}{}`", text(&value))));
        };
        return Ok(Field { name: Name::Text(name), form, value, root: Some(root) });
    };
    Ok(Field { name: read_name(name)?, form, value, root: None })
}

/// *Input:* `total = price`, behind a sigil.
fn assigned(value: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    match syn::parse2::<syn::ExprAssign>(value.clone()) {
        Ok(assign) => Some((assign.left.to_token_stream(), assign.right.to_token_stream())),
        Err(_) => None,
    }
}

/// Would it end the function? What is in a closure or an `async` block only ends that.
fn leaves(value: &TokenStream) -> bool {
    let has_own = value.to_string().contains(['|']) || value.to_string().contains("async");
    may_leave(value) && !has_own
}

/// `http.method`, `"http.method"` or `{CONSTANT}`.
fn read_name(name: TokenStream) -> Result<Name, (TokenStream, String)> {
    if let Some((text, _)) = dotted(&name) {
        return Ok(Name::Text(text));
    }
    if let Ok(text) = syn::parse2::<syn::LitStr>(name.clone()) {
        return Ok(Name::Text(text.value()));
    }
    let tokens: Vec<TokenTree> = name.clone().into_iter().collect();
    if let (Some(braces), 1) = (group(tokens.first(), Delimiter::Brace), tokens.len()) {
        return Ok(Name::Constant(braces.stream()));
    }
    let message = "a field is named by words, a string or a constant: write `http.method = ..`, `\"http.method\" = ..` or \
                   `{NAME} = ..`";
    Err((name, message.to_owned()))
}

/// *Input:* `order.r#type`. *Output:* `"order.type"`, and its first word.
fn dotted(tokens: &TokenStream) -> Option<(String, Ident)> {
    let (mut name, mut root, mut is_word) = (String::new(), None, true);
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(word) if is_word => {
                root = root.or_else(|| Some(word.clone()));
                name += &word.unraw().to_string();
            }
            // `pair.0`, `pairs.0.1`
            TokenTree::Literal(number) if is_word && root.is_some() => {
                let number = number.to_string();
                if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
                    return None;
                }
                name += &number;
            }
            TokenTree::Punct(dot) if !is_word && dot.as_char() == '.' => name.push('.'),
            _ => return None,
        }
        is_word = !is_word;
    }
    root.filter(|_| !is_word).map(|root| (name, root))
}

impl Field {
    pub(super) fn is_called(&self, name: &str) -> bool {
        matches!(&self.name, Name::Text(own) if own == name)
    }

    fn is_named_as(&self, other: &Field) -> bool {
        matches!(&other.name, Name::Text(name) if self.is_called(name))
    }

    /// A field that is named by its value has to mean an argument: in `#[tracing::instrument]`, any other word declares
    /// an empty field.
    pub(super) fn check(&self, func: &Func, errors: &mut Errors) {
        let Some(root) = &self.root else { return };
        let is_item = root.to_string().starts_with(char::is_uppercase);
        let is_self = root == "self" && func.sig.receiver().is_some();
        if is_item || is_self || func.bound_arguments().contains(root) {
            return;
        }
        let name = text(&self.value);
        let message = if func.bound_below().contains(root) {
            format!("`{root}` is in a pattern that a decorator below takes apart: give this argument a plain name")
        } else {
            format!(
                "`{}` has no argument `{root}`: write `{name} = ..` with a value, or `{name} = tracing::field::Empty` \
                 if the body records it",
                func.sig.ident
            )
        };
        errors.at(&self.value, message);
    }

    /// *Output:* `"sku" = Plain(&sku).recorded()`, with the span of the value. Casts, since a missing `Debug` is then
    /// reported once.
    pub(super) fn expand(&self, krate: &Krate) -> TokenStream {
        let (timed, tracing, value) = (krate.private("timed"), krate.private("tracing"), &self.value);
        let name = match &self.name {
            Name::Text(name) => name.to_token_stream(),
            Name::Constant(name) => quote!({ #name }),
        };
        let at = ours_at(value.span());
        let value = match self.form {
            Form::Plain => quote_spanned!(at => #timed::Plain(&(#value)).recorded()),
            Form::Display => quote_spanned!(at => #tracing::field::display(&&(#value) as &dyn ::core::fmt::Display)),
            Form::Debug => quote_spanned!(at => #tracing::field::debug(&&(#value) as &dyn ::core::fmt::Debug)),
        };
        quote!(, #name = #value)
    }
}
