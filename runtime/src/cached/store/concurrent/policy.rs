//! Which value to evict: S3-FIFO, whose queues change only on misses.
//!
//! A new value starts in a small queue. At its end it moves to the main queue if it has been used, and is evicted
//! otherwise; a value that returns soon after that starts in the main queue. There, each use buys another round.

use super::node::{Header, Kind, NOWHERE, Pointer};
use super::ring::Ring;
use std::sync::atomic::Ordering::Relaxed;

/// The small queue has this share of the capacity.
const SMALL_PART: u64 = 32;

const SMALL: u8 = 0;
const MAIN: u8 = 1;

/// The order of a shard's nodes.
pub(super) struct Policy {
    queues: [Queue; 2],
    gone: Gone,
    kind: &'static Kind,
}

struct Queue {
    ring: Ring,
    weight: u64,
}

impl Policy {
    pub(super) const fn new(kind: &'static Kind) -> Self {
        const EMPTY: Queue = Queue { ring: Ring::new(|header| &header.place), weight: 0 };
        Policy { queues: [EMPTY; 2], gone: Gone { marks: Vec::new() }, kind }
    }

    /// A new node, which is in the table.
    pub(super) fn add(&mut self, node: Pointer, hash: u64) {
        let queue = if self.gone.forget(hash) { MAIN } else { SMALL };
        self.push(queue, node);
    }

    /// Adds a node that takes another's place.
    pub(super) fn add_like(&mut self, node: Pointer, queue: u8) {
        self.push(queue, node);
    }

    #[expect(unsafe_code, reason = "nodes that are in a queue live")]
    fn push(&mut self, queue: u8, node: Pointer) {
        // SAFETY: a node is freed only after it has been removed from the table and the queues.
        let header = unsafe { node.as_ref() };
        header.queue.store(queue, Relaxed);
        let to = &mut self.queues[usize::from(queue)];
        to.ring.push(node, header);
        // SAFETY: as above, and all nodes of a store are of its kind.
        to.weight += unsafe { (self.kind.weight)(node) };
    }

    /// Removes a node, and returns which queue it was in.
    #[expect(unsafe_code, reason = "nodes that are in a queue live")]
    pub(super) fn remove(&mut self, node: Pointer) -> u8 {
        // SAFETY: as in `push`.
        let header = unsafe { node.as_ref() };
        let queue = header.queue.swap(NOWHERE, Relaxed);
        let Some(from) = self.queues.get_mut(usize::from(queue)) else { return SMALL };
        // SAFETY: as in `push`.
        from.ring.remove(header, |other| unsafe { other.as_ref() });
        // SAFETY: as in `push`.
        from.weight -= unsafe { (self.kind.weight)(node) };
        queue
    }

    /// Removes the node that is to be evicted next.
    #[expect(unsafe_code, reason = "nodes that are in a queue live")]
    pub(super) fn evict(&mut self) -> Option<Pointer> {
        loop {
            let [small, main] = &self.queues;
            let is_small_full = small.weight * SMALL_PART > small.weight + main.weight || main.ring.len() == 0;
            let queue = if is_small_full && small.ring.len() > 0 { SMALL } else { MAIN };
            let node = self.queues[usize::from(queue)].ring.pop()?;
            // SAFETY: as in `push`.
            let header: &Header = unsafe { node.as_ref() };
            // SAFETY: as in `push`.
            self.queues[usize::from(queue)].weight -= unsafe { (self.kind.weight)(node) };
            header.queue.store(NOWHERE, Relaxed);
            match header.uses() {
                0 => {
                    if queue == SMALL {
                        self.gone.remember(header.hash(), self.queues.iter().map(|queue| queue.ring.len()).sum());
                    }
                    return Some(node);
                }
                uses => header.set_uses(if queue == SMALL { 0 } else { uses - 1 }),
            }
            self.push(MAIN, node);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Policy::new(self.kind);
    }
}

/// The keys of values that were evicted from the small queue, about as many as there are values; a newer key overwrites
/// an older one.
struct Gone {
    marks: Vec<u32>,
}

impl Gone {
    fn remember(&mut self, hash: u32, nodes: usize) {
        if self.marks.len() < nodes + 1 {
            // Few keys are remembered now compared with those to come.
            self.marks = vec![0; (nodes + 1).next_power_of_two()];
        }
        let at = self.at(hash);
        self.marks[at] = hash | 1;
    }

    /// Was it there?
    #[expect(clippy::cast_possible_truncation, reason = "nodes know the lower half")]
    fn forget(&mut self, hash: u64) -> bool {
        let hash = hash as u32;
        let at = self.at(hash);
        let Some(mark) = self.marks.get_mut(at).filter(|mark| **mark == hash | 1) else { return false };
        *mark = 0;
        true
    }

    /// Indexed by the upper bits: keys with the same lower bits are neighbours in the table.
    fn at(&self, hash: u32) -> usize {
        hash.wrapping_mul(0x9e37_79b9).rotate_left(16) as usize & self.marks.len().wrapping_sub(1)
    }
}
