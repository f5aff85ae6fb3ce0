//! The errors of registries.

use std::error::Error;
use std::fmt;

use super::Place;

/// Why a registry could not create a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateError {
    /// Nothing is registered under this name.
    #[non_exhaustive]
    Unknown {
        /// The registry's trait object.
        registry: &'static str,
        /// The requested name.
        name: String,
        /// The most similar known name, if there is one.
        near: Option<&'static str>,
        /// Every known name, without the aliases.
        known: Vec<String>,
    },
    /// The constructor returned an error.
    #[non_exhaustive]
    Failed {
        /// The name of the entry.
        name: String,
        /// The text of its error.
        reason: String,
    },
    /// A string or value does not fit the arguments of the constructor.
    #[non_exhaustive]
    Arguments {
        /// The entry.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// An environment variable cannot be used.
    #[non_exhaustive]
    Variable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The type is not registered with `singleton`.
    #[non_exhaustive]
    NotSingleton {
        /// The name of the entry.
        name: String,
    },
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreateError::Unknown { registry, name, near, known } => {
                write!(f, "`{name}` is not registered for `{registry}`")?;
                if let Some(near) = near {
                    write!(f, ", did you mean `{near}`?")?;
                }
                write!(f, "; {}", Known(known))
            }
            CreateError::Failed { name, reason } => write!(f, "cannot create `{name}`: {reason}"),
            CreateError::Arguments { name, reason } => write!(f, "wrong arguments for `{name}`: {reason}"),
            CreateError::Variable { name, reason } => write!(f, "the environment variable `{name}`: {reason}"),
            CreateError::NotSingleton { name } => {
                write!(f, "`{name}` is not a singleton: register it with `singleton`, or use `create`")
            }
        }
    }
}

impl Error for CreateError {}

/// The maximum number of names that an error lists.
const LISTED: usize = 20;

const NOTHING: &str = "nothing is registered; a crate that is never named is not linked into the program: write `festoon::link!(plugin);`";

/// A list of names, not too long.
struct Known<'k>(&'k [String]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(NOTHING);
        }
        let names: Vec<String> = self.0.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
        write!(f, "registered names: {}", names.join(", "))?;
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A problem with a registry.
#[derive(Clone)]
#[non_exhaustive]
pub enum Problem {
    /// An expected name is not registered.
    #[non_exhaustive]
    Missing {
        /// The expected name.
        name: String,
        /// The most similar known name, if there is one.
        near: Option<&'static str>,
    },
    /// Two types have the same name or alias.
    #[non_exhaustive]
    Duplicate {
        /// The name.
        name: String,
        /// The place of the one that has it: the first in the registry's order.
        first: Place,
        /// The place of the one that does not.
        second: Place,
    },
    /// The `on_register` of a type rejected it.
    #[non_exhaustive]
    Refused {
        /// The name of the entry.
        name: String,
        /// Where it is.
        place: Place,
        /// The reason that the hook returned.
        reason: String,
    },
    /// The `before` and `after` of these types contradict each other: each has to come before the next one, and the
    /// last one before the first.
    #[non_exhaustive]
    Circle {
        /// The names of the entries.
        names: Vec<String>,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing { name, near: Some(near) } => {
                write!(f, "`{name}` is not registered, but `{near}` is")
            }
            Problem::Missing { name, near: None } => write!(f, "`{name}` is not registered"),
            Problem::Duplicate { name, first, second } => {
                write!(f, "`{name}` is registered twice: by {first}, which gets the name, and by {second}")
            }
            Problem::Circle { names } => {
                let first = names.first().into_iter();
                let names: Vec<String> = names.iter().chain(first).map(|name| format!("`{name}`")).collect();
                write!(f, "each of these has to come before the next one, in a cycle: {}", names.join(", "))
            }
            Problem::Refused { name, place, reason } => {
                write!(f, "`{name}` was rejected by its `on_register`: {reason} ({place})")
            }
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// All problems with a registry, and its contents.
#[derive(Clone)]
pub struct Problems {
    pub(super) registry: &'static str,
    pub(super) all: Vec<Problem>,
    pub(super) known: Vec<String>,
}

impl Problems {
    /// Iterates over the problems.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.all.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the registry of `{}` has problems:", self.registry)?;
        for problem in &self.all {
            write!(f, "\n  {problem}")?;
        }
        if self.known.is_empty() {
            return write!(f, "\n{NOTHING}");
        }
        write!(f, "\nregistered:")?;
        self.known.iter().try_for_each(|entry| write!(f, "\n  {entry}"))
    }
}

/// The same as `Display`, since it is what `check(..).unwrap()` shows.
impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Error for Problems {}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The most similar name: ignoring case, at most one letter in four may differ.
pub(super) fn closest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    let distance = |known: &str| strsim::osa_distance(&wanted, &known.to_lowercase());
    let (near, known) = known.map(|known| (distance(known), known)).min()?;
    (near <= 1 + known.len() / 4 && near < name.len()).then_some(known)
}
