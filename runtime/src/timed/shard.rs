//! The counts of one thread at one site.

use std::sync::OnceLock;

use super::allocations::{AllocationCounts, Used};
use super::histogram::Histogram;
use crate::link::{Link, Pointer};
use crate::outcome::OutcomeKind;
use crate::shards::{self, Count, Shards, Table, per_thread};
use crate::sync::{Mutex, lock};

/// One thread's counts at one site. Times are in ticks. Anything that a reader can derive from other counts is not
/// counted: the number of successful calls is the sum of `latency`, the time without recursion is `ticks` minus
/// `nested`, the self time is `ticks` (or `busy`) minus `inner`.
#[derive(Default)]
pub(super) struct Shard {
    /// The shards that this belongs to.
    home: Link<Shards<Shard>>,
    /// Ticks that the thread has spent in completed timed calls: its increase during a call is the time of the timed
    /// calls inside. All shards of a thread share the count of the first one. (In a library a thread-local costs a
    /// call, or what the linker leaves of one, and the registers that it might change.)
    spent: ChildTime,
    own_spent: Count,
    /// How many calls of this function this thread is nested in.
    depth: Count,
    /// A successful call of at least this many ticks is the longest so far, or one to emit an event for.
    pub(super) slow_path_from: Count,
    /// By outcome: success (always zero here), error, panic, cancelled.
    pub(super) calls: [Count; 4],
    pub(super) ticks: [Count; 4],
    /// The part of `ticks` spent in calls from within the same function.
    pub(super) nested: Count,
    /// The time in other timed functions.
    pub(super) inner: Count,
    pub(super) longest: Count,
    /// How many calls to skip until the next one is measured.
    pause: Count,
    /// The sum of all pauses: minus what is left of the current one, it is the number of calls that were counted
    /// without being measured.
    drawn: Count,
    /// Of these, the ones that did not succeed, by outcome.
    pub(super) failed_passed_over: [Count; 4],
    /// Unmeasured async calls that have not ended. They may end on another thread: only the sum over all shards is
    /// meaningful.
    pub(super) under_way: Count,
    pub(super) polls: Count,
    pub(super) busy: Count,
    /// The part of `busy` spent in polls from within the same function.
    pub(super) nested_busy: Count,
    pub(super) longest_poll: Count,
    /// With a `timing::Allocator`.
    pub(super) allocated: OnceLock<Box<AllocationCounts>>,
    /// Successful calls.
    pub(super) latency: Histogram,
}

/// The location of that count.
struct ChildTime(Pointer<Count>);

impl Default for ChildTime {
    /// For no thread.
    fn default() -> Self {
        static NOBODY: Count = Count::new();
        ChildTime(Pointer::new(&NOBODY))
    }
}

per_thread!(statics of Shard);

impl shards::Shard for Shard {
    fn begin(&'static self, home: &'static Shards<Self>, neighbour: Option<&'static Self>) {
        self.home.set(Some(home));
        self.spent.0.set(neighbour.map_or(&self.own_spent, |neighbour| neighbour.spent.0.get()));
    }

    /// Makes the shards available to others: those of many threads that have ended are merged into one.
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
    /// Resets this one to zero.
    fn move_to(&self, there: &Shard) {
        self.latency.move_to(&there.latency);
        self.sums().into_iter().zip(there.sums()).for_each(|(from, to)| to.add(from.take()));
        there.longest.raise(self.longest.take());
        there.longest_poll.raise(self.longest_poll.take());
        // The rest of the last pause is of no use.
        there.drawn.add(self.drawn.take().saturating_sub(self.pause.take()));
        if let Some(allocated) = self.allocated.get() {
            allocated.move_to(there.allocated.get_or_init(Box::default));
        }
        for count in [&self.depth, &self.slow_path_from, &self.own_spent] {
            count.set(0);
        }
    }

    /// The counts that are simply added up over threads.
    fn sums(&self) -> [&Count; 18] {
        let [c0, c1, c2, c3] = self.calls.each_ref();
        let [t0, t1, t2, t3] = self.ticks.each_ref();
        let [f0, f1, f2, f3] = self.failed_passed_over.each_ref();
        let Shard { nested, inner, under_way, polls, busy, nested_busy, .. } = self;
        [c0, c1, c2, c3, t0, t1, t2, t3, f0, f1, f2, f3, nested, inner, under_way, polls, busy, nested_busy]
    }

    /// Enters a call or a poll; returns what [`leave`](Shard::leave) needs.
    #[inline]
    pub(super) fn enter(&self) -> u64 {
        self.depth.add(1);
        self.spent.0.get().get()
    }

    /// How many calls of the same function are in progress on this thread.
    pub(super) fn depth(&self) -> u64 {
        self.depth.get()
    }

    /// Is this inside an outer call of the same function?
    #[inline]
    pub(super) fn is_nested(&self) -> bool {
        self.depth.get() > 1
    }

    /// Returns to the caller, which may be an outer call of the same function.
    #[inline]
    pub(super) fn leave(&self, spent: u64, elapsed: u64) {
        self.leave_to(self, spent, elapsed);
    }

    /// The same if the call is counted elsewhere.
    #[inline]
    pub(super) fn leave_to(&self, counts: &Shard, spent: u64, elapsed: u64) {
        if self.leave_poll(counts, spent, elapsed) != 0 {
            counts.nested.add(elapsed);
        }
    }

    /// Returns how many calls of the same function are still in progress. Time measured inside does not count as this
    /// call's self time, nor does this call's time count as its caller's.
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

    /// Should this call of a sampled site go unmeasured? On average one in `one_in` is measured; the pauses are random,
    /// so that a rhythm in the calls does not coincide with one in the sampling. It counts as a success unless it is
    /// reported otherwise.
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

    /// An unmeasured call did not succeed.
    #[cold]
    pub(super) fn fails_passed_over(&self, outcome: OutcomeKind) {
        self.failed_passed_over[(outcome as usize).min(3)].add(1);
    }

    /// An unmeasured async call has ended.
    pub(super) fn ends_passed_over(&self, outcome: OutcomeKind) {
        self.under_way.set(self.under_way.get().wrapping_sub(1));
        if outcome != OutcomeKind::Success {
            self.fails_passed_over(outcome);
        }
    }

    /// The number of unmeasured calls. If async calls start here and end elsewhere, or the other way round, other
    /// shards compensate for the difference.
    pub(super) fn passed_over(&self) -> u64 {
        self.drawn.get().saturating_sub(self.pause.get()).wrapping_sub(self.under_way.get())
    }

    /// What a call or a poll has allocated that was inside this many calls of the same function.
    pub(super) fn count_allocated(&self, used: Option<Used>, depth: u64) {
        if let Some(used) = used {
            self.allocated.get_or_init(Box::default).add(used, depth > 0);
        }
    }

    /// Counts a successful call.
    #[inline]
    pub(super) fn count(&self, elapsed: u64) {
        self.ticks[OutcomeKind::Success as usize].add(elapsed);
        self.latency.record(elapsed);
    }

    /// Counts a call that is shorter than the longest so far and not slow, without further checks.
    #[inline]
    pub(super) fn count_if_common(&self, elapsed: u64) -> bool {
        match self.latency.bucket(elapsed) {
            Some(bucket) if elapsed < self.slow_path_from.get() => {
                self.ticks[OutcomeKind::Success as usize].add(elapsed);
                bucket.add(1);
                true
            }
            _ => false,
        }
    }
}
