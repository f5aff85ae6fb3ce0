//! Guards from other libraries, which release their lock when they are dropped.

use std::cell::{Ref, RefMut};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{MutexGuard, RwLockReadGuard, RwLockWriteGuard};

use crate::{Exit, Outcome, Verdict};

/// Drops the guard. After a caught panic a lock is poisoned, just like after one that unwinds.
fn give_back<G, E>(guard: G, how: &Outcome<'_, E>) {
    if matches!(how, Outcome::Panic(Some(_))) && !std::thread::panicking() {
        let unwinds = || -> () {
            let _guard = guard;
            // It calls no hook: the panic has been reported.
            resume_unwind(Box::new(()))
        };
        drop(catch_unwind(AssertUnwindSafe(unwinds)));
    }
}

macro_rules! given_back {
    ($($guard:ty),* $(,)?) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<T: ?Sized, E> Exit<E> for $guard {
                fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
                    give_back(self, &how);
                    Ok(Verdict::Pass)
                }
            }
        )*
    };
}

given_back! {
    MutexGuard<'_, T>,
    RwLockReadGuard<'_, T>,
    RwLockWriteGuard<'_, T>,
    Ref<'_, T>,
    RefMut<'_, T>,
}

#[cfg(feature = "tokio")]
given_back! {
    tokio::sync::MutexGuard<'_, T>,
    tokio::sync::OwnedMutexGuard<T>,
    tokio::sync::RwLockReadGuard<'_, T>,
    tokio::sync::RwLockWriteGuard<'_, T>,
}
