//! Commits after success, and rolls back otherwise.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::{Exit, Outcome, Verdict};

/// Commits after success, and rolls back after an error, a panic, or if the scope ends in any other way. For the
/// transactions of any library, whose own two functions you pass:
///
/// ```
/// use festoon::managers::transaction;
/// use festoon::with;
///
/// # #[derive(Debug, PartialEq)] struct Error;
/// # #[derive(Default)] struct Database { rows: Vec<u32> }
/// # impl Database { fn begin(&mut self) -> Transaction<'_> { Transaction { rows: vec![], database: self } } }
/// # struct Transaction<'d> { database: &'d mut Database, rows: Vec<u32> }
/// # impl Transaction<'_> {
/// #     fn insert(&mut self, row: u32) -> Result<(), Error> { if row == 0 { return Err(Error) } self.rows.push(row); Ok(()) }
/// #     fn commit(self) -> Result<(), Error> { self.database.rows.extend(self.rows); Ok(()) }
/// #     fn rollback(self) -> Result<(), Error> { Ok(()) }
/// # }
/// fn add(database: &mut Database, rows: &[u32]) -> Result<(), Error> {
///     with!(tx = transaction(database.begin(), Transaction::commit, Transaction::rollback) => {
///         for row in rows {
///             tx.insert(*row)?;
///         }
///     });
///     Ok(())
/// }
///
/// let mut database = Database::default();
/// assert_eq!(add(&mut database, &[1, 2]), Ok(()));
/// assert_eq!(add(&mut database, &[3, 0]), Err(Error));
/// assert_eq!(database.rows, [1, 2]);
/// ```
///
/// For `rusqlite`, write `transaction(connection.transaction()?, Transaction::commit, Transaction::rollback)`;
/// savepoints work the same way. An error of the commit becomes the scope's; an error of the rollback is suppressed if
/// the scope has its own, as for every exit.
///
/// For the transactions of `sqlx`, which have to be awaited, there is the feature `sqlx`, with which they are context
/// managers themselves.
pub fn transaction<T, X, C, R>(transaction: T, commit: C, rollback: R) -> Transaction<T, C, R>
where
    C: FnOnce(T) -> Result<(), X>,
    R: FnOnce(T) -> Result<(), X>,
{
    Transaction { inner: transaction, commit, rollback }
}

/// Returned by [`transaction`].
#[must_use = "it does nothing without a scope"]
pub struct Transaction<T, C, R> {
    inner: T,
    commit: C,
    rollback: R,
}

#[diagnostic::do_not_recommend]
impl<T, C, R, X, E> Exit<E> for Transaction<T, C, R>
where
    C: FnOnce(T) -> Result<(), X>,
    R: FnOnce(T) -> Result<(), X>,
    E: From<X>,
{
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        if how.is_success() {
            (self.commit)(self.inner)?;
        } else {
            (self.rollback)(self.inner)?;
        }
        Ok(Verdict::Pass)
    }
}

impl<T, C, R> Deref for Transaction<T, C, R> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T, C, R> DerefMut for Transaction<T, C, R> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: fmt::Debug, C, R> fmt::Debug for Transaction<T, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transaction").field(&self.inner).finish()
    }
}
