//! When nodes expire: lanes of nodes with about the same lifetime, so that in each lane the oldest expire first, or
//! nearly so.

use std::sync::atomic::Ordering::Relaxed;

use super::node::{Header, Kind, NOWHERE, Pointer};
use super::ring::Ring;

/// The nodes of a shard that can expire.
pub(super) struct Lanes {
    /// Each lane with the power of two of its lifetimes in ticks. Most caches have one or two.
    rings: Vec<(u32, Ring)>,
    /// The lane that is checked next.
    turn: usize,
    kind: &'static Kind,
}

impl Lanes {
    pub(super) const fn new(kind: &'static Kind) -> Self {
        Lanes { rings: Vec::new(), turn: 0, kind }
    }

    /// Adds a node that is in the table, unless it never expires.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn add(&mut self, node: Pointer, now: impl FnOnce() -> u64) {
        // SAFETY: a node is freed only after it has been removed from the table and the lanes; all are of one kind.
        let deadline = unsafe { (self.kind.deadline)(node) };
        if deadline == u64::MAX {
            return;
        }
        let power = deadline.saturating_sub(now()).max(1).ilog2();
        let lane = self.rings.iter().position(|(other, _)| *other == power).unwrap_or_else(|| {
            self.rings.push((power, Ring::new(|header| &header.expiry_place)));
            self.rings.len() - 1
        });
        // SAFETY: as above.
        let header: &Header = unsafe { node.as_ref() };
        #[expect(clippy::cast_possible_truncation, reason = "less than 64")]
        header.lane.store(lane as u8, Relaxed);
        self.rings[lane].1.push(node, header);
    }

    /// Removes a node, if it is in a lane.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn remove(&mut self, node: Pointer) {
        // SAFETY: as in `add`.
        let header = unsafe { node.as_ref() };
        let lane = header.lane.swap(NOWHERE, Relaxed);
        if let Some((_, lane)) = self.rings.get_mut(usize::from(lane)) {
            // SAFETY: as in `add`.
            lane.remove(header, |other| unsafe { other.as_ref() });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rings.iter().all(|(_, lane)| lane.len() == 0)
    }

    /// Removes an expired node. Frees and passes over at most this many: if a use has extended a deadline, the live
    /// node lets those behind it pass. The lanes take turns.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn expired(&mut self, now: u64, looks: &mut u32) -> Option<Pointer> {
        for _ in 0..self.rings.len().max(*looks as usize) {
            let lane = self.turn % self.rings.len().max(1);
            let Some(node) = self.rings.get(lane)?.1.first() else {
                self.turn = lane + 1;
                continue;
            };
            // SAFETY: as in `add`.
            let is_expired = unsafe { (self.kind.deadline)(node) } <= now;
            if is_expired || self.kind.lives_on {
                *looks = looks.checked_sub(1)?;
                self.rings[lane].1.pop();
                // SAFETY: as in `add`.
                unsafe { node.as_ref() }.lane.store(NOWHERE, Relaxed);
            }
            if is_expired {
                return Some(node);
            }
            if self.kind.lives_on {
                self.add(node, || now);
            }
            self.turn = lane + 1;
        }
        None
    }

    /// All expired nodes, wherever they are. They stay in their lanes.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn all_expired(&self, now: u64) -> Vec<Pointer> {
        // SAFETY: as in `add`.
        let is_expired = |node: &Pointer| unsafe { (self.kind.deadline)(*node) } <= now;
        self.rings.iter().flat_map(|(_, lane)| lane.iter()).filter(is_expired).collect()
    }

    pub(super) fn clear(&mut self) {
        self.rings = Vec::new();
    }
}
