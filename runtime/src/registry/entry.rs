//! One registered type. Everything in it is known at compile time.

use std::any::{TypeId, type_name};
use std::fmt;

use super::{CreateError, Registered};

/// A type that is registered for a trait, under one name.
pub struct Entry<T: ?Sized + Registered> {
    make: Make<T>,
    spec: Spec<T>,
}

/// Constructs a value of a type.
pub type Make<T> = &'static (dyn Fn(<T as Registered>::Args) -> Result<Box<T>, String> + Send + Sync);

/// Returns the single instance of a type.
type One<T> = &'static (dyn Fn() -> Result<&'static T, String> + Send + Sync);

/// The `on_register` of a type.
type Hook<T> = fn(&Entry<T>) -> Result<(), String>;

/// The data that `#[derive(Register)]` generates: see the accessors of [`Entry`].
#[allow(missing_docs, reason = "named by expansions alone")]
pub struct Spec<T: ?Sized + Registered> {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub priority: i32,
    pub docs: &'static str,
    pub fields: &'static [Field],
    pub tags: &'static [(&'static str, &'static str)],
    pub singleton: Option<One<T>>,
    pub on_register: Option<Hook<T>>,
    pub place: Place,
    pub type_id: fn() -> TypeId,
}

impl<T: ?Sized + Registered> Spec<T> {
    /// A type without options.
    pub const fn of<C: 'static>(name: &'static str, place: Place) -> Self {
        let place = Place { type_name: type_name::<C>, ..place };
        let (aliases, docs, fields, tags): (&[_], _, &[_], &[_]) = (&[], "", &[], &[]);
        let (priority, singleton, on_register, type_id) = (0, None, None, TypeId::of::<C>);
        Spec { name, aliases, priority, docs, fields, tags, singleton, on_register, place, type_id }
    }
}

/// A field of a registered struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name; `0`, `1` in a tuple struct.
    pub name: &'static str,
    /// Its type as it was written.
    pub type_name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, type_name: &'static str, docs: &'static str) -> Self {
        Field { name, type_name, docs }
    }
}

/// Where a type is registered.
#[derive(Clone, Copy)]
pub struct Place {
    type_name: fn() -> &'static str,
    module: &'static str,
    file: &'static str,
    line: u32,
    package: Option<&'static str>,
    version: Option<&'static str>,
}

impl Place {
    /// The place of the code that is being compiled.
    pub const fn new(
        module: &'static str,
        file: &'static str,
        line: u32,
        package: Option<&'static str>,
        version: Option<&'static str>,
    ) -> Self {
        Place { type_name: || "", module, file, line, package, version }
    }
}

/// `app::codecs::Gzip at src/codecs.rs:12 (app 0.1.0)`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", (self.type_name)(), self.file, self.line)?;
        match (self.package, self.version) {
            (Some(package), Some(version)) => write!(f, " ({package} {version})"),
            _ => Ok(()),
        }
    }
}

impl<T: ?Sized + Registered> Entry<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(make: Make<T>, spec: Spec<T>) -> Self {
        Entry { make, spec }
    }

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Returns its other names.
    pub fn aliases(&self) -> &'static [&'static str] {
        self.spec.aliases
    }

    pub(super) fn all_names(&self) -> impl Iterator<Item = &'static str> + use<T> {
        std::iter::once(self.spec.name).chain(self.spec.aliases.iter().copied())
    }

    /// Returns its priority; higher ones are listed first.
    pub fn priority(&self) -> i32 {
        self.spec.priority
    }

    /// Returns the documentation of the type.
    pub fn docs(&self) -> &'static str {
        self.spec.docs
    }

    /// Returns the fields of the struct; none for an enum.
    pub fn fields(&self) -> &'static [Field] {
        self.spec.fields
    }

    /// Returns every `tag(..)`, as written.
    pub fn tags(&self) -> &'static [(&'static str, &'static str)] {
        self.spec.tags
    }

    /// Returns the value of one tag.
    pub fn tag(&self, name: &str) -> Option<&'static str> {
        self.spec.tags.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// Returns the full path of the type.
    pub fn type_name(&self) -> &'static str {
        (self.spec.place.type_name)()
    }

    /// Returns the id of the type.
    pub fn type_id(&self) -> TypeId {
        (self.spec.type_id)()
    }

    /// Returns the path of the module that registers it.
    pub fn module(&self) -> &'static str {
        self.spec.place.module
    }

    /// Returns the file that registers it.
    pub fn file(&self) -> &'static str {
        self.spec.place.file
    }

    /// Returns the line of its `#[derive(Register)]`.
    pub fn line(&self) -> u32 {
        self.spec.place.line
    }

    /// Returns the cargo package that registers it, if cargo builds it.
    pub fn package(&self) -> Option<&'static str> {
        self.spec.place.package
    }

    /// Returns the version of that package.
    pub fn version(&self) -> Option<&'static str> {
        self.spec.place.version
    }

    pub(super) fn place(&self) -> Place {
        self.spec.place
    }

    /// Calls the type's `on_register`.
    pub(super) fn accept(&self) -> Result<(), String> {
        self.spec.on_register.map_or(Ok(()), |hook| hook(self))
    }

    /// Constructs a value from these arguments.
    ///
    /// # Errors
    /// [`CreateError::Failed`] if its constructor fails.
    pub fn create(&self, args: T::Args) -> Result<Box<T>, CreateError> {
        (self.make)(args).map_err(|reason| self.failed(reason))
    }

    /// Returns the single instance, which is created by the first call.
    ///
    /// # Errors
    /// [`CreateError::NotSingleton`] for a type that is not registered with `singleton`, and [`CreateError::Failed`] if
    /// its constructor fails; the next call tries again.
    pub fn singleton(&self) -> Result<&'static T, CreateError> {
        let instance =
            self.spec.singleton.ok_or_else(|| CreateError::NotSingleton { name: self.spec.name.to_owned() })?;
        instance().map_err(|reason| self.failed(reason))
    }

    /// Returns whether it is registered with `singleton`.
    pub fn is_singleton(&self) -> bool {
        self.spec.singleton.is_some()
    }

    #[cold]
    fn failed(&self, reason: String) -> CreateError {
        CreateError::Failed { name: self.spec.name.to_owned(), reason }
    }
}

/// `"gzip" (alias "gz"): app::codecs::Gzip at src/codecs.rs:12 (app 0.1.0)`
impl<T: ?Sized + Registered> fmt::Display for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.spec.name)?;
        if !self.spec.aliases.is_empty() {
            let aliases: Vec<String> = self.spec.aliases.iter().map(|alias| format!("{alias:?}")).collect();
            write!(f, " (alias {})", aliases.join(", "))?;
        }
        write!(f, ": {}", self.spec.place)
    }
}

impl<T: ?Sized + Registered> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.spec.name)
            .field("aliases", &self.spec.aliases)
            .field("priority", &self.spec.priority)
            .field("place", &format_args!("{}", self.spec.place))
            .finish_non_exhaustive()
    }
}
