//! A name on a command line.

use std::ffi::OsStr;
use std::fmt;
use std::marker::PhantomData;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Error};

use super::{Entry, Registered, Registry};

impl<T: ?Sized + Registered<Key = str>> Registry<T> {
    /// Returns a `clap` parser for the names and aliases. Its value is the [`Entry`], which creates the type. The help
    /// lists the names with the first paragraph of their documentation, and shells can complete them.
    ///
    /// ```
    /// use clap::{Arg, Command};
    /// use festoon::{Entry, Register, registry};
    ///
    /// #[registry(args(level: u32))]
    /// trait Codec {
    ///     fn level(&self) -> u32;
    /// }
    ///
    /// /// Deflate with a header.
    /// #[derive(Register)]
    /// #[register(dyn Codec, name = "gzip", alias("gz"), new = Gzip)]
    /// struct Gzip(u32);
    ///
    /// impl Codec for Gzip {
    ///     fn level(&self) -> u32 {
    ///         self.0
    ///     }
    /// }
    ///
    /// let codec = Arg::new("codec").long("codec").value_parser(<dyn Codec>::registry().value_parser());
    /// let matches = Command::new("pack").arg(codec).get_matches_from(["pack", "--codec", "gz"]);
    /// let entry = matches.get_one::<&'static Entry<dyn Codec>>("codec").unwrap();
    /// assert_eq!(entry.create((6,)).unwrap().level(), 6);
    /// ```
    ///
    /// For a name with arguments, `--codec gzip:6`, use a closure that calls [`parse`](Self::parse):
    /// `|text: &str| <dyn Codec>::registry().parse(text).map(Arc::<dyn Codec>::from)`.
    pub fn value_parser(&'static self) -> NameParser<T> {
        NameParser(PhantomData)
    }
}

/// A parser of `clap` for the names of a registry; see [`Registry::value_parser`].
pub struct NameParser<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T: ?Sized> Clone for NameParser<T> {
    fn clone(&self) -> Self {
        NameParser(PhantomData)
    }
}

impl<T: ?Sized> fmt::Debug for NameParser<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameParser")
    }
}

impl<T: ?Sized + Registered<Key = str>> TypedValueParser for NameParser<T> {
    type Value = &'static Entry<T>;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Self::Value, Error> {
        if let Some(entry) = value.to_str().and_then(|name| T::registry().get(name)) {
            return Ok(entry);
        }
        // The message, with its suggestions, is clap's own.
        let name = PossibleValuesParser::new(values::<T>()).parse_ref(command, arg, value)?;
        T::registry().get(&name).ok_or_else(|| Error::new(clap::error::ErrorKind::InvalidValue).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(values::<T>().into_iter()))
    }
}

fn values<T: ?Sized + Registered<Key = str>>() -> Vec<PossibleValue> {
    let value = |entry: &Entry<T>| {
        let aliases = entry.aliases().iter().chain(entry.deprecated_aliases()).copied();
        let value = PossibleValue::new(entry.name()).aliases(aliases);
        match entry.summary() {
            about if about.is_empty() => value,
            about => value.help(about),
        }
    };
    T::registry().iter().map(value).collect()
}
