//! `sqlx` transactions.

use sqlx::{Database, Transaction};

use crate::{AsyncExit, Outcome, Verdict};

/// Commits after success and rolls back after an error, and awaits both. If the future around the scope is dropped, or
/// a panic leaves a `with!`, `sqlx` itself rolls back before the connection is used again.
#[diagnostic::do_not_recommend]
impl<D: Database, E: From<sqlx::Error> + Send> AsyncExit<E> for Transaction<'_, D> {
    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        if how.is_success() {
            self.commit().await?;
        } else {
            self.rollback().await?;
        }
        Ok(Verdict::Pass)
    }
}
