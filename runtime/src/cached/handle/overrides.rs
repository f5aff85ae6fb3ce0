//! Calls that a handle or a test has asked for: a value given from outside, a value computed anew, caches of a test's own.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use crate::cached::handle::registry::Listed;
use crate::cached::scope::process::Site;
use crate::sync::lock;

/// How many refreshes and scopes there are: without one, no call looks any further.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Does any thread take a detour?
#[inline]
pub(in crate::cached) fn is_open() -> bool {
    OPEN.load(Relaxed) != 0
}

/// One of those that are counted.
#[derive(Debug)]
pub(in crate::cached) struct Opens(());

impl Opens {
    pub(in crate::cached) fn new() -> Self {
        OPEN.fetch_add(1, Relaxed);
        Opens(())
    }
}

impl Drop for Opens {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Relaxed);
    }
}

/// A value put in before the first call: only the function itself can make its cache, so it is called, and the cache
/// answers with that value instead of the body.
#[derive(Clone, Copy)]
struct Answer<'n> {
    name: &'n str,
    output: TypeId,
    /// An `Option` of that type.
    value: *mut (),
}

thread_local! {
    static ANSWER: Cell<Option<Answer<'static>>> = const { Cell::new(None) };
    static REFRESH: RefCell<Option<String>> = const { RefCell::new(None) };
    static FRESH: RefCell<Option<Arc<FreshScope>>> = const { RefCell::new(None) };
}

/// Calls a function whose cache is to answer with `value`.
#[allow(unsafe_code)]
pub(in crate::cached) fn with_answer<O, R>(name: &str, value: O, call: impl FnOnce() -> R) -> R {
    struct Ends(Option<Answer<'static>>);
    impl Drop for Ends {
        fn drop(&mut self) {
            ANSWER.set(self.0);
        }
    }

    let mut value = Some(value);
    let answer = Answer { name, output: typeid::of::<O>(), value: (&raw mut value).cast() };
    // SAFETY: only the lifetime of `name` is stretched, and `Ends` takes it away before `name` and `value` end.
    let _ends = Ends(ANSWER.replace(Some(unsafe { std::mem::transmute::<Answer<'_>, Answer<'static>>(answer) })));
    call()
}

/// The value that the cache of this function is to answer with, once.
#[allow(unsafe_code)]
pub(in crate::cached) fn answer<O>(name: &str) -> Option<O> {
    let answer = ANSWER.try_with(Cell::get).ok().flatten()?;
    if answer.name != name || answer.output != typeid::of::<O>() {
        return None;
    }
    // SAFETY: `with_answer` is still running, further out on this thread, and owns an `Option` of this type, up to
    // lifetimes: what is taken out of it is what the function returns to `with_answer`'s caller.
    unsafe { &mut *answer.value.cast::<Option<O>>() }.take()
}

/// The refresh of one value: the next call of that function on this thread runs the body.
pub(in crate::cached) struct Refresh {
    name: Option<String>,
    _opens: Opens,
}

impl Refresh {
    pub(in crate::cached) fn of(name: &str) -> Self {
        Refresh { name: Some(name.to_owned()), _opens: Opens::new() }
    }

    /// Runs this, in which the call comes, or a part of it.
    pub(in crate::cached) fn around<R>(&mut self, call: impl FnOnce() -> R) -> R {
        struct Ends<'r> {
            refresh: &'r mut Option<String>,
            before: Option<String>,
        }
        impl Drop for Ends<'_> {
            fn drop(&mut self) {
                *self.refresh = REFRESH.replace(self.before.take());
            }
        }

        let before = REFRESH.replace(self.name.take());
        let _ends = Ends { refresh: &mut self.name, before };
        call()
    }
}

/// Is this call the one that is to run the body whatever is kept? Says yes once.
pub(in crate::cached) fn takes_refresh(name: &str) -> bool {
    let is_it = |refresh: &mut Option<String>| refresh.take_if(|wanted| wanted == name).is_some();
    REFRESH.try_with(|refresh| is_it(&mut refresh.borrow_mut())).unwrap_or(false)
}

/// A call whose body runs whatever is kept.
pub(in crate::cached) struct Refreshing<F> {
    pub(in crate::cached) call: Pin<Box<F>>,
    pub(in crate::cached) refresh: Refresh,
}

impl<F: Future> Future for Refreshing<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Refreshing { call, refresh } = &mut *self;
        refresh.around(|| call.as_mut().poll(context))
    }
}

/// Caches of a test's own, empty at first.
pub(crate) struct FreshScope {
    /// From one on.
    number: u64,
    /// By the function's own site. They stay for ever, as the function's own do.
    sites: Mutex<HashMap<usize, &'static Site>>,
    pub(in crate::cached) listed: Mutex<BTreeMap<String, &'static Listed>>,
    _opens: Opens,
}

impl FreshScope {
    pub(crate) fn new() -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(FreshScope {
            number: NEXT.fetch_add(1, Relaxed),
            sites: Mutex::default(),
            listed: Mutex::default(),
            _opens: Opens::new(),
        })
    }

    /// Makes it this thread's scope until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> EnteredFresh {
        enter(Some(Arc::clone(self)))
    }
}

impl std::fmt::Debug for FreshScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FreshScope").finish_non_exhaustive()
    }
}

fn enter(scope: Option<Arc<FreshScope>>) -> EnteredFresh {
    EnteredFresh { before: FRESH.with(|fresh| fresh.replace(scope)) }
}

/// The scope of this thread.
pub(crate) fn fresh_scope() -> Option<Arc<FreshScope>> {
    if is_open() { FRESH.try_with(|fresh| fresh.borrow().clone()).ok().flatten() } else { None }
}

/// That of this thread's scope; zero without one.
pub(in crate::cached) fn scope_number() -> u64 {
    fresh_scope().map_or(0, |scope| scope.number)
}

/// Makes it the scope of the thread that some work has come to.
pub(crate) fn carry_fresh(scope: Option<Arc<FreshScope>>) -> Option<EnteredFresh> {
    is_open().then(|| enter(scope))
}

/// Gives the thread back the scope that it had.
#[derive(Debug)]
pub(crate) struct EnteredFresh {
    before: Option<Arc<FreshScope>>,
}

impl Drop for EnteredFresh {
    fn drop(&mut self) {
        let before = self.before.take();
        let _gone = FRESH.try_with(|fresh| fresh.replace(before));
    }
}

/// The function's own site, or its site in this thread's scope.
pub(in crate::cached) fn site(own: &'static Site) -> &'static Site {
    let Some(scope) = fresh_scope() else { return own };
    let mut sites = lock(&scope.sites);
    sites.entry(std::ptr::from_ref(own).addr()).or_insert_with(|| Box::leak(Box::new(Site::new(own.settings))))
}
