//! The options of one attribute: names, values and spans; unknown, repeated and malformed ones are all reported.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta};

use super::entries::{Entry, Form, parse_entries, split};
use super::hints::{nameless, unknown};
use super::near::{did_you_mean, quoted};
use super::tokens::text;
use super::values::expr;
use super::{Amount, DurationValue, Errors, Krate, Number};

/// The options of one attribute, or of a value in one. Requesting an option makes its name known; `finish` reports
/// options that were never requested.
pub(crate) struct Options<'e> {
    /// `cached`, or `redis(..)`.
    attribute: String,
    /// The span of the attribute.
    span: Span,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    /// An entry could not be read.
    broken: bool,
    errors: &'e mut Errors,
}

impl<'e> Options<'e> {
    /// *Input:* `max = 10, ttl = 5m, unbounded`. A mistake in one entry does not hide the others.
    pub(crate) fn parse(attribute: &str, tokens: TokenStream, errors: &'e mut Errors) -> Self {
        let mut options = Options::of(attribute.to_owned(), tokens, errors);
        let _ = options.converted("crate", Krate::parse);
        options
    }

    /// The options of a value, as in `store = redis(timeout = 1s)`: `list` is the content of its parentheses.
    pub(crate) fn nested<T>(&mut self, of: &Ident, list: TokenStream, read: impl FnOnce(&mut Options) -> T) -> T {
        let mut options = Options::of(format!("{of}(..)"), list, self.errors).at(of.span());
        let value = read(&mut options);
        options.finish();
        value
    }

    fn of(attribute: String, tokens: TokenStream, errors: &'e mut Errors) -> Self {
        let parsed = (|input: ParseStream| Ok(parse_entries(input))).parse2(tokens);
        let (entries, faults) = parsed.unwrap_or_else(|error| (Vec::new(), vec![error]));
        let broken = !faults.is_empty();
        for fault in faults {
            errors.take::<()>(Err(fault));
        }
        Options { attribute, span: Span::call_site(), entries, known: Vec::new(), broken, errors }
    }

    /// Sets the span of the attribute, if it is not that of the macro call.
    pub(crate) fn at(self, span: Span) -> Self {
        Options { span, ..self }
    }

    /// The span of the attribute.
    #[cfg(feature = "resilience")]
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// The name of the attribute.
    pub(crate) fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Replaces all errors of the attribute by a single one.
    pub(crate) fn discard(&mut self, message: impl core::fmt::Display) {
        self.entries.clear();
        self.errors.at_span(self.span, message);
    }

    /// Does not suggest these.
    #[cfg(feature = "offload")]
    pub(crate) fn forget(&mut self, names: &[&str]) {
        self.known.retain(|name| !names.contains(name));
    }

    /// Is there an entry that could not be read, or that nobody has requested?
    #[cfg(feature = "offload")]
    pub(crate) fn has_unknown(&self) -> bool {
        self.broken || self.entries.iter().any(|entry| !entry.taken)
    }

    /// Reports every option that was never requested.
    pub(crate) fn finish(self) {
        let Options { attribute, entries, known, errors, .. } = self;
        for entry in entries.iter().filter(|entry| !entry.taken) {
            match &entry.name {
                Some(name) => errors.at(name, unknown(&attribute, &name.unraw().to_string(), &known)),
                None => errors.at(&entry.whole, nameless(&attribute, &entry.whole, &known)),
            }
        }
    }

    /// A mistake at these tokens.
    pub(crate) fn error(&mut self, tokens: &impl ToTokens, message: impl core::fmt::Display) {
        self.errors.at(tokens, message);
    }

    /// A mistake at this span.
    pub(crate) fn at_span(&mut self, span: Span, message: impl core::fmt::Display) {
        self.errors.at_span(span, message);
    }

    /// The name of an option as written, for a mistake that is about the option and not about its value.
    pub(crate) fn key(&self, name: &str) -> Option<Ident> {
        self.entries.iter().filter_map(|entry| entry.name.clone()).find(|key| key.unraw() == name)
    }

