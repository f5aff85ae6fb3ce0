//! One instance of a registered type, made by whoever asks first.

use std::sync::{Condvar, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use crate::site::lock;

/// The place of the instance.
#[derive(Debug)]
pub struct Singleton<T> {
    instance: OnceLock<T>,
    /// The thread that is making it.
    maker: Mutex<Option<ThreadId>>,
    made: Condvar,
}

impl<T> Singleton<T> {
    /// Not made yet.
    #[must_use]
    pub const fn new() -> Self {
        Singleton { instance: OnceLock::new(), maker: Mutex::new(None), made: Condvar::new() }
    }

    /// The instance.
    ///
    /// # Errors
    /// That of `make`, and when `make` asks for the instance; then, as after a panic, the next one who asks makes it.
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

    /// Waits until no other thread makes it.
    fn turn(&self) -> Result<Turn<'_, T>, String> {
        let me = Some(thread::current().id());
        let mut maker = lock(&self.maker);
        if *maker == me {
            return Err("its constructor asks for itself".to_owned());
        }
        while maker.is_some() {
            maker = self.made.wait(maker).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        *maker = me;
        Ok(Turn(self))
    }
}

impl<T> Default for Singleton<T> {
    fn default() -> Self {
        Self::new()
    }
}

struct Turn<'s, T>(&'s Singleton<T>);

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        *lock(&self.0.maker) = None;
        self.0.made.notify_all();
    }
}
