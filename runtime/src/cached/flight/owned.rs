//! Arguments for a body that runs after its caller has returned: owned copies.

use std::borrow::Borrow;

/// One argument. The compiler's method resolution finds `owned` on one of the four traits below:
/// `(&&&&RefreshArg(&name)).owned()` takes the first whose implementation fits.
pub struct RefreshArg<'a, T>(pub &'a T);

/// The type behind a borrowed argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is borrowed, but a background refresh outlives the call",
    label = "needs `ToOwned` (or `Clone`), so that the refresh can own a copy",
    note = "derive `Clone` for it, or take an `Arc` of it; without `stale` and `refresh_ahead` nothing is copied"
)]
pub trait Owns: ToOwned {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + ToOwned> Owns for T {}

/// The requirements on an argument that is passed by value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is moved by the call, but a background refresh needs another one",
    label = "needs `Clone`",
    note = "derive `Clone` for it, or take an `Arc` of it; without `stale` and `refresh_ahead` nothing is copied"
)]
pub trait Again: Clone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> Again for T {}

/// First: a borrowed argument is converted to its owned form.
pub trait BorrowedRefreshArg {
    /// The owned form.
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

/// Second: it cannot be copied; calling the method reports that once.
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

/// Third: any other argument is cloned.
pub trait PlainRefreshArg<T> {
    /// A copy.
    fn owned(&self) -> OwnedValue<T>;
}

impl<T: Again> PlainRefreshArg<T> for &RefreshArg<'_, T> {
    fn owned(&self) -> OwnedValue<T> {
        OwnedValue(self.0.clone())
    }
}

/// Fourth: it cannot be copied.
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
