//! `#[registry]` on a trait: the types that registered themselves for it, wherever they are in the program.
//!
//! In: entries, which `#[derive(Register)]` puts into the program. Out: instances by name or type. Open this file first, then
//! `index.rs`, which is built on first use.

mod construct;
mod entry;
mod error;
mod index;
mod patch;
mod place;
mod singleton;

pub use construct::{by_default, construct, no_arguments, told};
pub use entry::{Entry, Field, Make, Place, Spec};
pub use error::{CreateError, Problem, Problems};
pub(crate) use patch::Patches;
pub use patch::{Patch, Patched, PatchedHandle};
pub use singleton::Singleton;

use std::any::{TypeId, type_name};
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use index::Index;

/// A trait object that has a registry: `#[registry]` on the trait implements it for `dyn Trait`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no registry",
    label = "not the `dyn Trait` of a trait with `#[registry]`",
    note = "write `#[festoon::registry]` above the trait"
)]
pub trait Registered: 'static {
    /// The arguments of its constructors: the tuple of `#[registry(args(..))]`.
    type Args: 'static;
    /// The same as written: `level: u32`.
    const ARGS: &'static str;
    /// What the linker collects, a type local to the trait's own crate.
    #[doc(hidden)]
    type Slot: inventory::Collect + AsRef<Entry<Self>>;
    /// Returns the registry of this trait.
    fn registry() -> &'static Registry<Self>;
}

/// Points out where a trait without a registry was named.
pub const fn registered<T: ?Sized + Registered>() {}

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
    pub fn get(&self, name: &str) -> Option<&'static Entry<T>> {
        self.index().get(name)
    }

    /// Returns whether there is an entry with that name or alias.
    pub fn contains(&self, name: &str) -> bool {
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

    /// Constructs the type with that name or alias from these arguments.
    ///
    /// # Errors
    /// [`CreateError::Unknown`] if there is no such name, and [`CreateError::Failed`] if its constructor fails.
    pub fn create(&self, name: &str, args: T::Args) -> Result<Box<T>, CreateError> {
        self.find(name)?.create(args)
    }

    /// Returns the single instance of the type with that name or alias, which has to be registered with `singleton`.
    ///
    /// # Errors
    /// Like [`create`](Self::create), and [`CreateError::NotSingleton`].
    pub fn singleton(&self, name: &str) -> Result<&'static T, CreateError> {
        self.find(name)?.singleton()
    }

    #[inline]
    fn find(&self, name: &str) -> Result<&'static Entry<T>, CreateError> {
        self.get(name).ok_or_else(|| self.unknown(name))
    }

    #[cold]
    fn unknown(&self, name: &str) -> CreateError {
        CreateError::Unknown {
            registry: type_name::<T>(),
            name: name.to_owned(),
            near: self.near(name),
            known: self.names(),
        }
    }

    /// The most similar known name or alias.
    fn near(&self, name: &str) -> Option<&'static str> {
        error::closest(name, self.iter().flat_map(Entry::all_names))
    }

    /// Iterates over all entries, in order.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, &'static Entry<T>>> {
        self.index().in_order().iter().copied()
    }

    /// Returns all names, in the order of [`iter`](Self::iter), without the aliases.
    pub fn names(&self) -> Vec<&'static str> {
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

    /// Checks the registry, in a test or at the start of a program: all expected names exist, no name is used twice,
    /// and no `on_register` has rejected its type.
    ///
    /// # Errors
    /// All problems, with their places in the source.
    pub fn check(&self, expected: &[&str]) -> Result<(), Problems> {
        let missing = expected.iter().filter(|name| !self.contains(name));
        let missing = missing.map(|name| Problem::Missing { name: (*name).to_owned(), near: self.near(name) });
        let all: Vec<Problem> = missing.chain(self.index().problems()).collect();
        if all.is_empty() {
            return Ok(());
        }
        Err(Problems { registry: type_name::<T>(), known: self.iter().map(Entry::to_string).collect(), all })
    }
}

/// It is built once and never changes; a panic during the build leaves it unbuilt.
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
