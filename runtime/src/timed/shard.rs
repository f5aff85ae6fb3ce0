//! What one thread has counted at one site.

use super::histogram::Histogram;
use crate::link::{Link, Pointer};
use crate::outcome::OutcomeKind;
use crate::shards::{self, Count, Shards, Table, per_thread};
use crate::sync::{Mutex, lock};

/// One thread's counts at one site. Times are in ticks. What a reader can work out from other counts is not counted:
/// the successful calls are the sum of `latency`, the time without recursion is `ticks` less `nested`, the own time is
/// `ticks` (or `busy`) less `inner`.
#[derive(Default)]
pub(super) struct Shard {
    /// Whose counts these are.
    home: Link<Shards<Shard>>,
    /// Ticks that the thread has spent in timed calls, those that are still running left out: what it has grown by during
    /// a call is the time of the timed calls inside. All shards of a thread share that of its first one. (In a library a
    /// thread-local costs a call, or what the linker leaves of one, and the registers that it might change.)
    spent: Spent,
    own_spent: Count,
    /// How deep this thread is in calls of this function.
    depth: Count,
    /// A successful call of at least this many ticks is the longest so far, or one to be told about.
    pub(super) notable: Count,
    /// By outcome: success (always zero here), error, panic, cancelled.
    pub(super) calls: [Count; 4],
    pub(super) ticks: [Count; 4],
    /// The part of `ticks` that was in calls from within the same function.
    pub(super) nested: Count,
    /// The time in other timed functions.
    pub(super) inner: Count,
    pub(super) longest: Count,
    /// How many calls are yet to pass until the next one is measured.
    pause: Count,
    /// The sum of all pauses: what has passed of them is how many calls were counted without being measured.
    drawn: Count,
    /// Those of them that did not end in success, by outcome.
    pub(super) failed_passed_over: [Count; 4],
    /// Async calls among them that have not ended. They may end on another thread: only the sum of all shards counts.
    pub(super) under_way: Count,
    pub(super) polls: Count,
    pub(super) busy: Count,
    /// The part of `busy` that was in polls from within the same function.
    pub(super) nested_busy: Count,
    pub(super) longest_poll: Count,
    /// Successful calls.
    pub(super) latency: Histogram,
}

/// Where that count is.
struct Spent(Pointer<Count>);

impl Default for Spent {
    /// Of no thread.
    fn default() -> Self {
        static NOBODY: Count = Count::new();
        Spent(Pointer::new(&NOBODY))
    }
}

per_thread!(statics of Shard);

impl shards::Shard for Shard {
    fn begin(&'static self, home: &'static Shards<Self>, neighbour: Option<&'static Self>) {
        self.home.set(Some(home));
        self.spent.0.set(neighbour.map_or(&self.own_spent, |neighbour| neighbour.spent.0.get()));
    }

    /// The shards become anybody's: those of many threads that have ended are one.
    fn end(table: Table<Self>) {
        let mut spare = Vec::new();
        for (place, shard) in table.iter().filter_map(|place| Some((place, place.get()?))) {
            place.set(None);
            if let Some(home) = shard.home.get() {
                home.retire(shard, Shard::move_to);
                spare.push(shard);
            }
        }
        lock(&SPARE).append(&mut spare);
    }

    fn spare() -> Option<&'static Self> {
        lock(&SPARE).pop()
    }
}

/// Shards at zero.
static SPARE: Mutex<Vec<&'static Shard>> = Mutex::new(Vec::new());

impl std::fmt::Debug for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shard").field("calls", &self.calls).field("ticks", &self.ticks).finish_non_exhaustive()
    }
}

impl Shard {
    /// Leaves this one at zero.
    fn move_to(&self, there: &Shard) {
        self.latency.move_to(&there.latency);
        self.sums().into_iter().zip(there.sums()).for_each(|(from, to)| to.add(from.take()));
        there.longest.raise(self.longest.take());
        there.longest_poll.raise(self.longest_poll.take());
        // What is left of the last pause is of no use to anybody.
        there.drawn.add(self.drawn.take().saturating_sub(self.pause.take()));
        for count in [&self.depth, &self.notable, &self.own_spent] {
            count.set(0);
        }
    }

