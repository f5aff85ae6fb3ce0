//! Equal values share one allocation, which is freed with its last user.
//!
//! In: a value, owned or borrowed. Out: an `Interned`, equal to every other one of that value. Open `pool.rs` first, the
//! lookup; `node.rs` is the allocation, `count.rs` its reference count. `result.rs` is what `#[interned]` calls.

mod count;
mod node;
mod pool;
mod result;
#[cfg(feature = "serde")]
mod serde;
mod weak;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;

use count::Count;
use node::{Node, Shape};
pub use pool::InternStats;
use pool::{Pool, pool_of};
pub use result::interner;
pub use weak::WeakInterned;

use crate::cached::Pointer;

/// A type that can be interned: `str`, a slice, or any sized type, if it is `Eq + Hash + Send + Sync`.
pub trait Internable: Shape + Eq + Hash + Send + Sync + 'static {
    /// All values of this type.
    #[doc(hidden)]
    fn pool() -> &'static Pool<Self>;
}

impl Internable for str {
    #[inline]
    fn pool() -> &'static Pool<str> {
        static TEXTS: std::sync::OnceLock<Pool<str>> = std::sync::OnceLock::new();
        TEXTS.get_or_init(Pool::new)
    }
}

impl<T: Eq + Hash + Send + Sync + 'static> Internable for [T] {
    fn pool() -> &'static Pool<[T]> {
        pool_of()
    }
}

impl<T: Eq + Hash + Send + Sync + 'static> Internable for T {
    fn pool() -> &'static Pool<T> {
        pool_of()
    }
}

/// A reference to a value that all equal values share.
///
/// It is one pointer. Equality and hashing use only the pointer, whatever the length of the value; ordering, `Display`
/// and serde use the value. Cloning adds a reference; when the last one is gone, the value is freed, at once or a few
/// values later; see [`purge`](Interned::purge).
///
/// ```
/// use festoon::Interned;
///
/// let one: Interned<str> = "Herring Gull".into();
/// let other = Interned::from(format!("Herring {}", "Gull"));
/// assert!(one == other && one.as_ptr() == other.as_ptr());
/// assert_eq!(one.len(), 12);
///
/// let path: Interned<[u32]> = vec![1, 2, 3].into();
/// assert_eq!(path, Interned::from([1, 2, 3]));
///
/// #[derive(PartialEq, Eq, Hash)]
/// struct Place { country: String, town: String }
/// let place = || Place { country: "FI".to_owned(), town: "Turku".to_owned() };
/// assert!(Interned::new(place()) == Interned::new(place()));
/// ```
///
/// Interning a value that is already in use takes no lock and allocates nothing. A new value takes the lock of one of
/// the sixteen parts of its type's table.
///
/// [`#[interned]`](macro@crate::interned) interns what a function returns.
///
/// `Interned<T>` does not implement `Borrow<T>`, because its hash is not that of the value.
pub struct Interned<T: Internable + ?Sized> {
    /// A thin pointer; the length is stored in the node.
    node: Pointer,
    owns: PhantomData<Node<T>>,
}

// SAFETY: it is a counted reference to a value that is `Send + Sync`.
#[expect(unsafe_code, reason = "it is a pointer")]
unsafe impl<T: Internable + ?Sized> Send for Interned<T> {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "it is a pointer")]
unsafe impl<T: Internable + ?Sized> Sync for Interned<T> {}
impl<T: Internable + ?Sized + std::panic::RefUnwindSafe> std::panic::UnwindSafe for Interned<T> {}

impl<T: Internable + ?Sized> Interned<T> {
    /// Takes ownership of one reference.
    ///
    /// # Safety
    /// It must point to a node of this type, and the caller must own a reference.
    #[inline]
    #[expect(unsafe_code, reason = "it is a pointer")]
    unsafe fn counted(node: Pointer) -> Self {
        Interned { node, owns: PhantomData }
    }

    #[inline]
    #[expect(unsafe_code, reason = "it is a pointer")]
    fn count(&self) -> &Count {
        // SAFETY: it lives as long as there is a reference, which this is.
        unsafe { node::count(self.node) }
    }

    /// Returns the reference to an equal value, if one is in use.
    ///
    /// ```
    /// # use festoon::Interned;
    /// let gull: Interned<str> = "Iceland Gull".into();
    /// assert_eq!(Interned::get("Iceland Gull"), Some(gull));
    /// assert_eq!(Interned::get("Ivory Gull"), None);
    /// ```
    pub fn get(value: &T) -> Option<Self> {
        let pool = T::pool();
        pool.find(pool.hash(value), value)
    }

    /// Returns how many values of this type are in use, and how much memory sharing them saves. Locks each part of the
    /// table in turn.
    #[must_use]
    pub fn stats() -> InternStats {
        T::pool().stats()
    }

    /// Frees the values of this type that are no longer referenced. Up to sixteen in each of the sixteen parts of the
    /// table may wait to be freed with later ones, since checking that no thread is reading one takes a system call.
    ///
    /// ```
    /// # use festoon::Interned;
    /// drop(Interned::new(vec![0_u8; 1_000_000]));
    /// Interned::<Vec<u8>>::purge();
    /// ```
    pub fn purge() {
        T::pool().purge();
    }

