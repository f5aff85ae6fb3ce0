//! The single instance of a registered type, created by the first caller.

use std::sync::{OnceLock, PoisonError};

use crate::deadlock::{self, Inside, Node, Waiting};
use crate::sync::{Arc, Condvar, Mutex, ThreadId, current, lock};

/// The place of the instance.
#[derive(Debug)]
pub struct Singleton<T> {
    instance: OnceLock<T>,
    maker: Mutex<Option<Maker>>,
    made: Condvar,
}

/// The thread that is creating it.
#[derive(Debug)]
struct Maker {
    thread: ThreadId,
    run: Arc<Node>,
}

impl<T> Singleton<T> {
    /// Not created yet.
    #[must_use]
    pub const fn new() -> Self {
        Singleton { instance: OnceLock::new(), maker: Mutex::new(None), made: Condvar::new() }
    }

    /// Returns the instance.
    ///
    /// # Errors
    /// The error of `make`, or an error if the instance cannot be created without itself: `make` requests it, or
    /// something that waits for it. After an error, as after a panic, the next caller creates it.
    #[inline]
    pub fn get(&self, make: impl FnOnce() -> Result<T, String>) -> Result<&T, String> {
        match self.instance.get() {
            Some(instance) => Ok(instance),
            None => self.make(make),
        }
    }

    #[cold]
    fn make(&self, make: impl FnOnce() -> Result<T, String>) -> Result<&T, String> {
        let _turn = self.turn()?;
        match self.instance.get() {
            Some(instance) => Ok(instance),
            None => make().map(|made| self.instance.get_or_init(|| made)),
        }
    }

    /// Waits until no other thread is creating it.
    fn turn(&self) -> Result<Turn<'_, T>, String> {
        let thread = current().id();
        let mut maker = lock(&self.maker);
        while let Some(other) = &*maker {
            if other.thread == thread {
                return Err("its constructor requests the same singleton".to_owned());
            }
            let mut waiting = Waiting::new(Arc::clone(&other.run) as _);
            if waiting.poll(None).is_err() {
                return Err("its constructor, on another thread, waits for the constructor that requests it".to_owned());
            }
            maker = self.made.wait(maker).unwrap_or_else(PoisonError::into_inner);
        }
        let run = Arc::new(Node::default());
        *maker = Some(Maker { thread, run: Arc::clone(&run) });
        Ok(Turn { singleton: self, _inside: deadlock::enter(run, None) })
    }
}

impl<T> Default for Singleton<T> {
    fn default() -> Self {
        Self::new()
    }
}

struct Turn<'s, T> {
    singleton: &'s Singleton<T>,
    _inside: Inside,
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        *lock(&self.singleton.maker) = None;
        self.singleton.made.notify_all();
    }
}
