//! What is watched, by name.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::thread::LocalKey;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::sync::{Mutex, lock};

/// Everything of one kind. It is never freed, so there is one for each name that the program contains.
pub(super) type Names<W> = Mutex<BTreeMap<&'static str, &'static W>>;

/// What a thread has looked up, by the address and the length of the name: most names are literals.
pub(super) type Known<W> = RefCell<HashMap<(usize, usize), &'static W, FixedState>>;

/// A kind of what is watched. [`named_kind!`] implements it.
pub(super) trait Named: Sync + Sized + 'static {
    fn new(name: &'static str) -> Self;
    fn names() -> &'static Names<Self>;
    fn known() -> &'static LocalKey<Known<Self>>;
}

/// That of this name, which is made if there is none. Without a lock once the thread knows it.
pub(super) fn named<W: Named>(name: &'static str) -> &'static W {
    let find = || *lock(W::names()).entry(name).or_insert_with(|| Box::leak(Box::new(W::new(name))));
    let key = (name.as_ptr().addr(), name.len());
    let known = W::known().try_with(|known| *known.borrow_mut().entry(key).or_insert_with(find));
    known.unwrap_or_else(|_| find())
}

pub(super) fn all<W: Named>() -> Vec<&'static W> {
    lock(W::names()).values().copied().collect()
}

macro_rules! named_kind {
    ($kind:ty) => {
        impl $crate::timed::watched::names::Named for $kind {
            fn new(name: &'static str) -> Self {
                <$kind>::new(name)
            }

            fn names() -> &'static $crate::timed::watched::names::Names<Self> {
                static NAMES: $crate::timed::watched::names::Names<$kind> =
                    $crate::sync::Mutex::new(::std::collections::BTreeMap::new());
                &NAMES
            }

            fn known() -> &'static ::std::thread::LocalKey<$crate::timed::watched::names::Known<Self>> {
                thread_local! {
                    static KNOWN: $crate::timed::watched::names::Known<$kind> = const {
                        ::std::cell::RefCell::new(::hashbrown::HashMap::with_hasher(
                            ::foldhash::fast::FixedState::with_seed(0),
                        ))
                    };
                }
                &KNOWN
            }
        }
    };
}
pub(super) use named_kind;