    /// The counts that are added up over threads as they are.
    fn sums(&self) -> [&Count; 18] {
        let [c0, c1, c2, c3] = self.calls.each_ref();
        let [t0, t1, t2, t3] = self.ticks.each_ref();
        let [f0, f1, f2, f3] = self.failed_passed_over.each_ref();
        let Shard { nested, inner, under_way, polls, busy, nested_busy, .. } = self;
        [c0, c1, c2, c3, t0, t1, t2, t3, f0, f1, f2, f3, nested, inner, under_way, polls, busy, nested_busy]
    }

    /// Into a call or a poll; what [`leave`](Shard::leave) wants to know.
    #[inline]
    pub(super) fn enter(&self) -> u64 {
        self.depth.add(1);
        self.spent.0.get().get()
    }

    /// How many calls of the same function are going on on this thread.
    pub(super) fn depth(&self) -> u64 {
        self.depth.get()
    }

    /// Inside of an outer call of the same function?
    #[inline]
    pub(super) fn is_nested(&self) -> bool {
        self.depth.get() > 1
    }

    /// Back in the caller, which may be an outer call of the same function.
    #[inline]
    pub(super) fn leave(&self, spent: u64, elapsed: u64) {
        self.leave_to(self, spent, elapsed);
    }

    /// The same where the call is not counted here.
    #[inline]
    pub(super) fn leave_to(&self, counts: &Shard, spent: u64, elapsed: u64) {
        if self.leave_poll(counts, spent, elapsed) != 0 {
            counts.nested.add(elapsed);
        }
    }

    /// How many calls of the same function are still going on. What was timed inside is not this call's own time, and what
    /// it took is not its caller's.
    #[inline]
    pub(super) fn leave_poll(&self, counts: &Shard, spent: u64, elapsed: u64) -> u64 {
        let thread = self.spent.0.get();
        let inner = thread.get().wrapping_sub(spent);
        thread.set(spent.wrapping_add(elapsed));
        if inner != 0 {
            counts.inner.add(inner);
        }
        let depth = self.depth.get().wrapping_sub(1);
        self.depth.set(depth);
        depth
    }

    /// Is this a call of a sampled site that is not measured? On average one in `one_in` is; the pauses are random, so that
    /// a rhythm in the calls does not meet one in the sampling. It counts as a success, unless it is told otherwise.
    #[inline]
    pub(super) fn passes_over(&self, one_in: u32) -> bool {
        match self.pause.get() {
            0 => {
                self.draw_pause(one_in);
                false
            }
            pause => {
                self.pause.set(pause - 1);
                true
            }
        }
    }

    /// Uniform between 0 and 2 (n - 1), which is n - 1 on average.
    #[cold]
    #[inline(never)]
    fn draw_pause(&self, one_in: u32) {
        let pause = u64::from(fastrand::u32(0..=2 * (one_in.max(1) - 1).min(1 << 30)));
        self.drawn.add(pause);
        self.pause.set(pause);
    }

    /// A call that is not measured did not end in success.
    #[cold]
    pub(super) fn fails_passed_over(&self, outcome: OutcomeKind) {
        self.failed_passed_over[(outcome as usize).min(3)].add(1);
    }

    /// An async call that is not measured has ended.
    pub(super) fn ends_passed_over(&self, outcome: OutcomeKind) {
        self.under_way.set(self.under_way.get().wrapping_sub(1));
        if outcome != OutcomeKind::Success {
            self.fails_passed_over(outcome);
        }
    }

    /// Calls that were not measured; the difference between calls that began here and that ended here, when they are
    /// async and moved, is made up for by other shards.
    pub(super) fn passed_over(&self) -> u64 {
        self.drawn.get().saturating_sub(self.pause.get()).wrapping_sub(self.under_way.get())
    }

    /// One successful call.
    #[inline]
    pub(super) fn count(&self, elapsed: u64) {
        self.ticks[OutcomeKind::Success as usize].add(elapsed);
        self.latency.record(elapsed);
    }

    /// Less than the longest call so far and not slow: counted without a further look.
    #[inline]
    pub(super) fn count_if_common(&self, elapsed: u64) -> bool {
        match self.latency.bucket(elapsed) {
            Some(bucket) if elapsed < self.notable.get() => {
                self.ticks[OutcomeKind::Success as usize].add(elapsed);
                bucket.add(1);
                true
            }
            _ => false,
        }
    }
}
