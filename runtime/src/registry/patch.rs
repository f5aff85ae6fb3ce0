//! Temporary changes to a registry on one thread, for tests.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::construct::{Mode as _, PatchMake, Patchable};
use super::index::{Index, is_same};
use super::{Entry, Place, Registered, Spec, registered};
use crate::testing::{Carry, Scope};

/// The changes of [`Registry::patched`](super::Registry::patched).
pub struct Patch<T: ?Sized + Registered> {
    set: Vec<&'static Entry<T>>,
    removed: Vec<&'static T::Key>,
}

impl<T: ?Sized + Registered> Patch<T> {
    pub(super) fn new() -> Self {
        Patch { set: Vec::new(), removed: Vec::new() }
    }

    /// Registers this constructor under the name, replacing any other entry.
    #[track_caller]
    pub fn set<F>(&mut self, name: &'static T::Key, make: F) -> &mut Self
    where
        F: Fn(T::Args) -> Box<T> + Send + Sync + 'static,
        T::Mode: Patchable<T::Args>,
    {
        self.try_set(name, move |args| Ok(make(args)))
    }

    /// Like [`set`](Self::set), with a constructor that may fail.
    #[track_caller]
    pub fn try_set<F>(&mut self, name: &'static T::Key, make: F) -> &mut Self
    where
        F: Fn(T::Args) -> Result<Box<T>, String> + Send + Sync + 'static,
        T::Mode: Patchable<T::Args>,
    {
        let patch: PatchMake<T::Args, T> = Box::leak(Box::new(make));
        let call = |entry: &Entry<T>, args| match entry.patch {
            Some(make) => T::Mode::patched(args, make),
            None => T::Mode::failed("there is no constructor".to_owned()),
        };
        self.put(name, |spec| Entry { patch: Some(patch), ..Entry::new(call, spec) })
    }

    /// Registers this instance under the name, for [`Registry::singleton`](super::Registry::singleton), replacing any
    /// other entry.
    #[track_caller]
    pub fn set_singleton(&mut self, name: &'static T::Key, instance: Box<T>) -> &mut Self
    where
        T: Sync,
    {
        let instance: &'static T = Box::leak(instance);
        let singleton = Box::leak(Box::new(move || Ok(instance)));
        self.put(name, |spec| {
            Entry::new(|entry, _| entry.festoon_only_one(), Spec { singleton: Some(singleton), ..spec })
        })
    }

    /// Removes the entry with that name, with all its aliases.
    pub fn remove(&mut self, name: &'static T::Key) -> &mut Self {
        self.removed.push(name);
        self
    }

    #[track_caller]
    fn put(&mut self, name: &'static T::Key, entry: impl FnOnce(Spec<T, Self>) -> Entry<T>) -> &mut Self {
        let caller = Location::caller();
        let place = Place::new("", caller.file(), caller.line(), None, None);
        self.set.push(Box::leak(Box::new(entry(registered::<T>().spec(0, name, place)))));
        self
    }

    /// The patched registry. It is never freed, since entries are `'static`.
    pub(super) fn apply(self, to: &Index<T>) -> &'static Index<T> {
        let is_gone = |entry: &Entry<T>| {
            self.removed.iter().any(|name| is_same::<T>(name, entry.name()))
                || self.set.iter().any(|new| is_same::<T>(new.name(), entry.name()))
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
    /// The patches of this thread, for work that moves to another one.
    pub(crate) fn current() -> Self {
        PATCHES.try_with(|patches| patches.borrow().clone()).unwrap_or(Patches(Vec::new()))
    }

    /// Makes them the patches of the thread that runs the work, if they differ.
    pub(crate) fn carry(self) -> Option<Carried> {
        let are_any = |patches: &RefCell<Patches>| !patches.borrow().0.is_empty();
        (!self.0.is_empty() || PATCHES.try_with(are_any) == Ok(true)).then(|| Carried(PATCHES.replace(self)))
    }
}

/// Restores the thread's own patches.
pub(crate) struct Carried(Patches);

impl Drop for Carried {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.0.0);
        let _gone = PATCHES.try_with(|patches| patches.replace(Patches(own)));
    }
}

/// The registry of `T`, as patched on this thread.
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
    /// It belongs to the thread that created it.
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
    /// Returns a handle to this patch and the others of this thread, for other threads and tasks of the test. When this
    /// guard is dropped, they end there too, except for those of a registry that another guard patches.
    #[must_use]
    pub fn handle(&self) -> PatchedHandle {
        PatchedHandle(Patches::current())
    }
}

/// The patches of a thread, which you can move to other threads; see [`Patched::handle`].
#[derive(Debug, Clone)]
pub struct PatchedHandle(Patches);

impl PatchedHandle {
    /// Runs a closure on the current thread with these patches.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _carried = self.0.clone().carry();
        body()
    }

    /// Returns a future that sees these patches wherever it is polled.
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
