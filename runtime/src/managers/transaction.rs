//! What is committed after success, and rolled back otherwise.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::{Exit, Outcome, Verdict};

/// Commits after success, and rolls back after an error, a panic, and where the scope is left without a word. For the transaction of
/// any library, whose own two functions it is given:
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
/// With `rusqlite` that is `transaction(connection.transaction()?, Transaction::commit, Transaction::rollback)`, and a savepoint is
/// the same. An error of the commit is the scope's; one of rolling back is suppressed in the scope's own, as that of every exit.
///
/// For the transactions of `sqlx`, which are awaited, there is the feature `sqlx`: they are context managers as they are.
pub fn transaction<T, X, C, R>(transaction: T, commit: C, rollback: R) -> Transaction<T, C, R>
where
    C: FnOnce(T) -> Result<(), X>,
    R: FnOnce(T) -> Result<(), X>,
{
    Transaction { transaction, commit, rollback }
}

/// Made by [`transaction`].
#[must_use = "it does nothing without a scope"]
pub struct Transaction<T, C, R> {
    transaction: T,
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
            (self.commit)(self.transaction)?;
        } else {
            (self.rollback)(self.transaction)?;
        }
        Ok(Verdict::Pass)
    }
}

impl<T, C, R> Deref for Transaction<T, C, R> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.transaction
    }
}

impl<T, C, R> DerefMut for Transaction<T, C, R> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.transaction
    }
}

impl<T: fmt::Debug, C, R> fmt::Debug for Transaction<T, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transaction").field(&self.transaction).finish()
    }
}
