//! `managers::transaction` around a transaction of `rusqlite`, and around a savepoint in it.

use festoon::managers::transaction;
use festoon::{ExitStack, with};
use rusqlite::{Connection, Error, Result, Savepoint, Transaction};

use super::{Way, panics};

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE rows (n INTEGER PRIMARY KEY)").unwrap();
    connection
}

fn rows(connection: &Connection) -> Vec<i64> {
    let mut select = connection.prepare("SELECT n FROM rows ORDER BY n").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn insert(connection: &mut Connection, n: i64, way: Way) -> Result<&'static str> {
    with!(tx = transaction(connection.transaction()?, Transaction::commit, Transaction::rollback) => {
        tx.execute("INSERT INTO rows VALUES (?1)", [n])?;
        match way {
            Way::End => {}
            Way::Return => return Ok("returned"),
            Way::Error => return Err(Error::InvalidQuery),
            Way::Panic => panic!("body"),
        }
    });
    Ok("end")
}

#[test]
fn a_transaction() {
    let mut connection = database();
    assert_eq!(insert(&mut connection, 1, Way::End), Ok("end"));
    assert_eq!(insert(&mut connection, 2, Way::Return), Ok("returned"));
    assert!(insert(&mut connection, 2, Way::End).is_err(), "the row is there");
    assert!(insert(&mut connection, 3, Way::Error).is_err());
    assert!(panics(|| insert(&mut connection, 4, Way::Panic)));
    assert_eq!(rows(&connection), [1, 2]);
    assert!(connection.is_autocommit(), "no transaction is left open");
}

#[test]
fn a_future_that_is_dropped() {
    let mut connection = database();
    let mut insert = Box::pin(async {
        with!(tx = transaction(connection.transaction()?, Transaction::commit, Transaction::rollback) => -> Result<()> {
            tx.execute("INSERT INTO rows VALUES (1)", [])?;
            std::future::pending::<()>().await;
        });
        Result::Ok(())
    });
    assert!(futures::FutureExt::now_or_never(&mut insert).is_none());
    drop(insert);
    assert_eq!((rows(&connection), connection.is_autocommit()), (vec![], true));
}

#[test]
fn a_savepoint_within_a_transaction() {
    fn give_up(mut savepoint: Savepoint<'_>) -> Result<()> {
        savepoint.rollback()
    }
    let mut connection = database();
    let inner = |tx: &mut Transaction<'_>, n: i64, fails: bool| -> Result<()> {
        with!(point = transaction(tx.savepoint()?, Savepoint::commit, give_up) => {
            point.execute("INSERT INTO rows VALUES (?1)", [n])?;
            if fails {
                return Err(Error::InvalidQuery);
            }
        });
        Ok(())
    };
    let ended = ExitStack::scope(|stack| {
        let tx = stack.push(transaction(connection.transaction()?, Transaction::commit, Transaction::rollback));
        inner(tx, 1, false)?;
        assert!(inner(tx, 2, true).is_err());
        inner(tx, 3, false)
    });
    assert_eq!((ended, rows(&connection)), (Ok(Some(())), vec![1, 3]));
}
