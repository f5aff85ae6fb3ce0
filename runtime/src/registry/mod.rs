//! `#[registry]` on a trait: the types that registered themselves for it, wherever they are in the program.
//!
//! In: entries, which `#[derive(Register)]` puts into the program. Out: instances by name or type. Open this file
//! first, then `index.rs`, which is built on first use.

#[cfg(feature = "clap")]
mod clap;
mod concrete;
mod construct;
mod described;
mod entry;
mod error;
#[cfg(feature = "serde")]
mod from_value;
mod index;
#[cfg(feature = "serde")]
mod json;
mod key;
mod link;
mod missing;
mod order;
mod patch;
mod place;
mod singleton;
mod table;
mod text;
#[cfg(feature = "serde")]
pub mod wire;

#[cfg(feature = "clap")]
pub use clap::NameParser;
pub use concrete::Concrete;
pub use construct::{AtOnce, Awaited, Later, Mode, Now, Ready, by_default, construct_one, no_arguments, told};
pub use described::{Field, Place};
pub use entry::{Entry, Known, Make, Spec};
pub use error::{CreateError, Problem, Problems};
pub use key::{Key, digest};
pub use link::Required;
pub use missing::NoRegistry;
pub(crate) use patch::Patches;
pub use patch::{Patch, Patched, PatchedHandle};
pub use singleton::Singleton;

use std::any::{TypeId, type_name};
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use entry::Hook;
use index::Index;

/// A trait object that has a registry: `#[registry]` on the trait implements it for `dyn Trait`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no registry",
    label = "not the `dyn Trait` of a trait with `#[registry]`",
    note = "write `#[festoon::registry]` above the trait"
)]
pub trait Registered: 'static {
    /// What its types are registered under: `str`, or that of `#[registry(key = TYPE)]`.
    type Key: ?Sized + Key;
    /// The arguments of its constructors: the tuple of `#[registry(args(..))]`.
    type Args: 'static;
    /// The same as written: `level: u32`.
    const ARGS: &'static str;
    /// Their names.
    const ARG_NAMES: &'static [&'static str];
    /// Whether its constructors are async.
    #[doc(hidden)]
    type Mode: Mode;
    /// Collected by the linker; a type local to the trait's own crate.
    #[doc(hidden)]
    type Slot: inventory::Collect + AsRef<Entry<Self>>;
    #[doc(hidden)]
    const RULES: Rules<Self>;
    /// Returns the registry of this trait.
    fn registry() -> &'static Registry<Self>;
    /// Returns the concrete type.
    #[doc(hidden)]
    fn concrete(&self) -> TypeId;
}

/// The other options of `#[registry(..)]`.
#[allow(missing_docs, reason = "only named by expansions")]
pub struct Rules<T: ?Sized + Registered> {
    pub default: Option<&'static T::Key>,
    pub on_register: Option<Hook<T>>,
    pub ignores_case: bool,
    pub is_unique: bool,
    pub allows_duplicates: bool,
}

impl<T: ?Sized + Registered> Rules<T> {
    /// No options.
    pub const NONE: Self =
        Rules { default: None, on_register: None, ignores_case: false, is_unique: false, allows_duplicates: false };
}

/// A registry with `#[registry(default = ..)]`.
#[diagnostic::on_unimplemented(
    message = "the registry of `{Self}` has no default",
    note = "say which: `#[registry(default = \"..\")]`"
)]
pub trait HasDefault: Registered {
    /// The name of the default.
    const DEFAULT: &'static Self::Key;
}

/// Points out where a trait without a registry was named.
#[must_use]
pub const fn registered<T: ?Sized + Registered>() -> Known<T> {
    Known(PhantomData)
}

/// The types that are registered for one trait: `<dyn Codec>::registry()`.
///
/// It is built on first use, and its order is the same in every build: by priority, the highest first, then by name,
/// then by the place in the source.
pub struct Registry<T: ?Sized + Registered> {
    index: OnceLock<Index<T>>,
    /// The number of active patches, on all threads.
    patches: AtomicUsize,
}

