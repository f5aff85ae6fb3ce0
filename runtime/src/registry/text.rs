//! Values constructed from a string: `gzip:6,fast`.

use std::env::{self, VarError};
use std::fmt::Display;
use std::str::FromStr;

use super::construct::AtOnce;
use super::{CreateError, Entry, Registered, Registry};

/// Arguments that can be read from a string: up to 8, each of a type that implements `FromStr`.
#[diagnostic::on_unimplemented(
    message = "the registry's arguments `{Self}` cannot be read from a text",
    label = "each of them has to implement `FromStr`"
)]
pub trait FromText: Sized {
    /// Their number.
    #[doc(hidden)]
    const COUNT: usize;
    /// Reads this many parts.
    #[doc(hidden)]
    fn from_parts(parts: &[String]) -> Result<Self, (usize, String)>;
}

macro_rules! by_arity {
    ($($argument:ident $at:literal)*) => {
        impl<$($argument: FromStr<Err: Display>),*> FromText for ($($argument,)*) {
            const COUNT: usize = [$($at),*].len();

            fn from_parts(_parts: &[String]) -> Result<Self, (usize, String)> {
                Ok(($(_parts[$at].parse::<$argument>().map_err(|error| ($at, format!("{error:#}")))?,)*))
            }
        }
    };
}

impl FromText for () {
    const COUNT: usize = 0;

    fn from_parts(_: &[String]) -> Result<Self, (usize, String)> {
        Ok(())
    }
}

by_arity!(A 0);
by_arity!(A 0 B 1);
by_arity!(A 0 B 1 C 2);
by_arity!(A 0 B 1 C 2 D 3);
by_arity!(A 0 B 1 C 2 D 3 E 4);
by_arity!(A 0 B 1 C 2 D 3 E 4 F 5);
by_arity!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
by_arity!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

impl<T: ?Sized + Registered<Key = str>> Registry<T> {
    /// Constructs a value from a string, as found in a configuration or on a command line: a name, then a colon and the
    /// arguments, separated by commas. Spaces around them are ignored, and `\,` is a comma inside an argument.
    ///
    /// ```
    /// use festoon::{Register, registry};
    ///
    /// #[registry(args(level: u32, dictionary: String))]
    /// trait Codec {
    ///     fn describe(&self) -> String;
    /// }
    ///
    /// #[derive(Register)]
    /// #[register(dyn Codec, name = "gzip", new = |level, dictionary| Gzip(level, dictionary))]
    /// struct Gzip(u32, String);
    ///
    /// impl Codec for Gzip {
    ///     fn describe(&self) -> String {
    ///         format!("level {}, {}", self.0, self.1)
    ///     }
    /// }
    ///
    /// let registry = <dyn Codec>::registry();
    /// assert_eq!(registry.parse("gzip: 6, english").unwrap().describe(), "level 6, english");
    /// let error = registry.parse("gzip:high,english").err().unwrap();
    /// assert_eq!(error.to_string(), "wrong arguments for `gzip`: `level`, `high`: invalid digit found in string");
    /// let error = registry.parse("gzip").err().unwrap();
    /// assert_eq!(error.to_string(), "wrong arguments for `gzip`: it takes 2 (level: u32, dictionary: String), and got 0");
    /// ```
    ///
    /// # Errors
    /// Like [`create`](Self::create), and [`CreateError::Arguments`] if the arguments do not fit.
    pub fn parse(&self, text: &str) -> Result<Box<T>, CreateError>
    where
        T::Args: FromText,
        T::Mode: AtOnce,
    {
        let (entry, args) = self.split(text)?;
        let parts = parts(args);
        let wrong = |reason| CreateError::Arguments { name: entry.name().to_owned(), reason };
        if parts.len() != T::Args::COUNT {
            let takes = match T::ARGS {
                "" => "it takes none".to_owned(),
                args => format!("it takes {} ({args})", T::Args::COUNT),
            };
            return Err(wrong(format!("{takes}, and got {}", parts.len())));
        }
        let args = T::Args::from_parts(&parts).map_err(|(at, error)| {
            wrong(format!("`{}`, `{}`: {error}", T::ARG_NAMES.get(at).copied().unwrap_or_default(), parts[at]))
        })?;
        entry.create(args)
    }

    /// Like [`parse`](Self::parse), with the value of an environment variable; `None` if the variable is not set.
    ///
    /// ```
    /// # use festoon::{Register, registry};
    /// # #[registry] trait Codec {}
    /// # #[derive(Default, Register)] #[register(dyn Codec, name = "gzip")] struct Gzip;
    /// # impl Codec for Gzip {}
    /// # fn main() -> Result<(), festoon::CreateError> {
    /// let codec = match <dyn Codec>::registry().from_env("APP_CODEC")? {
    ///     Some(codec) => codec,
    ///     None => <dyn Codec>::registry().create("gzip", ())?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CreateError::Variable`] with the variable's name and the error of [`parse`](Self::parse), or if its value is
    /// not UTF-8.
    pub fn from_env(&self, variable: &str) -> Result<Option<Box<T>>, CreateError>
    where
        T::Args: FromText,
        T::Mode: AtOnce,
    {
        let wrong = |reason: String| CreateError::Variable { name: variable.to_owned(), reason };
        match env::var(variable) {
            Ok(text) => self.parse(&text).map(Some).map_err(|error| wrong(error.to_string())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(wrong("it is not UTF-8".to_owned())),
        }
    }

    /// A name may contain colons: the longest known name wins.
    fn split<'t>(&self, text: &'t str) -> Result<(&'static Entry<T>, &'t str), CreateError> {
        let text = text.trim();
        let colons = text.rmatch_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
        let mut ways = std::iter::once((text, "")).chain(colons);
        let known = ways.find_map(|(name, args)| Some((self.get(name.trim_end())?, args)));
        let name = text.split(':').next().unwrap_or_default().trim_end();
        known.map_or_else(|| Err(self.unknown(name)), Ok)
    }
}

/// *Input:* `6, a\,b`. *Output:* `6` and `a,b`.
fn parts(args: &str) -> Vec<String> {
    if args.trim().is_empty() {
        return Vec::new();
    }
    let mut parts = vec![String::new()];
    let mut rest = args.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            ',' => parts.push(String::new()),
            '\\' if rest.next_if_eq(&',').is_some() => parts.last_mut().into_iter().for_each(|part| part.push(',')),
            other => parts.last_mut().into_iter().for_each(|part| part.push(other)),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn arguments_stand_between_commas() {
        assert_eq!(parts("6, a\\,b ,c:\\d"), ["6", "a,b", "c:\\d"]);
        assert_eq!(parts("a,"), ["a", ""]);
        assert!(parts("  ").is_empty());
    }
}
