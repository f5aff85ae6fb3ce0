//! Another content for a registry, for one thread and for a time: what tests need.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::index::Index;
use super::{Entry, Place, Registered, Spec};

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

/// The patches of this thread, the newest last.
type Patches = Vec<(usize, TypeId, &'static dyn Any)>;

thread_local!(static PATCHES: RefCell<Patches> = const { RefCell::new(Vec::new()) });

/// The registry of `T` as this thread has patched it.
#[cold]
#[inline(never)]
pub(super) fn current<T: ?Sized + Registered>() -> Option<&'static Index<T>> {
    let of_this = |(_, id, _): &&(usize, TypeId, &'static dyn Any)| *id == TypeId::of::<T>();
    PATCHES.with_borrow(|all| all.iter().rev().find(of_this).and_then(|(_, _, index)| index.downcast_ref()))
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
        PATCHES.with_borrow_mut(|all| all.push((id, TypeId::of::<T>(), index)));
        alive.fetch_add(1, Relaxed);
        Patched { id, alive, _this_thread: PhantomData }
    }
}

impl Drop for Patched {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Relaxed);
        PATCHES.with_borrow_mut(|all| all.retain(|(id, ..)| *id != self.id));
    }
}