    /// Creates a reference that does not keep the value alive.
    #[must_use]
    pub fn downgrade(this: &Self) -> WeakInterned<T> {
        WeakInterned::of(this)
    }

    /// The value that is in use, or else the hash of the new one.
    #[inline]
    fn known(value: &T) -> Result<Self, u64> {
        let pool = T::pool();
        let hash = pool.hash(value);
        pool.find(hash, value).ok_or(hash)
    }

    /// A new value with this hash: `len` elements at `from`, which must not be used or dropped any more, even if this
    /// panics.
    ///
    /// # Safety
    /// As for [`Node::copied`].
    #[expect(unsafe_code, reason = "values are moved")]
    unsafe fn moved<V>(hash: u64, from: *const V, len: usize) -> Self {
        // SAFETY: guaranteed by the caller, and the node is new.
        unsafe { T::pool().insert(hash, Node::<T>::copied(hash, from, len)) }
    }
}

impl<T: Internable> Interned<T> {
    /// Interns the value: returns a reference to an equal value in use, or to this one.
    #[expect(unsafe_code, reason = "the value is moved")]
    pub fn new(value: T) -> Self {
        Interned::known(&value).unwrap_or_else(|hash| {
            let value = ManuallyDrop::new(value);
            // SAFETY: one value of this type, which is not used after it has been moved.
            unsafe { Interned::moved(hash, &raw const *value, 1) }
        })
    }
}

impl From<&str> for Interned<str> {
    #[inline]
    #[expect(unsafe_code, reason = "the text is copied")]
    fn from(text: &str) -> Self {
        // SAFETY: a string consists of bytes, which may be copied.
        Interned::known(text).unwrap_or_else(|hash| unsafe { Interned::moved(hash, text.as_ptr(), text.len()) })
    }
}

impl From<String> for Interned<str> {
    fn from(text: String) -> Self {
        Interned::from(&*text)
    }
}

impl From<Box<str>> for Interned<str> {
    fn from(text: Box<str>) -> Self {
        Interned::from(&*text)
    }
}

impl From<Cow<'_, str>> for Interned<str> {
    fn from(text: Cow<'_, str>) -> Self {
        Interned::from(&*text)
    }
}

impl<T: Eq + Hash + Send + Sync + 'static> From<Vec<T>> for Interned<[T]> {
    #[expect(unsafe_code, reason = "the values are moved")]
    fn from(mut values: Vec<T>) -> Self {
        Interned::known(&values[..]).unwrap_or_else(|hash| {
            let len = values.len();
            // SAFETY: the memory stays in place; its ownership is settled before anything can panic.
            unsafe { values.set_len(0) };
            // SAFETY: this many values of this type, which are not used after they have been moved.
            unsafe { Interned::moved(hash, values.as_ptr(), len) }
        })
    }
}

impl<T: Eq + Hash + Send + Sync + 'static, const N: usize> From<[T; N]> for Interned<[T]> {
    fn from(values: [T; N]) -> Self {
        Interned::from(Vec::from(values))
    }
}

impl<T: Eq + Hash + Send + Sync + 'static> From<Box<[T]>> for Interned<[T]> {
    fn from(values: Box<[T]>) -> Self {
        Interned::from(Vec::from(values))
    }
}

impl<T: Eq + Hash + Send + Sync + Clone + 'static> From<&[T]> for Interned<[T]> {
    fn from(values: &[T]) -> Self {
        Interned::get(values).unwrap_or_else(|| Interned::from(values.to_vec()))
    }
}

impl Default for Interned<str> {
    fn default() -> Self {
        Interned::from("")
    }
}

impl<T: Internable + ?Sized> Clone for Interned<T> {
    #[inline]
    #[expect(unsafe_code, reason = "it is a pointer")]
    fn clone(&self) -> Self {
        let is_alive = self.count().acquire();
        debug_assert!(is_alive, "it has a user");
        // SAFETY: it is another reference to the same node, and has been counted.
        unsafe { Interned::counted(self.node) }
    }
}

impl<T: Internable + ?Sized> Drop for Interned<T> {
    #[inline]
    #[expect(unsafe_code, reason = "it is a pointer")]
    fn drop(&mut self) {
        // SAFETY: it lives as long as there is a reference. It must not be read after the release, when another thread
        // may free it.
        let hash = unsafe { self.node.as_ref() }.hash();
        if self.count().release() {
            T::pool().remove(hash, self.node);
        }
    }
}

impl<T: Internable + ?Sized> Deref for Interned<T> {
    type Target = T;

    #[inline]
    #[expect(unsafe_code, reason = "it is a pointer")]
    fn deref(&self) -> &T {
        // SAFETY: it is a node of this type, and lives as long as there is a reference, which this is.
        &unsafe { &*T::node(self.node).as_ptr() }.value
    }
}

impl<T: Internable + ?Sized> AsRef<T> for Interned<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: Internable + ?Sized> PartialEq for Interned<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T: Internable + ?Sized> Eq for Interned<T> {}

impl<T: Internable + ?Sized> Hash for Interned<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}

impl<T: Internable + Ord + ?Sized> PartialOrd for Interned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Internable + Ord + ?Sized> Ord for Interned<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { (**self).cmp(&**other) }
    }
}

impl<T: Internable + fmt::Debug + ?Sized> fmt::Debug for Interned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Internable + fmt::Display + ?Sized> fmt::Display for Interned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
