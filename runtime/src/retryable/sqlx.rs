//! The transient errors of sqlx.

use sqlx::Error;
use sqlx::error::DatabaseError;

use super::{Advice, Retryable};

/// A connection that broke or was not available in time, and errors that, according to the databases, may disappear on
/// another attempt:
///
/// * `PostgreSQL` and standard SQL, by `SQLSTATE`: [serialization failures and
///   deadlocks](https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html) (`40001`, `40P01`),
///   [connection exceptions, a lack of resources, a server that shuts down or
///   starts](https://www.postgresql.org/docs/current/errcodes-appendix.html) (`08...` except `08P01`, `53...`, `57P01`
///   to `57P03`).
/// * `MySQL`: [deadlocks](https://dev.mysql.com/doc/refman/8.4/en/innodb-deadlocks-handling.html), which are `40001`.
/// * `SQLite`: [`SQLITE_BUSY` and `SQLITE_LOCKED`](https://www.sqlite.org/rescode.html), with their extended codes.
///
/// After a serialization failure or a deadlock the whole transaction has to be repeated, so put `#[retry]` on the
/// function that begins it.
#[cfg_attr(docsrs, doc(cfg(feature = "sqlx")))]
impl Retryable for Error {
    fn advice(&self) -> Advice {
        match self {
            Error::Io(error) => error.advice(),
            Error::PoolTimedOut | Error::WorkerCrashed => Advice::Transient,
            Error::Database(error) if is_transient(error.as_ref()) => Advice::Transient,
            _ => Advice::Never,
        }
    }
}

fn is_transient(error: &dyn DatabaseError) -> bool {
    error.is_transient_in_connect_phase() || error.code().is_some_and(|code| is_transient_code(&code))
}

/// A `SQLSTATE` has five characters; the codes of `SQLite` are numbers, of which the low byte is the primary code.
fn is_transient_code(code: &str) -> bool {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    match code {
        "08P01" => false,
        "40001" | "40P01" | "57P01" | "57P02" | "57P03" => true,
        state if state.len() == 5 => state.starts_with("08") || state.starts_with("53"),
        number => number.parse::<u32>().is_ok_and(|number| matches!(number & 0xff, BUSY | LOCKED)),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt::{Display, Formatter};
    use std::io;

    use sqlx::error::ErrorKind;

    use super::*;

    /// The error code of a database.
    #[derive(Debug)]
    struct Said(&'static str);

    impl Display for Said {
        fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(self.0))
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }

        fn is_transient_in_connect_phase(&self) -> bool {
            self.0 == "starting up"
        }
    }

    fn advice_on(code: &'static str) -> Advice {
        Error::Database(Box::new(Said(code))).advice()
    }

    #[test]
    fn what_a_database_calls_transient_is() {
        // A deadlock, a server that shuts down, too many connections, SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED.
        for code in ["40001", "40P01", "57P01", "08006", "53300", "5", "517", "6"] {
            assert_eq!(advice_on(code), Advice::Transient, "{code}");
        }
        // A unique violation in PostgreSQL, MySQL and SQLite, a syntax error, a protocol violation, SQLITE_FULL.
        for code in ["23505", "23000", "2067", "42601", "08P01", "13"] {
            assert_eq!(advice_on(code), Advice::Never, "{code}");
        }
    }

    #[test]
    fn so_is_what_it_calls_transient_while_connecting() {
        assert_eq!(advice_on("starting up"), Advice::Transient);
    }

    #[test]
    fn so_is_a_connection_that_broke_or_was_not_free() {
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!((Error::Io(reset()).advice(), Error::PoolTimedOut.advice()), (Advice::Transient, Advice::Transient));
        assert_eq!(Error::WorkerCrashed.advice(), Advice::Transient);
        assert_eq!((Error::RowNotFound.advice(), Error::PoolClosed.advice()), (Advice::Never, Advice::Never));
    }
}
