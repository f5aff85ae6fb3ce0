//! Background work whose result is not awaited: on tokio's runtime if there is one, else on a few threads of our own.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::context;
use crate::sync::{block_on, lock};

type Job = Box<dyn FnOnce() + Send>;

/// Runs the job soon, on another thread, with this thread's context. A panic ends only the job.
pub(crate) fn run(job: impl FnOnce() + Send + 'static) {
    let context = context::Context::current();
    let job = move || context.run(job);
    #[cfg(feature = "tokio")]
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn_blocking(job));
        return;
    }
    POOL.run(Box::new(job));
}

/// The same for a future.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    let carried = context::Carried::new(future);
    #[cfg(feature = "tokio")]
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn(carried));
        return;
    }
    POOL.run(Box::new(move || block_on(carried)));
}

/// The maximum number of threads at once.
const THREADS: usize = 4;
/// How long an idle thread waits for another job before it ends.
const IDLE: Duration = Duration::from_secs(10);

static POOL: Pool =
    Pool { state: Mutex::new(State { jobs: VecDeque::new(), threads: 0, idle: 0 }), more: Condvar::new() };

struct Pool {
    state: Mutex<State>,
    more: Condvar,
}

struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

impl Pool {
    fn run(&'static self, job: Job) {
        let mut state = lock(&self.state);
        state.jobs.push_back(job);
        if state.idle >= state.jobs.len() || state.threads == THREADS {
            self.more.notify_one();
            return;
        }
        let thread = std::thread::Builder::new().name("festoon".to_owned());
        if thread.spawn(|| self.work()).is_ok() {
            state.threads += 1;
        } else if state.threads == 0 {
            // No thread can be spawned: the job is dropped, as if it had failed.
            let dropped = state.jobs.pop_back();
            drop(state);
            drop(dropped);
        }
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            // The hook has already reported the panic.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    /// `None` after a while without jobs; the thread then ends.
    fn next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        if state.jobs.is_empty() {
            state.idle += 1;
            let waited = self.more.wait_timeout_while(state, IDLE, |state| state.jobs.is_empty());
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
        }
        let job = state.jobs.pop_front();
        if job.is_none() {
            state.threads -= 1;
        }
        job
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const SOON: Duration = Duration::from_secs(30);

    #[test]
    fn jobs_run_beside_each_other_and_a_panic_ends_one_alone() {
        let (sender, receiver) = channel();
        run(|| panic!("of one job"));
        for number in 0..20 {
            let sender = sender.clone();
            run(move || sender.send(number).unwrap());
        }
        let mut seen: Vec<u32> = (0..20).map(|_| receiver.recv_timeout(SOON).unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
        assert!(lock(&POOL.state).threads <= THREADS);
    }

    #[test]
    fn futures_are_woken_and_see_the_clock_of_their_spawner() {
        let clock = crate::testing::clock();
        clock.advance(Duration::from_secs(3));
        let (sender, receiver) = channel();
        spawn(async move {
            crate::clock::sleep_async(Duration::from_secs(2)).await;
            sender.send(()).unwrap();
        });
        receiver.recv_timeout(SOON).unwrap();
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
    }
}
