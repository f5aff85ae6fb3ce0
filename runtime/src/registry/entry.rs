//! A registered type. Everything in it is known at compile time.

use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;

use super::construct::{AtOnce, Awaited, Mode, PatchMake};
use super::{CreateError, Field, Key, Place, Registered};

/// A type that is registered for a trait, under one name.
pub struct Entry<T: ?Sized + Registered> {
    pub(super) make: Make<T>,
    pub(super) spec: Spec<T>,
    /// The patch's constructor.
    pub(super) patch: Option<PatchMake<T::Args, T>>,
    /// How it is deserialized, in a registry with `serde`.
    #[cfg(feature = "serde")]
    pub(super) read: Option<super::wire::Read<T>>,
}

/// What a constructor of a registry returns.
pub(super) type Made<T> = <<T as Registered>::Mode as Mode>::Made<T>;

/// Constructs a type.
pub type Make<T> = fn(&Entry<T>, <T as Registered>::Args) -> Made<T>;

/// Returns the single instance of a type.
type One<T> = &'static (dyn Fn() -> Result<&'static T, String> + Send + Sync);

/// The `on_register` of a type, or of a trait.
pub(super) type Hook<T> = fn(&mut Entry<T>) -> Result<(), String>;

/// What `#[derive(Register)]` records about a `C`: see the accessors of [`Entry`].
#[allow(missing_docs, reason = "only named by expansions")]
pub struct Spec<T: ?Sized + Registered, C = ()> {
    /// The digest of the name; 0 if it has to be computed.
    pub digest: u64,
    pub name: &'static T::Key,
    pub aliases: &'static [&'static T::Key],
    pub deprecated: &'static [&'static T::Key],
    pub priority: i32,
    pub before: &'static [&'static T::Key],
    pub after: &'static [&'static T::Key],
    pub docs: &'static str,
    pub fields: &'static [Field],
    pub tags: &'static [(&'static str, &'static str)],
    pub singleton: Option<One<T>>,
    pub on_register: Option<Hook<T>>,
    pub place: Place,
    pub type_id: fn() -> TypeId,
    pub of: PhantomData<fn() -> C>,
}

/// A trait with a registry. The type of its names is known where one is written.
#[derive(Debug)]
pub struct Known<T: ?Sized>(pub(super) PhantomData<fn() -> Box<T>>);

#[expect(
    clippy::unused_self,
    reason = "a method is looked up by the type, and found elsewhere if there is no registry"
)]
impl<T: ?Sized + Registered> Known<T> {
    /// A type without options.
    #[must_use]
    pub const fn spec<C: 'static>(self, digest: u64, name: &'static T::Key, place: Place) -> Spec<T, C> {
        Spec {
            digest,
            name,
            aliases: &[],
            deprecated: &[],
            priority: 0,
            before: &[],
            after: &[],
            docs: "",
            fields: &[],
            tags: &[],
            singleton: None,
            on_register: None,
            place: Place { type_name: type_name::<C>, ..place },
            type_id: TypeId::of::<C>,
            of: PhantomData,
        }
    }

    /// Like [`spec`](Self::spec), for a type that cannot be named: that of a function.
    #[must_use]
    pub const fn spec_of_value<C: 'static>(
        self,
        digest: u64,
        name: &'static T::Key,
        place: Place,
        _: &C,
    ) -> Spec<T, C> {
        self.spec(digest, name, place)
    }
}

impl<T: ?Sized + Registered, C: 'static> Spec<T, C> {
    /// The same, without the type.
    const fn erased(self) -> Spec<T> {
        Spec {
            digest: self.digest,
            name: self.name,
            aliases: self.aliases,
            deprecated: self.deprecated,
            priority: self.priority,
            before: self.before,
            after: self.after,
            docs: self.docs,
            fields: self.fields,
            tags: self.tags,
            singleton: self.singleton,
            on_register: self.on_register,
            place: self.place,
            type_id: self.type_id,
            of: PhantomData,
        }
    }
}

impl<T: ?Sized + Registered, C> Clone for Spec<T, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized + Registered, C> Copy for Spec<T, C> {}

impl<T: ?Sized + Registered> Clone for Entry<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized + Registered> Copy for Entry<T> {}

