//! A queue of nodes that can be removed from anywhere: each node knows its place.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::node::{Header, Pointer};

/// See the module.
pub(super) struct Ring {
    nodes: VecDeque<Option<Pointer>>,
    /// The place of the first node; it wraps.
    first: u32,
    holes: usize,
    place: fn(&Header) -> &AtomicU32,
}

impl Ring {
    /// `place` is where a node stores its place.
    pub(super) const fn new(place: fn(&Header) -> &AtomicU32) -> Self {
        Ring { nodes: VecDeque::new(), first: 0, holes: 0, place }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len() - self.holes
    }

    pub(super) fn push(&mut self, node: Pointer, header: &Header) {
        (self.place)(header).store(self.first.wrapping_add(as_place(self.nodes.len())), Relaxed);
        self.nodes.push_back(Some(node));
    }

    /// The oldest one.
    pub(super) fn first(&self) -> Option<Pointer> {
        self.nodes.front().copied().flatten()
    }

    pub(super) fn pop(&mut self) -> Option<Pointer> {
        let node = self.nodes.pop_front()?;
        self.first = self.first.wrapping_add(1);
        self.trim();
        node
    }

    /// Removes a node, wherever it is. `header_of` is called for nodes that move up.
    pub(super) fn remove<'a>(&mut self, header: &Header, header_of: impl Fn(Pointer) -> &'a Header) {
        let at = (self.place)(header).load(Relaxed).wrapping_sub(self.first) as usize;
        if self.nodes.get_mut(at).and_then(Option::take).is_some() {
            self.holes += 1;
        }
        self.trim();
        if self.holes > 16 && self.holes > self.nodes.len() / 2 {
            self.close_holes(header_of);
        }
    }

    /// Leaves no hole at the front, and no excess capacity.
    fn trim(&mut self) {
        while let Some(None) = self.nodes.front() {
            self.nodes.pop_front();
            self.first = self.first.wrapping_add(1);
            self.holes -= 1;
        }
        if self.nodes.capacity() > 64 && self.nodes.len() < self.nodes.capacity() / 4 {
            self.nodes.shrink_to(self.nodes.len() * 2);
        }
    }

    fn close_holes<'a>(&mut self, header_of: impl Fn(Pointer) -> &'a Header) {
        self.nodes.retain(Option::is_some);
        self.holes = 0;
        for (at, node) in self.nodes.iter().flatten().enumerate() {
            (self.place)(header_of(*node)).store(self.first.wrapping_add(as_place(at)), Relaxed);
        }
    }

    /// All nodes, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Pointer> {
        self.nodes.iter().copied().flatten()
    }
}

/// Places wrap, and no queue is that long.
#[expect(clippy::cast_possible_truncation, reason = "places wrap")]
fn as_place(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cached::store::concurrent::node::Node;
    use crate::cached::value::entry::{Entry, NoExpiry, Times};
    use crate::cached::value::settings::Settings;

    type Kept = Node<u32, <NoExpiry as Times>::Entry<u32>>;

    fn node(number: u32) -> Pointer {
        let deadlines = crate::cached::value::expiry::Lengths::new(&Settings::NONE).deadlines(None, false);
        Kept::boxed(number.into(), number, Entry::new(number, deadlines))
    }

    /// Compared with a queue that is searched for the nodes to remove.
    #[test]
    #[expect(unsafe_code, reason = "nodes are behind pointers")]
    fn nodes_leave_in_order_and_from_anywhere() {
        // SAFETY: all nodes live to the end of the test.
        let header = |node: Pointer| unsafe { &*node.as_ptr() };
        let nodes: Vec<Pointer> = (0..200).map(node).collect();
        let mut random = fastrand::Rng::with_seed(5);
        let mut ring = Ring { first: u32::MAX - 50, ..Ring::new(|header| &header.place) };
        let mut model: VecDeque<Pointer> = VecDeque::new();
        for turn in 0..50_000 {
            let node = nodes[random.usize(0..nodes.len())];
            let there = model.iter().position(|other| *other == node);
            match (random.u8(0..4), there) {
                (0, _) => assert_eq!(ring.pop(), model.pop_front()),
                (_, None) => {
                    ring.push(node, header(node));
                    model.push_back(node);
                }
                (_, Some(at)) => {
                    ring.remove(header(node), header);
                    model.remove(at);
                }
            }
            assert_eq!((ring.len(), ring.first()), (model.len(), model.front().copied()));
            if turn % 500 == 0 {
                assert!(ring.iter().eq(model.iter().copied()));
            }
        }
        for node in nodes {
            // SAFETY: it is of this kind, and not shared.
            unsafe { (Kept::KIND.free)(node) };
        }
    }

    /// A table stores its tags in the low bits that are zero in an address aligned to eight.
    #[test]
    fn headers_are_small() {
        assert_eq!((size_of::<Header>(), align_of::<Header>()), (16, 8));
    }
}
