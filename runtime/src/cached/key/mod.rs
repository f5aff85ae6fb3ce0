//! Keys by reference: a call is looked up with its arguments in place; the owned key is created only on a miss.
//!
//! In: references to arguments. Out: a hash, equality with an owned key, and the owned key on a miss. Open this file first.

mod erased;
pub(in crate::cached) mod within;

use std::borrow::Borrow;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

pub(in crate::cached) use self::erased::{AnyKey, ByAny, ErasedQuery, Untyped};
pub use self::erased::{ErasedKey, FindsAny};

/// A key as a store owns it.
pub trait OwnedKey: Hash + Eq + Send + Sync + 'static {}

impl<K: Hash + Eq + Send + Sync + 'static> OwnedKey for K {}

/// The requirements on an argument that is passed by value.
pub trait Key: Clone + OwnedKey {}

impl<T: Clone + OwnedKey> Key for T {}

/// The type behind a borrowed argument.
pub trait BorrowedKey: ToOwned<Owned: OwnedKey> + Hash + Eq + 'static {}

impl<T: ?Sized + ToOwned<Owned: OwnedKey> + Hash + Eq + 'static> BorrowedKey for T {}

/// Is `T` a [`Key`]? Implemented for `()`, or else the compiler would suggest one of our bounds for a type parameter.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be part of a cache key",
    label = "needs `Clone + Eq + Hash + Send + Sync + 'static`",
    note = "derive `Clone, PartialEq, Eq, Hash` for it, leave the argument out with `skip(..)`, or write the key \
            yourself with `key = (..)`"
)]
pub trait Keys<T> {}

#[diagnostic::do_not_recommend]
impl<T: Key> Keys<T> for () {}

/// Is `T` a [`BorrowedKey`]?
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be part of a cache key",
    label = "needs `ToOwned` (or `Clone`) `+ Eq + Hash + Send + Sync + 'static`",
    note = "derive `Clone, PartialEq, Eq, Hash` for it, leave the argument out with `skip(..)`, or write the key \
            yourself with `key = (..)`"
)]
pub trait KeysBehind<T: ?Sized> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + BorrowedKey> KeysBehind<T> for () {}

/// One argument, which becomes a part of the key according to its type. The compiler's method resolution finds `part`
/// on one of the four traits below: `(&&&&Arg(&name)).part()` takes the first whose implementation fits.
pub struct Arg<'a, T>(pub &'a T);

/// First: a borrowed argument is looked up in place, and owned as `T::Owned`.
pub trait BorrowedArg {
    /// By reference.
    type KeyPart;
    /// The part.
    fn part(&self) -> Self::KeyPart;
}

impl<'a, T: ?Sized + BorrowedKey> BorrowedArg for &&&Arg<'_, &'a T> {
    type KeyPart = ByRef<'a, T>;

    #[inline]
    fn part(&self) -> ByRef<'a, T> {
        ByRef(self.0)
    }
}

impl<'a, T: ?Sized + BorrowedKey> BorrowedArg for &&&Arg<'_, Option<&'a T>> {
    type KeyPart = ByOption<'a, T>;

    #[inline]
    fn part(&self) -> ByOption<'a, T> {
        ByOption(*self.0)
    }
}

/// Second: it cannot be a key; calling the method reports that once, and what it returns satisfies everything after it.
pub trait NoBorrowedArg<T: ?Sized> {
    /// Nothing.
    fn part(&self) -> NoKey
    where
        (): KeysBehind<T>,
    {
        NoKey
    }
}

impl<T: ?Sized> NoBorrowedArg<T> for &&Arg<'_, &T> {}
impl<T: ?Sized> NoBorrowedArg<T> for &&Arg<'_, Option<&T>> {}

/// Third: any other argument is looked up by reference, and cloned on a miss.
pub trait PlainArg<'a, T> {
    /// The part.
    fn part(&self) -> ByValue<'a, T>;
}

impl<'a, T: Key> PlainArg<'a, T> for &Arg<'a, T> {
    #[inline]
    fn part(&self) -> ByValue<'a, T> {
        ByValue(self.0)
    }
}

/// Fourth: it cannot be a key.
pub trait NoPlainArg<T> {
    /// Nothing.
    fn part(&self) -> NoKey
    where
        (): Keys<T>,
    {
        NoKey
    }
}

impl<T> NoPlainArg<T> for Arg<'_, T> {}

/// Replaces a part whose type cannot be one, which the compiler has already reported.
#[derive(Debug)]
pub struct NoKey;

/// `&T`
pub struct ByRef<'a, T: ?Sized>(&'a T);
/// `Option<&T>`
pub struct ByOption<'a, T: ?Sized>(Option<&'a T>);
/// `T`
pub struct ByValue<'a, T>(&'a T);

