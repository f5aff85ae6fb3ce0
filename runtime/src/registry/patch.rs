//! Another content for a registry, for one thread and for a time: what tests need.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::index::Index;
use super::{Entry, Place, Registered, Spec};
use crate::testing::{Carry, Scope};

/// What [`Registry::patched`](super::Registry::patched) is to change.
pub struct Patch<T: ?Sized + Registered> {
    set: Vec<&'static Entry<T>>,
    removed: Vec<String>,
}

impl<T: ?Sized + Registered> Patch<T> {
    pub(super) fn new() -> Self {
        Patch { set: Vec::new(), removed: Vec::new() }
    }

    /// Puts this in the place of whatever has the name.
    #[track_caller]
    pub fn set<F>(&mut self, name: &str, make: F) -> &mut Self
    where
        F: Fn(T::Args) -> Box<T> + Send + Sync + 'static,
    {
        self.try_set(name, move |args| Ok(make(args)))
    }

    /// As [`set`](Self::set), with a constructor that may fail.
    #[track_caller]
    pub fn try_set<F>(&mut self, name: &str, make: F) -> &mut Self
    where
        F: Fn(T::Args) -> Result<Box<T>, String> + Send + Sync + 'static,
    {
        self.put(name, |spec| Entry::new(Box::leak(Box::new(make)), spec))
    }

    /// Puts this one instance, for [`Registry::singleton`](super::Registry::singleton), in the place of whatever has the
    /// name.
    #[track_caller]
    pub fn set_singleton(&mut self, name: &str, instance: Box<T>) -> &mut Self
    where
        T: Sync,
    {
        let instance: &'static T = Box::leak(instance);
        let singleton = Box::leak(Box::new(move || Ok(instance)));
        let only_one = &|_| Err("there is only the one instance".to_owned());
        self.put(name, |spec| Entry::new(only_one, Spec { singleton: Some(singleton), ..spec }))
    }

    /// Takes the entry of that name out, with all its aliases.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.removed.push(name.to_owned());
        self
    }

    #[track_caller]
    fn put(&mut self, name: &str, entry: impl FnOnce(Spec<T>) -> Entry<T>) -> &mut Self {
        let caller = Location::caller();
        let place = Place::new("", caller.file(), caller.line(), None, None);
        let spec = Spec::of::<Self>(Box::leak(name.into()), place);
        self.set.push(Box::leak(Box::new(entry(spec))));
        self
    }

    /// The registry as it is to be. It stays in memory: entries are handed out for the rest of the program.
    pub(super) fn apply(self, to: &Index<T>) -> &'static Index<T> {
        let is_gone = |entry: &Entry<T>| {
            self.removed.iter().any(|name| name == entry.name())
                || self.set.iter().any(|new| new.name() == entry.name())
        };
        let stay = to.in_order().iter().filter(|entry| !is_gone(entry));
        Box::leak(Box::new(Index::patched(stay.copied().collect(), &self.set)))
    }
}

/// The patches of a thread, the newest last: the number of each, and the whole registry.
#[derive(Debug, Clone)]
pub(crate) struct Patches(Vec<(usize, TypeId, &'static (dyn Any + Send + Sync))>);

thread_local!(static PATCHES: RefCell<Patches> = const { RefCell::new(Patches(Vec::new())) });

impl Patches {
    /// Those of this thread, for work that goes to another one.
    pub(crate) fn current() -> Self {
        PATCHES.try_with(|patches| patches.borrow().clone()).unwrap_or(Patches(Vec::new()))
    }

    /// Makes them those of the thread that the work has come to, where they differ.
    pub(crate) fn carry(self) -> Option<Carried> {
        let are_any = |patches: &RefCell<Patches>| !patches.borrow().0.is_empty();
        (!self.0.is_empty() || PATCHES.try_with(are_any) == Ok(true)).then(|| Carried(PATCHES.replace(self)))
    }
}

/// Gives the thread back its own patches.
pub(crate) struct Carried(Patches);

impl Drop for Carried {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.0.0);
        let _gone = PATCHES.try_with(|patches| patches.replace(Patches(own)));
    }
}

/// The registry of `T` as this thread has patched it.
#[cold]
#[inline(never)]
pub(super) fn current<T: ?Sized + Registered>() -> Option<&'static Index<T>> {
    PATCHES.with_borrow(|Patches(all)| {
        let newest = all.iter().rev().find(|(_, id, _)| *id == TypeId::of::<T>());
        newest.and_then(|(_, _, index)| index.downcast_ref())
    })
}

/// Ends a patch when it is dropped.
#[derive(Debug)]
#[must_use = "the registry is patched only as long as this guard lives"]
pub struct Patched {
    id: usize,
    alive: &'static AtomicUsize,
    /// It belongs to the thread that made it.
    _this_thread: PhantomData<*const ()>,
}

impl Patched {
    pub(super) fn enter<T: ?Sized + Registered>(index: &'static Index<T>, alive: &'static AtomicUsize) -> Self {
        static IDS: AtomicUsize = AtomicUsize::new(0);
        let id = IDS.fetch_add(1, Relaxed);
        PATCHES.with_borrow_mut(|Patches(all)| all.push((id, TypeId::of::<T>(), index)));
        alive.fetch_add(1, Relaxed);
        Patched { id, alive, _this_thread: PhantomData }
    }
}

impl Patched {
    /// This patch and the others of this thread, for other threads and tasks of the test. Once this guard is dropped, they
    /// end there too, but for those of a registry that another guard patches.
    #[must_use]
    pub fn handle(&self) -> PatchedHandle {
        PatchedHandle(Patches::current())
    }
}

/// The patches of a thread, which can be taken to others; see [`Patched::handle`].
#[derive(Debug, Clone)]
pub struct PatchedHandle(Patches);

impl PatchedHandle {
    /// Runs this on the current thread with these patches.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _carried = self.0.clone().carry();
        body()
    }

    /// A future that sees these patches wherever it is polled.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F, PatchedHandle> {
        Scope::new(future, self.clone())
    }
}

impl Carry for PatchedHandle {
    fn carry<R>(&self, body: impl FnOnce() -> R) -> R {
        self.run(body)
    }
}

impl Drop for Patched {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Relaxed);
        PATCHES.with_borrow_mut(|Patches(all)| all.retain(|(id, ..)| *id != self.id));
    }
}