impl<T: ?Sized + Registered> Entry<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new<C: 'static>(make: Make<T>, spec: Spec<T, C>) -> Self {
        Entry {
            make,
            spec: spec.erased(),
            patch: None,
            #[cfg(feature = "serde")]
            read: None,
        }
    }

    /// Returns its name, or its key in a registry with `key = ..`.
    pub fn name(&self) -> &'static T::Key {
        self.spec.name
    }

    /// Returns its aliases.
    pub fn aliases(&self) -> &'static [&'static T::Key] {
        self.spec.aliases
    }

    /// Returns its deprecated names, which still work but log a warning.
    pub fn deprecated_aliases(&self) -> &'static [&'static T::Key] {
        self.spec.deprecated
    }

    /// Its name and all its aliases.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &'static T::Key> + use<T> {
        std::iter::once(self.spec.name).chain(self.spec.aliases.iter().copied())
    }

    /// Returns its priority; higher ones are listed first.
    pub fn priority(&self) -> i32 {
        self.spec.priority
    }

    /// Returns the names that it comes before, and the names that it comes after, whatever their priorities.
    pub fn before_and_after(&self) -> (&'static [&'static T::Key], &'static [&'static T::Key]) {
        (self.spec.before, self.spec.after)
    }

    /// Returns the documentation of the type.
    pub fn docs(&self) -> &'static str {
        self.spec.docs
    }

    /// Returns the first paragraph of the documentation, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        self.spec.docs.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the fields of the struct; none for an enum, and none if an `impl` block or a `type` is registered.
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

    /// Returns the line that registers it.
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

    /// Constructs the type from these arguments.
    ///
    /// # Errors
    /// [`CreateError::Failed`] if its constructor fails.
    #[inline]
    pub fn create(&self, args: T::Args) -> Result<Box<T>, CreateError>
    where
        T::Mode: AtOnce,
    {
        match T::Mode::at_once((self.make)(self, args)) {
            Ok(made) => Ok(made),
            Err(reason) => Err(self.failed(reason)),
        }
    }

    /// Like [`create`](Self::create), in a registry with `async_new`. The constructor is called at once, and its future
    /// runs in the returned one.
    ///
    /// # Errors
    /// [`CreateError::Failed`] if its constructor fails.
    pub fn create_async(
        &'static self,
        args: T::Args,
    ) -> impl Future<Output = Result<Box<T>, CreateError>> + Send + use<T>
    where
        T::Mode: Awaited,
    {
        let made = T::Mode::awaited((self.make)(self, args));
        async move { made.await.map_err(|reason| self.failed(reason)) }
    }

    /// Returns the single instance, which is created by the first call.
    ///
    /// # Errors
    /// [`CreateError::NotSingleton`] for a type that is not registered with `singleton`, and [`CreateError::Failed`] if
    /// its constructor fails; the next call tries again.
    pub fn singleton(&self) -> Result<&'static T, CreateError> {
        let instance = self.spec.singleton.ok_or_else(|| CreateError::NotSingleton { name: self.text() })?;
        instance().map_err(|reason| self.failed(reason))
    }

    /// Returns whether it is registered with `singleton`.
    pub fn is_singleton(&self) -> bool {
        self.spec.singleton.is_some()
    }

    /// Its name as text.
    pub(super) fn text(&self) -> String {
        self.spec.name.text().into_owned()
    }

    #[cold]
    fn failed(&self, reason: String) -> CreateError {
        CreateError::Failed { name: self.text(), reason }
    }
}

/// What an `on_register` may change.
impl<T: ?Sized + Registered> Entry<T> {
    /// Changes its priority.
    pub fn set_priority(&mut self, priority: i32) {
        self.spec.priority = priority;
    }

    /// Adds an alias.
    pub fn add_alias(&mut self, alias: &'static T::Key) {
        self.spec.aliases = longer(self.spec.aliases, alias);
    }

    /// Adds a tag.
    pub fn add_tag(&mut self, name: &'static str, value: &'static str) {
        self.spec.tags = longer(self.spec.tags, (name, value));
    }
}

/// A list with one more element; it is never freed, like the registry.
fn longer<E: Copy>(list: &[E], one: E) -> &'static [E] {
    [list, &[one]].concat().leak()
}

/// `"gzip" (alias "gz"): app::codecs::Gzip at src/codecs.rs:12 (app 0.1.0)`
impl<T: ?Sized + Registered> fmt::Display for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.spec.name))?;
        let aliases: Vec<String> = self.spec.aliases.iter().map(|alias| shown(*alias)).collect();
        let deprecated = self.spec.deprecated.iter().map(|alias| format!("{}, deprecated", shown(*alias)));
        let aliases: Vec<String> = aliases.into_iter().chain(deprecated).collect();
        if !aliases.is_empty() {
            write!(f, " (alias {})", aliases.join(", "))?;
        }
        write!(f, ": {}", self.spec.place)
    }
}

/// `"gzip"`, `7`
fn shown<K: ?Sized + Key>(key: &K) -> String {
    match key.name() {
        Some(name) => format!("{name:?}"),
        None => key.text().into_owned(),
    }
}

impl<T: ?Sized + Registered> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.spec.name.text())
            .field("aliases", &self.spec.aliases.iter().map(|alias| alias.text()).collect::<Vec<_>>())
            .field("priority", &self.spec.priority)
            .field("place", &format_args!("{}", self.spec.place))
            .finish_non_exhaustive()
    }
}
