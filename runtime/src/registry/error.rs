//! What a registry says when something is wrong.

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
        /// The trait object of the registry.
        registry: &'static str,
        /// The requested name.
        name: String,
        /// The known name that was most likely meant.
        near: Option<&'static str>,
        /// Every known name, without the aliases.
        known: Vec<&'static str>,
    },
    /// The constructor gave an error.
    #[non_exhaustive]
    Failed {
        /// The entry.
        name: String,
        /// The text of its error.
        reason: String,
    },
    /// The type is not registered with `singleton`.
    #[non_exhaustive]
    NotSingleton {
        /// The entry.
        name: String,
    },
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreateError::Unknown { registry, name, near, known } => {
                write!(f, "`{registry}` knows no `{name}`")?;
                if let Some(near) = near {
                    write!(f, ", did you mean `{near}`?")?;
                }
                write!(f, "; {}", Known(known))
            }
            CreateError::Failed { name, reason } => write!(f, "`{name}` cannot be made: {reason}"),
            CreateError::NotSingleton { name } => {
                write!(f, "`{name}` is not a singleton: register it with `singleton`, or use `create`")
            }
        }
    }
}

impl Error for CreateError {}

/// How many names an error lists.
const LISTED: usize = 20;

const NOTHING: &str =
    "nothing is registered; a crate that nothing names is not linked into the program: `use plugin as _;`";

/// A list of names, not too long.
struct Known<'k>(&'k [&'static str]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(NOTHING);
        }
        let names: Vec<String> = self.0.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
        write!(f, "it knows {}", names.join(", "))?;
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// One thing that is wrong with a registry.
#[derive(Clone)]
#[non_exhaustive]
pub enum Problem {
    /// An expected name is not there.
    #[non_exhaustive]
    Missing {
        /// What was expected.
        name: String,
        /// The known name that is closest.
        near: Option<&'static str>,
    },
    /// Two types have the same name or alias.
    #[non_exhaustive]
    Duplicate {
        /// The name.
        name: &'static str,
        /// Who has it: the first in the registry's order.
        first: Place,
        /// Who does not get it.
        second: Place,
    },
    /// The `on_register` of a type refused it.
    #[non_exhaustive]
    Refused {
        /// The name of the entry.
        name: &'static str,
        /// Where it is.
        place: Place,
        /// What the hook says.
        reason: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing { name, near: Some(near) } => {
                write!(f, "`{name}` is not registered, only `{near}`")
            }
            Problem::Missing { name, near: None } => write!(f, "`{name}` is not registered"),
            Problem::Duplicate { name, first, second } => {
                write!(f, "`{name}` is registered twice: by {first}, which has it, and by {second}")
            }
            Problem::Refused { name, place, reason } => write!(f, "`{name}` was refused: {reason} ({place})"),
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Everything that is wrong with a registry, and what is in it.
#[derive(Clone)]
pub struct Problems {
    pub(super) registry: &'static str,
    pub(super) all: Vec<Problem>,
    pub(super) known: Vec<String>,
}

impl Problems {
    /// One by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.all.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the registry of `{}` is not in order:", self.registry)?;
        for problem in &self.all {
            write!(f, "\n  {problem}")?;
        }
        if self.known.is_empty() {
            return write!(f, "\n{NOTHING}");
        }
        write!(f, "\nregistered are:")?;
        self.known.iter().try_for_each(|entry| write!(f, "\n  {entry}"))
    }
}

/// As `Display`: it is what `check(..).unwrap()` shows.
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

/// The name that was most likely meant: case apart, at most one letter in four is wrong.
pub(super) fn closest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    let distance = |known: &str| strsim::osa_distance(&wanted, &known.to_lowercase());
    let (near, known) = known.map(|known| (distance(known), known)).min()?;
    (near <= 1 + known.len() / 4 && near < name.len()).then_some(known)
}
