//! Values constructed from a configuration file.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::construct::AtOnce;
use super::{CreateError, Registered, Registry};

/// Arguments that can be read from JSON: up to 8, each of a type that implements `Deserialize`.
#[diagnostic::on_unimplemented(
    message = "the registry's arguments `{Self}` cannot be read from a value",
    label = "each of them has to implement `Deserialize`"
)]
pub trait FromValues: Sized {
    /// Their number.
    #[doc(hidden)]
    const COUNT: usize;
    /// Reads this many values.
    #[doc(hidden)]
    fn from_values(values: &[&Value]) -> Result<Self, (usize, String)>;
}

impl FromValues for () {
    const COUNT: usize = 0;

    fn from_values(_: &[&Value]) -> Result<Self, (usize, String)> {
        Ok(())
    }
}

macro_rules! by_arity {
    ($($argument:ident $at:literal)*) => {
        impl<$($argument: DeserializeOwned),*> FromValues for ($($argument,)*) {
            const COUNT: usize = [$($at),*].len();

            fn from_values(values: &[&Value]) -> Result<Self, (usize, String)> {
                Ok(($($argument::deserialize(values[$at]).map_err(|error| ($at, error.to_string()))?,)*))
            }
        }
    };
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
    /// Constructs a value from a name and the arguments of its constructor: `{"gzip": {"level": 6}}`, where an omitted
    /// argument is `null`, `{"gzip": [6]}`, or `"gzip"` if there are no arguments. You can also write a single argument
    /// directly: `{"gzip": 6}`.
    ///
    /// ```
    /// use festoon::{Register, registry};
    /// use serde_json::json;
    ///
    /// #[registry(args(level: u32, dictionary: Option<String>))]
    /// trait Codec {
    ///     fn describe(&self) -> String;
    /// }
    ///
    /// #[derive(Register)]
    /// #[register(dyn Codec, name = "gzip", new = |level, dictionary| Gzip(level, dictionary))]
    /// struct Gzip(u32, Option<String>);
    ///
    /// impl Codec for Gzip {
    ///     fn describe(&self) -> String {
    ///         format!("level {}, {:?}", self.0, self.1)
    ///     }
    /// }
    ///
    /// let registry = <dyn Codec>::registry();
    /// let codec = registry.create_from(&json!({"gzip": {"level": 6}})).unwrap();
    /// assert_eq!(codec.describe(), "level 6, None");
    /// let error = registry.create_from(&json!({"gzip": {"level": 6, "dict": "en"}})).err().unwrap();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "wrong arguments for `gzip`: there is no `dict`; it takes level: u32, dictionary: Option<String>"
    /// );
    /// ```
    ///
    /// # Errors
    /// Like [`create`](Self::create), and [`CreateError::Arguments`] if the value has a different form, or does not fit
    /// the arguments.
    pub fn create_from<'v>(&self, value: &'v Value) -> Result<Box<T>, CreateError>
    where
        T::Args: FromValues,
        T::Mode: AtOnce,
    {
        let single = |map: &'v serde_json::Map<String, Value>| map.iter().next().filter(|_| map.len() == 1);
        let found = match value {
            Value::String(name) => Some((name, &Value::Null)),
            Value::Object(map) => single(map),
            _ => None,
        };
        let Some((name, args)) = found else {
            return Err(wrong(&value.to_string(), "expected `{\"name\": {\"argument\": ..}}`"));
        };
        let entry = self.find(name)?;
        let args = arguments::<T>(args).map_err(|reason| wrong(entry.name(), &reason))?;
        entry.create(args)
    }
}

fn wrong(name: &str, reason: &str) -> CreateError {
    CreateError::Arguments { name: name.to_owned(), reason: reason.to_owned() }
}

fn arguments<T: ?Sized + Registered>(args: &Value) -> Result<T::Args, String>
where
    T::Args: FromValues,
{
    let names = T::ARG_NAMES;
    let values: Vec<&Value> = match args {
        Value::Object(map) if map.keys().all(|name| names.contains(&name.as_str())) => {
            names.iter().map(|name| map.get(*name).unwrap_or(&Value::Null)).collect()
        }
        Value::Array(values) if values.len() == names.len() => values.iter().collect(),
        Value::Null if names.is_empty() => Vec::new(),
        single if names.len() == 1 => vec![single],
        Value::Object(map) => {
            let unknown = map.keys().find(|name| !names.contains(&name.as_str()));
            return Err(format!("there is no `{}`; {}", unknown.map_or("", String::as_str), takes::<T>()));
        }
        other => return Err(format!("{other}; {}", takes::<T>())),
    };
    T::Args::from_values(&values).map_err(|(at, error)| format!("`{}`, `{}`: {error}", names[at], values[at]))
}

fn takes<T: ?Sized + Registered>() -> String {
    if T::ARGS.is_empty() { "it takes no arguments".to_owned() } else { format!("it takes {}", T::ARGS) }
}