    /// The string literal that was written for an option, if it was one.
    pub(crate) fn literal_text(&self, name: &str) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.name.as_ref().is_some_and(|key| key.unraw() == name))?;
        let Form::Value(tokens) = &entry.form else { return None };
        syn::parse2::<syn::LitStr>(tokens.clone()).ok().map(|text| text.value())
    }

    /// A mistake at the name of an option, if it is present.
    pub(crate) fn refuse(&mut self, name: &str, message: impl core::fmt::Display) {
        if let Some(key) = self.key(name) {
            self.errors.at(&key, message);
        }
    }

    /// `unbounded`: its span, if it is present.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<Span> {
        let (key, form) = self.take(name)?;
        if !matches!(form, Form::Flag) {
            self.errors.at(&key, format!("`{name}` takes no value: write `{name}`"));
        }
        Some(key.span())
    }

    /// `name = EXPR`. Half an expression in the expansion would break the whole function.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<TokenStream> {
        self.converted(name, expr)
    }

    /// `name = ..`, with any tokens.
    pub(crate) fn tokens(&mut self, name: &'static str) -> Option<TokenStream> {
        let (key, form) = self.take(name)?;
        let written = match form {
            Form::Value(tokens) => return Some(tokens),
            Form::List(tokens) if !tokens.is_empty() => text(&tokens),
            _ => "..".to_owned(),
        };
        self.errors.at(&key, format!("`{name}` needs a value: write `{name} = {written}`"));
        None
    }

    /// `name = TYPE`
    pub(crate) fn ty(&mut self, name: &'static str) -> Option<TokenStream> {
        let tokens = self.tokens(name)?;
        let is_type = syn::parse2::<syn::Type>(tokens.clone()).is_ok();
        if !is_type {
            self.errors.at(&tokens, format!("expected a type: write `{name} = ..` with the name of one"));
        }
        is_type.then_some(tokens)
    }

    /// `name(a, b)`: its parts, each an expression.
    pub(crate) fn list(&mut self, name: &'static str) -> Option<Vec<TokenStream>> {
        let tokens = self.group(name)?;
        self.expressions(tokens)
    }

    fn expressions(&mut self, list: TokenStream) -> Option<Vec<TokenStream>> {
        split(list).into_iter().map(|part| self.convert(&part, expr)).collect()
    }

    /// `name(..)`: the tokens in the parentheses.
    pub(crate) fn group(&mut self, name: &'static str) -> Option<TokenStream> {
        let (key, form) = self.take(name)?;
        let written = match form {
            Form::List(tokens) => return Some(tokens),
            Form::Value(tokens) if ["args", "clone", "skip"].contains(&name) => as_list(&tokens).replace('"', ""),
            Form::Value(tokens) => as_list(&tokens),
            _ => "..".to_owned(),
        };
        self.errors.at(&key, format!("`{name}` takes a list: write `{name}({written})`"));
        None
    }

    /// `span(..)`: its name, and the tokens in the parentheses. Any other form is left for another request.
    pub(crate) fn only_list(&mut self, name: &'static str) -> Option<(Ident, TokenStream)> {
        let is_list = |entry: &Entry| matches!(entry.form, Form::List(_)) && is_named(entry, name);
        if !self.entries.iter().any(is_list) {
            return None;
        }
        match self.take(name)? {
            (key, Form::List(tokens)) => Some((key, tokens)),
            _ => None,
        }
    }

    /// `wait` or `wait = 2s`: its span, and the length.
    #[cfg(feature = "resilience")]
    pub(crate) fn flag_or_length(&mut self, name: &'static str) -> Option<(Span, Option<DurationValue>)> {
        let (key, form) = self.take(name)?;
        match form {
            Form::Flag => return Some((key.span(), None)),
            Form::Value(tokens) => return Some((key.span(), Some(self.convert(&tokens, DurationValue::parse)?))),
            _ => self.errors.at(&key, format!("write `{name}` or `{name} = 2s`")),
        }
        None
    }

    /// `queue` or `queue = "mail"`: its span, and the expression.
    #[cfg(feature = "offload")]
    pub(crate) fn flag_or_value(&mut self, name: &'static str) -> Option<(Span, Option<TokenStream>)> {
        let (key, form) = self.take(name)?;
        match form {
            Form::Flag => return Some((key.span(), None)),
            Form::Value(tokens) => return Some((key.span(), Some(self.convert(&tokens, expr)?))),
            _ => self.errors.at(&key, format!("write `{name}` or `{name} = \"..\"`")),
        }
        None
    }

    /// `singleton` or `singleton(3, x)`: its span, and the parts.
    pub(crate) fn flag_or_list(&mut self, name: &'static str) -> Option<(Span, Option<Vec<TokenStream>>)> {
        let (key, form) = self.take(name)?;
        match form {
            Form::Flag => return Some((key.span(), None)),
            Form::List(tokens) => return Some((key.span(), Some(self.expressions(tokens)?))),
            _ => self.errors.at(&key, format!("write `{name}` or `{name}(..)`")),
        }
        None
    }

    /// `ttl = 5m`
    pub(crate) fn length(&mut self, name: &'static str) -> Option<DurationValue> {
        self.converted(name, DurationValue::parse)
    }

    /// `max = 10_000`
    pub(crate) fn count(&mut self, name: &'static str) -> Option<Amount> {
        self.converted(name, Amount::count)
    }

    /// `max_weight = 64mb`
    pub(crate) fn size(&mut self, name: &'static str) -> Option<Amount> {
        self.converted(name, Amount::size)
    }

    /// `factor = 1.5`
    pub(crate) fn number(&mut self, name: &'static str) -> Option<Number> {
        self.converted(name, Number::parse)
    }

    /// `name = "shop.price"` or any expression for a string.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<TokenStream> {
        self.value(name)
    }

    /// `jitter = full`: one of these words.
    pub(crate) fn choice(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let tokens = self.tokens(name)?;
        self.one_of(name, &tokens, words)
    }

    /// `span` or `span = debug`: one of these words, the first one by default.
    pub(crate) fn flag_or_choice(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        match self.take(name)? {
            (_, Form::Flag) => words.first().copied(),
            (_, Form::Value(tokens)) => self.one_of(name, &tokens, words),
            (key, _) => {
                self.errors.at(&key, format!("write `{name}`, or `{name} = ..` with one of {}", quoted(words)));
                None
            }
        }
    }

    pub(crate) fn one_of(&mut self, name: &str, tokens: &TokenStream, words: &[&'static str]) -> Option<&'static str> {
        let written = tokens.to_string();
        let word = written.trim_matches('"');
        let found = words.iter().find(|known| **known == word).copied();
        let message = match (found, words) {
            (Some(found), _) if written == found => return Some(found),
            (Some(found), _) => format!("write the word without quotes: `{name} = {found}`"),
            (None, [only]) => format!("write `{name} = {only}`, the only choice, or remove it"),
            (None, _) if written != word => format!("`{name}` has to be one of {}", quoted(words)),
            (None, _) => format!("`{name}` has to be one of {}{}", quoted(words), did_you_mean(word, words)),
        };
        self.errors.at(tokens, message);
        None
    }

    /// The value without a name, as in `#[decorate(shout)]` and `#[timeout(2s)]`.
    pub(crate) fn positional(&mut self) -> Option<TokenStream> {
        let entry = self.entries.first_mut().filter(|entry| !entry.taken && !matches!(entry.form, Form::Value(_)))?;
        entry.taken = true;
        Some(entry.whole.clone())
    }

    /// All further ones.
    pub(crate) fn positionals(&mut self) -> Vec<TokenStream> {
        let others = self.entries.iter_mut().filter(|entry| !entry.taken && !matches!(entry.form, Form::Value(_)));
        let take = |entry: &mut Entry| {
            entry.taken = true;
            entry.whole.clone()
        };
        others.map(take).collect()
    }

    /// A mistake of the whole attribute: something is missing. An entry that could not be read, or an unknown one, may
    /// have been meant to be it.
    pub(crate) fn missing(&mut self, message: impl core::fmt::Display) {
        if !self.broken && self.entries.iter().all(|entry| entry.taken) {
            self.errors.at_span(self.span, message);
        }
    }

    fn converted<T>(&mut self, name: &'static str, parse: fn(TokenStream) -> Result<T, String>) -> Option<T> {
        let tokens = self.tokens(name)?;
        self.convert(&tokens, parse)
    }

    /// The converted tokens, or a mistake at them.
    pub(crate) fn convert<T>(
        &mut self,
        tokens: &TokenStream,
        parse: fn(TokenStream) -> Result<T, String>,
    ) -> Option<T> {
        parse(tokens.clone()).map_err(|message| self.errors.at(tokens, message)).ok()
    }

    fn take(&mut self, name: &'static str) -> Option<(Ident, Form)> {
        self.known.push(name);
        self.refuse_repeats(name);
        let is_it = |entry: &&mut Entry| is_named(entry, name);
        let entry = self.entries.iter_mut().find(is_it)?;
        entry.taken = true;
        let form = core::mem::replace(&mut entry.form, Form::Flag);
        entry.name.clone().map(|key| (key, form))
    }

    /// If an option is repeated, the first one counts.
    fn refuse_repeats(&mut self, name: &str) {
        let is_it = |key: &Option<Ident>| key.as_ref().is_some_and(|key| key.unraw() == name);
        let mut all = self.entries.iter_mut().filter(|entry| is_it(&entry.name));
        let Some(first) = all.next().and_then(|entry| entry.name.clone()) else { return };
        for again in all {
            self.errors.at(&again.name, format!("`{name}` is given twice"));
            self.errors.at(&first, format!("`{name}` is first given here"));
            again.taken = true;
        }
    }
}

fn is_named(entry: &Entry, name: &str) -> bool {
    entry.name.as_ref().is_some_and(|key| key.unraw() == name)
}

/// *Input:* `[a, b]`, `(a, b)` or `a`. *Output:* `a, b`, as in a list.
fn as_list(tokens: &TokenStream) -> String {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) => text(&group.stream()),
        _ => text(tokens),
    }
}

/// *Input:* `#[guard(a)] #[guard(b)]` among a type's attributes. *Output:* `a, b`: the options of a derive.
pub(crate) fn helper_options(name: &str, attrs: &[Attribute], errors: &mut Errors) -> TokenStream {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident(name)).filter_map(|attr| match &attr.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        meta => {
            errors.at(meta, format!("write `#[{name}(..)]`"));
            None
        }
    });
    lists.reduce(|first, more| quote!(#first, #more)).unwrap_or_default()
}
