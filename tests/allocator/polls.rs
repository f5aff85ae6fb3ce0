//! Async functions: what their polls allocate.

use std::task::Poll;

use festoon::{Decorated, timed};

use crate::{take, told};

/// Lets others run, as tokio's `yield_now`, whose list of wakers is allocated by whoever needs it first.
async fn turn() {
    let mut is_over = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn an_async_function_is_charged_for_its_polls() {
    #[timed]
    async fn inner() {
        drop(take(10));
        turn().await;
        drop(take(10));
    }

    #[timed]
    async fn outer() {
        drop(take(200));
        tokio::join!(inner(), inner());
        drop(take(200));
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // Charged to nobody: there is no measured function around it.
    runtime.block_on(async { tokio::join!(outer(), async { drop(take(5000)) }) });
    assert_eq!(told!(inner), [4, 40, 4, 40]);
    // What the tasks' machinery allocates while it is polled also counts, if there is any: not so here.
    assert_eq!(told!(outer), [6, 440, 2, 400]);
}

#[test]
fn async_recursion_counts_once() {
    #[timed]
    async fn down(depth: u64) -> u64 {
        drop(take(100));
        turn().await;
        if depth == 1 { 1 } else { 1 + Box::pin(down(depth - 1)).await }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(down(8)), 8);
    let [count, bytes, self_count, self_bytes] = told!(down);
    // Of each call, and the boxes of seven futures.
    assert_eq!((count, self_count), (8 + 7, 8 + 7));
    assert_eq!(bytes, self_bytes);
    assert!(bytes > 800, "{bytes}");
}

#[test]
fn a_future_that_is_dropped_is_charged_for_its_polls_so_far() {
    #[timed]
    async fn stuck() {
        let _kept = take(70);
        std::future::pending::<()>().await;
        drop(take(1000));
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        tokio::select! {
            biased;
            () = stuck() => unreachable!(),
            () = std::future::ready(()) => {}
        }
    });
    assert_eq!(stuck.timing().outcomes().cancelled(), 1);
    assert_eq!(told!(stuck), [1, 70, 1, 70]);
}

#[test]
fn futures_that_move_between_threads_and_tasks_that_are_spawned() {
    const TASKS: u64 = 64;
    const TURNS: u64 = 25;

    #[timed]
    async fn wanders() -> usize {
        let mut seen = Vec::with_capacity(TURNS.try_into().unwrap());
        for _ in 0..TURNS {
            drop(take(10));
            deep();
            turn().await;
            seen.push(std::thread::current().id());
        }
        seen.len()
    }

    #[timed]
    fn deep() {
        drop(take(1));
    }

    /// It waits for tasks, which are not part of it.
    #[timed]
    async fn waits(tasks: Vec<tokio::task::JoinHandle<usize>>) -> usize {
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        sum
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let tasks = (0..TASKS).map(|_| runtime.spawn(wanders())).collect();
    assert_eq!(runtime.block_on(waits(tasks)), usize::try_from(TASKS * TURNS).unwrap());
    drop(runtime);
    let id = size_of::<std::thread::ThreadId>() as u64;
    let of_one = [1 + 2 * TURNS, id * TURNS + 11 * TURNS, 1 + TURNS, id * TURNS + 10 * TURNS];
    assert_eq!(told!(wanders), of_one.map(|count| count * TASKS));
    assert_eq!(told!(deep), [1; 4].map(|count| count * TURNS * TASKS));
    assert_eq!(told!(waits), [0; 4]);
}
