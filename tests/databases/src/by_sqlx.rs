//! The transactions of `sqlx` as context managers, committed and rolled back with `.await`.

use festoon::{AsyncExitStack, with, within};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{Error, Result};

use super::Way;

/// One connection: a transaction that is left open would stop all others.
async fn database() -> SqlitePool {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    sqlx::query("CREATE TABLE rows (n INTEGER PRIMARY KEY)").execute(&pool).await.unwrap();
    pool
}

async fn rows(pool: &SqlitePool) -> Vec<i64> {
    sqlx::query_scalar("SELECT n FROM rows ORDER BY n").fetch_all(pool).await.unwrap()
}

async fn insert(pool: &SqlitePool, n: i64, way: Way) -> Result<&'static str> {
    with!(async tx = pool.begin().await? => {
        sqlx::query("INSERT INTO rows VALUES (?1)").bind(n).execute(&mut **tx).await?;
        match way {
            Way::End => {}
            Way::Return => return Ok("returned"),
            Way::Error => return Err(Error::RowNotFound),
            Way::Panic => panic!("body"),
        }
    });
    Ok("end")
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_transaction() {
    let pool = database().await;
    assert_eq!(is_send(insert(&pool, 1, Way::End)).await.unwrap(), "end");
    assert_eq!(insert(&pool, 2, Way::Return).await.unwrap(), "returned");
    assert!(insert(&pool, 2, Way::End).await.is_err(), "the row is there");
    assert!(matches!(insert(&pool, 3, Way::Error).await, Err(Error::RowNotFound)));
    let panic = tokio::spawn({
        let pool = pool.clone();
        async move { insert(&pool, 4, Way::Panic).await }
    });
    assert!(panic.await.unwrap_err().is_panic());
    assert_eq!(rows(&pool).await, [1, 2]);
}

#[tokio::test]
async fn a_future_that_is_dropped() {
    let pool = database().await;
    let (inserted, is_inserted) = tokio::sync::oneshot::channel();
    let insert = async {
        with!(async tx = pool.begin().await? => -> Result<()> {
            sqlx::query("INSERT INTO rows VALUES (1)").execute(&mut **tx).await?;
            inserted.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        Result::Ok(())
    };
    tokio::select! {
        _ = insert => unreachable!("it waits for ever"),
        told = is_inserted => told.unwrap(),
    }
    assert_eq!(rows(&pool).await, [0_i64; 0]);
    self::insert(&pool, 1, Way::End).await.unwrap();
    assert_eq!(rows(&pool).await, [1]);
}

/// A transaction around a whole function, whose body does not see it.
#[within(async pool.begin().await?)]
async fn nothing(pool: &SqlitePool) -> Result<u8> {
    Ok(3)
}

#[tokio::test]
async fn around_a_function_and_in_a_stack() {
    let pool = database().await;
    assert_eq!(nothing(&pool).await.unwrap(), 3);
    let ended = AsyncExitStack::scope(async |stack| {
        let tx = stack.push_async(pool.begin().await?);
        sqlx::query("INSERT INTO rows VALUES (1)").execute(&mut **tx).await?;
        Ok::<_, Error>(())
    });
    assert!(ended.await.unwrap().is_some());
    let ended = AsyncExitStack::scope(async |stack| {
        let tx = stack.push_async(pool.begin().await?);
        sqlx::query("INSERT INTO rows VALUES (2)").execute(&mut **tx).await?;
        Err::<(), _>(Error::RowNotFound)
    });
    assert!(ended.await.is_err());
    assert_eq!(rows(&pool).await, [1]);
}
