//! Arguments of a body that runs when its caller has gone: copies that it owns.

use std::borrow::Borrow;

/// One argument. The method `owned` of one of the four traits below is found by the compiler's own rule:
/// `(&&&&RefreshArg(&name)).owned()` takes the first whose implementation fits.
pub struct RefreshArg<'a, T>(pub &'a T);

/// What stands behind a borrowed argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is borrowed by a call that a refresh in the background outlives",
    label = "needs `ToOwned` (or `Clone`), so that the refresh can own a copy",
    note = "derive `Clone` for it, or take an `Arc` of it; without `stale` and `refresh_ahead` nothing is copied"
)]
pub trait Owns: ToOwned {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + ToOwned> Owns for T {}

/// What an argument by value has to be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is given away by a call, and a refresh in the background needs another one",
    label = "needs `Clone`",
    note = "derive `Clone` for it, or take an `Arc` of it; without `stale` and `refresh_ahead` nothing is copied"
)]
pub trait Again: Clone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> Again for T {}

/// First: what is borrowed is owned.
pub trait BorrowedRefreshArg {
    /// How.
    type Owned;
    /// A copy.
    fn owned(&self) -> Self::Owned;
}

impl<T: ?Sized + Owns> BorrowedRefreshArg for &&&RefreshArg<'_, &T> {
    type Owned = OwnedRef<T>;

    fn owned(&self) -> OwnedRef<T> {
        OwnedRef((*self.0).to_owned())
    }
}

impl<T: ?Sized + Owns> BorrowedRefreshArg for &&&RefreshArg<'_, Option<&T>> {
    type Owned = OwnedOption<T>;

    fn owned(&self) -> OwnedOption<T> {
        OwnedOption(self.0.map(ToOwned::to_owned))
    }
}

/// Second: it cannot be, which the method says once.
pub trait NoBorrowedRefreshArg<'a, T: ?Sized> {
    /// Nothing.
    fn owned(&self) -> OwnedValue<&'static T>
    where
        T: Owns,
    {
        unreachable!("it is not owned")
    }
}

impl<'a, T: ?Sized> NoBorrowedRefreshArg<'a, T> for &&RefreshArg<'_, &'a T> {}

/// Third: everything else is cloned.
pub trait PlainRefreshArg<T> {
    /// A copy.
    fn owned(&self) -> OwnedValue<T>;
}

impl<T: Again> PlainRefreshArg<T> for &RefreshArg<'_, T> {
    fn owned(&self) -> OwnedValue<T> {
        OwnedValue(self.0.clone())
    }
}

/// Fourth: it cannot be.
pub trait NoPlainRefreshArg<T> {
    /// Nothing.
    fn owned(&self) -> OwnedValue<T>
    where
        T: Again,
    {
        unreachable!("it is not cloned")
    }
}

impl<T> NoPlainRefreshArg<T> for RefreshArg<'_, T> {}

/// Of `&T`.
pub struct OwnedRef<T: ?Sized + ToOwned>(T::Owned);
/// Of `Option<&T>`.
pub struct OwnedOption<T: ?Sized + ToOwned>(Option<T::Owned>);
/// Of `T`.
pub struct OwnedValue<T>(T);

impl<T: ?Sized + ToOwned> OwnedRef<T> {
    /// The argument.
    pub fn argument(&self) -> &T {
        self.0.borrow()
    }
}

impl<T: ?Sized + ToOwned> OwnedOption<T> {
    /// The argument.
    pub fn argument(&self) -> Option<&T> {
        self.0.as_ref().map(Borrow::borrow)
    }
}

impl<T> OwnedValue<T> {
    /// The argument.
    pub fn argument(self) -> T {
        self.0
    }
}
