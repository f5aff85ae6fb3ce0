//! Work on every core, in order.

/// On rayon's pool.
#[cfg(feature = "rayon")]
pub(super) fn on_every_core<T: Send, R: Send>(inputs: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

    inputs.into_par_iter().map(work).collect()
}

/// On as many threads as there are cores, this one among them.
#[cfg(not(feature = "rayon"))]
pub(super) fn on_every_core<T: Send, R: Send>(inputs: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    use std::sync::Mutex;
    use std::thread;

    let count = inputs.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count);
    if threads <= 1 {
        return inputs.into_iter().map(work).collect();
    }
    let left = Mutex::new(inputs.into_iter().enumerate());
    let chunk = (count / (threads * 8)).clamp(1, 1024);
    let worker = || chunks(&left, chunk, &work);
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let own = worker();
        let others =
            others.into_iter().flat_map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        own.into_iter().chain(others).collect()
    });
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The work of one thread: takes a few inputs at a time, few enough to keep all threads busy to the end.
#[cfg(not(feature = "rayon"))]
fn chunks<T, R>(
    left: &std::sync::Mutex<std::iter::Enumerate<std::vec::IntoIter<T>>>,
    chunk: usize,
    work: &impl Fn(T) -> R,
) -> Vec<(usize, R)> {
    let mut results = Vec::new();
    loop {
        let taken: Vec<(usize, T)> = crate::sync::lock(left).by_ref().take(chunk).collect();
        if taken.is_empty() {
            return results;
        }
        results.extend(taken.into_iter().map(|(number, input)| (number, work(input))));
    }
}