impl<T: ?Sized + Registered> Registry<T> {
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Registry { index: OnceLock::new(), patches: AtomicUsize::new(0) }
    }

    #[inline]
    fn index(&self) -> &Index<T> {
        if self.patches.load(Relaxed) != 0
            && let Some(patched) = patch::current()
        {
            return patched;
        }
        self.index.get().unwrap_or_else(|| Index::build(&self.index))
    }

    /// Changes the registry for this thread, until the returned guard is dropped; meant for tests. The patches of a
    /// thread nest; other threads do not see them.
    ///
    /// ```
    /// use festoon::{Register, registry};
    ///
    /// #[registry]
    /// trait Clock {
    ///     fn now(&self) -> u64;
    /// }
    ///
    /// struct Fake(u64);
    ///
    /// impl Clock for Fake {
    ///     fn now(&self) -> u64 {
    ///         self.0
    ///     }
    /// }
    ///
    /// let patched = <dyn Clock>::registry().patched(|patch| {
    ///     patch.set("system", |()| Box::new(Fake(9))).remove("network");
    /// });
    /// assert_eq!(<dyn Clock>::registry().create("system", ()).unwrap().now(), 9);
    /// drop(patched);
    /// assert!(!<dyn Clock>::registry().contains("system"));
    /// ```
    pub fn patched(&'static self, change: impl FnOnce(&mut Patch<T>)) -> Patched {
        let mut patch = Patch::new();
        change(&mut patch);
        Patched::enter(patch.apply(self.index()), &self.patches)
    }

    /// Returns the entry with that name or alias. If two have the same name, it is the first in the registry's order.
    #[inline]
    pub fn get(&self, name: &T::Key) -> Option<&'static Entry<T>> {
        self.index().get(name)
    }

    /// Returns whether there is an entry with that name or alias.
    pub fn contains(&self, name: &T::Key) -> bool {
        self.get(name).is_some()
    }

    /// Returns the entry of this type; the first one if it is registered under several names.
    pub fn by_type<C: 'static>(&self) -> Option<&'static Entry<T>> {
        self.by_type_id(TypeId::of::<C>())
    }

    /// Like [`by_type`](Self::by_type), for a type that is known only by its id.
    pub fn by_type_id(&self, id: TypeId) -> Option<&'static Entry<T>> {
        self.index().by_type(id)
    }

    /// Returns the entry of this value's type, the first one if it is registered under several names; `None` if it is
    /// not registered.
    ///
    /// ```
    /// use festoon::{Register, registry};
    ///
    /// #[registry]
    /// trait Shape {}
    ///
    /// #[derive(Default, Register)]
    /// #[register(dyn Shape, name = "circle")]
    /// struct Circle;
    ///
    /// impl Shape for Circle {}
    ///
    /// let shape: Box<dyn Shape> = Box::new(Circle);
    /// assert_eq!(<dyn Shape>::registry().of(&*shape).unwrap().name(), "circle");
    /// ```
    pub fn of(&self, value: &T) -> Option<&'static Entry<T>> {
        self.by_type_id(value.concrete())
    }

    /// Constructs the type with that name or alias from these arguments.
    ///
    /// # Errors
    /// [`CreateError::Unknown`] if there is no such name, and [`CreateError::Failed`] if its constructor fails.
    pub fn create(&self, name: &T::Key, args: T::Args) -> Result<Box<T>, CreateError>
    where
        T::Mode: AtOnce,
    {
        self.find(name)?.create(args)
    }

    /// Like [`create`](Self::create), in a registry with `async_new`. The constructor is called at once, and its future
    /// runs in the returned one.
    ///
    /// # Errors
    /// Like [`create`](Self::create).
    pub fn create_async(
        &self,
        name: &T::Key,
        args: T::Args,
    ) -> impl Future<Output = Result<Box<T>, CreateError>> + Send + use<T>
    where
        T::Mode: Awaited,
    {
        let made = self.find(name).map(|entry| entry.create_async(args));
        async move { made?.await }
    }

    /// Constructs the type that `#[registry(default = ..)]` names.
    ///
    /// # Errors
    /// Like [`create`](Self::create).
    pub fn create_default(&self, args: T::Args) -> Result<Box<T>, CreateError>
    where
        T: HasDefault,
        T::Mode: AtOnce,
    {
        self.create(T::DEFAULT, args)
    }

    /// Like [`create_default`](Self::create_default), in a registry with `async_new`.
    ///
    /// # Errors
    /// Like [`create`](Self::create).
    pub fn create_default_async(
        &self,
        args: T::Args,
    ) -> impl Future<Output = Result<Box<T>, CreateError>> + Send + use<T>
    where
        T: HasDefault,
        T::Mode: Awaited,
    {
        self.create_async(T::DEFAULT, args)
    }

    /// Returns the single instance of the type with that name or alias, which has to be registered with `singleton`.
    ///
    /// # Errors
    /// Like [`create`](Self::create), and [`CreateError::NotSingleton`].
    pub fn singleton(&self, name: &T::Key) -> Result<&'static T, CreateError> {
        self.find(name)?.singleton()
    }

    #[inline]
    fn find(&self, name: &T::Key) -> Result<&'static Entry<T>, CreateError> {
        match self.get(name) {
            Some(entry) => Ok(entry),
            None => Err(self.unknown(name)),
        }
    }

    #[cold]
    fn unknown(&self, name: &T::Key) -> CreateError {
        CreateError::Unknown {
            registry: type_name::<T>(),
            name: name.text().into_owned(),
            near: name.name().and_then(|name| self.near(name)),
            known: self.iter().map(Entry::text).collect(),
        }
    }

    /// The most similar known name or alias.
    fn near(&self, name: &str) -> Option<&'static str> {
        error::closest(name, self.iter().flat_map(Entry::all_names).filter_map(Key::name))
    }

    /// Iterates over all entries, in order.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, &'static Entry<T>>> {
        self.index().in_order().iter().copied()
    }

    /// Returns all names, in the order of [`iter`](Self::iter), without the aliases.
    pub fn names(&self) -> Vec<&'static T::Key> {
        self.iter().map(Entry::name).collect()
    }

    /// Returns the arguments of the constructors, as written: `level: u32, name: String`.
    pub fn args(&self) -> &'static str {
        T::ARGS
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Returns whether nothing is registered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Checks the registry, in a test or at the start of a program: every expected name is registered, no name is used
    /// twice, no `on_register` has rejected its type, `before` and `after` form no cycle, and the default is
    /// registered.
    ///
    /// # Errors
    /// All problems with the registry, with their places in the source.
    pub fn check(&self, expected: &[&T::Key]) -> Result<(), Problems> {
        let missing = expected.iter().copied().chain(T::RULES.default).filter(|name| !self.contains(name));
        let missing = missing.map(|name| Problem::Missing {
            name: name.text().into_owned(),
            near: name.name().and_then(|name| self.near(name)),
        });
        let all: Vec<Problem> = missing.chain(self.required()).chain(self.index().problems()).collect();
        if all.is_empty() {
            return Ok(());
        }
        Err(Problems { registry: type_name::<T>(), known: self.iter().map(Entry::to_string).collect(), all })
    }
}

impl<T: ?Sized + Registered> Registry<T> {
    /// What `require!` requires, but is not registered.
    fn required(&self) -> impl Iterator<Item = Problem> {
        let ours = inventory::iter::<Required>.into_iter().filter(|it| (it.registry)() == TypeId::of::<T>());
        let names: BTreeSet<_> = ours.flat_map(|it| it.names).copied().collect();
        let known: HashSet<_> = self.iter().flat_map(Entry::all_names).filter_map(Key::name).collect();
        let missing = names.into_iter().filter(move |name| !known.contains(name));
        missing.map(|name| Problem::Missing { name: name.to_owned(), near: self.near(name) })
    }
}

/// It is built once and never changes; a panic while it is built leaves it unbuilt.
impl<T: ?Sized + Registered> UnwindSafe for Registry<T> {}

impl<T: ?Sized + Registered> RefUnwindSafe for Registry<T> {}

impl<T: ?Sized + Registered> Default for Registry<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized + Registered> fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'r, T: ?Sized + Registered> IntoIterator for &'r Registry<T> {
    type Item = &'static Entry<T>;
    type IntoIter = std::iter::Copied<std::slice::Iter<'r, &'static Entry<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
