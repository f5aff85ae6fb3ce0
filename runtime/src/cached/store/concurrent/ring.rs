//! A queue of nodes that one can be taken out of anywhere: each node knows its place.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::node::{Header, Pointer};

/// See the module. `X` stands beside each node.
pub(super) struct Ring<X> {
    nodes: VecDeque<(Option<Pointer>, X)>,
    /// The place of the first; it wraps.
    first: u32,
    holes: usize,
    place: fn(&Header) -> &AtomicU32,
}

impl<X: Copy> Ring<X> {
    /// `place` is where a node remembers its own.
    pub(super) const fn new(place: fn(&Header) -> &AtomicU32) -> Self {
        Ring { nodes: VecDeque::new(), first: 0, holes: 0, place }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len() - self.holes
    }

    pub(super) fn push(&mut self, node: Pointer, header: &Header, beside: X) {
        (self.place)(header).store(self.first.wrapping_add(as_place(self.nodes.len())), Relaxed);
        self.nodes.push_back((Some(node), beside));
    }

    /// The oldest one.
    pub(super) fn first(&self) -> Option<(Pointer, X)> {
        self.nodes.front().and_then(|(node, beside)| node.map(|node| (node, *beside)))
    }

    pub(super) fn pop(&mut self) -> Option<(Pointer, X)> {
        let (node, beside) = self.nodes.pop_front()?;
        self.first = self.first.wrapping_add(1);
        self.trim();
        node.map(|node| (node, beside))
    }

    /// Takes one out, wherever it is. `header_of` is asked of others that move up.
    pub(super) fn remove<'a>(&mut self, header: &Header, header_of: impl Fn(Pointer) -> &'a Header) {
        let at = (self.place)(header).load(Relaxed).wrapping_sub(self.first) as usize;
        if self.nodes.get_mut(at).and_then(|(node, _)| node.take()).is_some() {
            self.holes += 1;
        }
        self.trim();
        if self.holes > 16 && self.holes > self.nodes.len() / 2 {
            self.close_holes(header_of);
        }
    }

    /// Leaves no hole at the front, and no room that is not needed.
    fn trim(&mut self) {
        while let Some((None, _)) = self.nodes.front() {
            self.nodes.pop_front();
            self.first = self.first.wrapping_add(1);
            self.holes -= 1;
        }
        if self.nodes.capacity() > 64 && self.nodes.len() < self.nodes.capacity() / 4 {
            self.nodes.shrink_to(self.nodes.len() * 2);
        }
    }

    fn close_holes<'a>(&mut self, header_of: impl Fn(Pointer) -> &'a Header) {
        self.nodes.retain(|(node, _)| node.is_some());
        self.holes = 0;
        for (at, node) in self.nodes.iter().enumerate().filter_map(|(at, (node, _))| Some((at, (*node)?))) {
            (self.place)(header_of(node)).store(self.first.wrapping_add(as_place(at)), Relaxed);
        }
    }

    /// All of them, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Pointer, X)> {
        self.nodes.iter().filter_map(|(node, beside)| Some(((*node)?, *beside)))
    }
}

/// Places wrap, and no queue is as long as that.
#[expect(clippy::cast_possible_truncation, reason = "places wrap")]
fn as_place(at: usize) -> u32 {
    at as u32
}