/// A part that a call is looked up by. It hashes like its owned form.
pub trait KeyPart {
    /// The owned form, for the store.
    type Owned: OwnedKey;
    /// Hashes like the owned form.
    fn hash<H: Hasher>(&self, state: &mut H);
    /// Is this the key of the call?
    fn is(&self, key: &Self::Owned) -> bool;
    /// Only on a miss.
    fn own(&self) -> Self::Owned;
}

impl<T: ?Sized + BorrowedKey> KeyPart for ByRef<'_, T> {
    type Owned = T::Owned;

    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn is(&self, key: &T::Owned) -> bool {
        *self.0 == *key.borrow()
    }

    fn own(&self) -> T::Owned {
        self.0.to_owned()
    }
}

impl<T: ?Sized + BorrowedKey> KeyPart for ByOption<'_, T> {
    type Owned = Option<T::Owned>;

    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn is(&self, key: &Option<T::Owned>) -> bool {
        self.0 == key.as_ref().map(Borrow::borrow)
    }

    fn own(&self) -> Option<T::Owned> {
        self.0.map(ToOwned::to_owned)
    }
}

impl<T: Key> KeyPart for ByValue<'_, T> {
    type Owned = T;

    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn is(&self, key: &T) -> bool {
        self.0 == key
    }

    fn own(&self) -> T {
        self.0.clone()
    }
}

impl KeyPart for NoKey {
    type Owned = ();

    fn hash<H: Hasher>(&self, _: &mut H) {}

    fn is(&self, (): &()) -> bool {
        true
    }

    fn own(&self) {}
}

macro_rules! tuples {
    ($($part:ident $at:tt)*) => {
        impl<$($part: KeyPart),*> KeyPart for ($($part,)*) {
            type Owned = ($($part::Owned,)*);

            #[inline]
            fn hash<HH: Hasher>(&self, _state: &mut HH) {
                $(self.$at.hash(_state);)*
            }

            #[inline]
            fn is(&self, _key: &Self::Owned) -> bool {
                true $(&& self.$at.is(&_key.$at))*
            }

            #[allow(clippy::unused_unit, reason = "the empty tuple is one of many")]
            fn own(&self) -> Self::Owned {
                ($(self.$at.own(),)*)
            }
        }
    };
}

tuples!();
tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);

impl<T: ?Sized + Debug> Debug for ByRef<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized + Debug> Debug for ByOption<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Debug> Debug for ByValue<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// All parts of a call's key. Messages show it if every part is `Debug`.
pub struct KeyParts<P>(pub P);

/// The parts, and how to show them.
pub struct LookupKey<P> {
    pub(in crate::cached) parts: P,
    pub(in crate::cached) show: fn(&P) -> String,
    /// May hashing, comparing or cloning call the function again?
    pub(in crate::cached) may_recur: bool,
}

impl<P> LookupKey<P> {
    /// For keys or values with user-defined types.
    #[inline]
    #[must_use]
    pub fn recurring(self) -> Self {
        LookupKey { may_recur: true, ..self }
    }
}

impl<P: Debug> KeyParts<P> {
    /// Parts that are all `Debug`.
    #[inline]
    pub fn lookup_key(self) -> LookupKey<P> {
        LookupKey { parts: self.0, show: |parts| format!("{parts:?}"), may_recur: false }
    }
}

/// [`KeyParts`] if one of them is not `Debug`.
pub trait Opaque<P> {
    /// Parts of which only the type can be shown.
    fn lookup_key(self) -> LookupKey<P>;
}

impl<P> Opaque<P> for KeyParts<P> {
    #[inline]
    fn lookup_key(self) -> LookupKey<P> {
        LookupKey { parts: self.0, show: |_| "one that is not `Debug`".to_owned(), may_recur: false }
    }
}

/// Finds a key.
pub trait Finds<K> {
    /// Hashes like the key.
    fn hash<H: Hasher>(&self, state: &mut H);
    /// Is it this key?
    fn finds(&self, key: &K) -> bool;
}

impl<P: KeyPart> Finds<P::Owned> for P {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        KeyPart::hash(self, state);
    }

    #[inline]
    fn finds(&self, key: &P::Owned) -> bool {
        self.is(key)
    }
}

/// Finds an owned key.
pub(in crate::cached) struct Same<'a, K>(pub(in crate::cached) &'a K);

impl<K: Hash + Eq> Finds<K> for Same<'_, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    fn finds(&self, key: &K) -> bool {
        self.0 == key
    }
}

/// A lookup in the form that hash tables want.
pub struct Query<'a, K, Q> {
    by: &'a Q,
    key: PhantomData<fn(K)>,
}

impl<'a, K, Q: Finds<K>> Query<'a, K, Q> {
    #[inline]
    pub(in crate::cached) fn new(by: &'a Q) -> Self {
        Query { by, key: PhantomData }
    }
}

impl<K, Q: Finds<K>> Hash for Query<'_, K, Q> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.by.hash(state);
    }
}
