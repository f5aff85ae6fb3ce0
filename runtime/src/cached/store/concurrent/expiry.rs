//! What expires when: lanes of nodes whose lives are about equally long, so that in each of them the oldest are the first
//! to go, or nearly so.

use std::sync::atomic::Ordering::Relaxed;

use super::node::{Header, Kind, NOWHERE, Pointer};
use super::ring::Ring;

/// The nodes of a shard that expire.
pub(super) struct Lanes {
    /// By the power of two of a life's length in ticks; each with the deadline that its node had at last.
    lanes: Vec<Ring<u64>>,
    kind: &'static Kind,
}

impl Lanes {
    pub(super) const fn new(kind: &'static Kind) -> Self {
        Lanes { lanes: Vec::new(), kind }
    }

    /// A node that is in the table, unless it never expires.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn add(&mut self, node: Pointer, now: impl FnOnce() -> u64) {
        // SAFETY: a node is freed only after it has been taken out of the table and the lanes; all are of one kind.
        let deadline = unsafe { (self.kind.deadline)(node) };
        if deadline == u64::MAX {
            return;
        }
        let lane = deadline.saturating_sub(now()).max(1).ilog2() as usize;
        while self.lanes.len() <= lane {
            self.lanes.push(Ring::new(|header| &header.expiry_place));
        }
        // SAFETY: as above.
        let header: &Header = unsafe { node.as_ref() };
        #[expect(clippy::cast_possible_truncation, reason = "less than 64")]
        header.lane.store(lane as u8, Relaxed);
        self.lanes[lane].push(node, header, deadline);
    }

    /// Takes a node out, if it is in one.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn remove(&mut self, node: Pointer) {
        // SAFETY: as in `add`.
        let header = unsafe { node.as_ref() };
        let lane = header.lane.swap(NOWHERE, Relaxed);
        if let Some(lane) = self.lanes.get_mut(usize::from(lane)) {
            // SAFETY: as in `add`.
            lane.remove(header, |other| unsafe { other.as_ref() });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.len() == 0)
    }

    /// Takes one out that has expired. Looks at so many at most; those that have been used since get a new deadline.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn expired(&mut self, now: u64, looks: &mut u32) -> Option<Pointer> {
        for lane in 0..self.lanes.len() {
            while let Some((node, _)) = self.lanes[lane].first().filter(|(_, deadline)| *deadline <= now) {
                *looks = looks.checked_sub(1)?;
                self.lanes[lane].pop();
                // SAFETY: as in `add`.
                unsafe { node.as_ref() }.lane.store(NOWHERE, Relaxed);
                // SAFETY: as in `add`.
                if unsafe { (self.kind.deadline)(node) } <= now {
                    return Some(node);
                }
                self.add(node, || now);
            }
        }
        None
    }

    /// All that have expired, wherever they stand. They stay in their lanes.
    #[expect(unsafe_code, reason = "nodes that are in a lane live")]
    pub(super) fn all_expired(&self, now: u64) -> Vec<Pointer> {
        let due = self.lanes.iter().flat_map(Ring::iter).filter(|(_, deadline)| *deadline <= now);
        // SAFETY: as in `add`.
        due.map(|(node, _)| node).filter(|node| unsafe { (self.kind.deadline)(*node) } <= now).collect()
    }

    pub(super) fn clear(&mut self) {
        self.lanes = Vec::new();
    }
}
