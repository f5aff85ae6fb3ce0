//! The order of a registry: by priority, then by name; `before` and `after` override both.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ptr;

use super::{Entry, Registered};

/// The entries in their order.
pub(super) struct Ordered<T: ?Sized + Registered> {
    pub(super) entries: Vec<&'static Entry<T>>,
    /// The entries that each have to come before the next one, if there is a cycle.
    pub(super) circle: Option<Vec<String>>,
}

/// The priority, then the name, and finally the place in the source.
pub(super) fn base_order<T: ?Sized + Registered>(entry: &Entry<T>) -> impl Ord + use<T> {
    (Reverse(entry.priority()), entry.name(), entry.module(), entry.file(), entry.line())
}

impl<T: ?Sized + Registered> Ordered<T> {
    pub(super) fn of(mut entries: Vec<&'static Entry<T>>, find: impl Fn(&T::Key) -> Option<&'static Entry<T>>) -> Self {
        entries.sort_unstable_by_key(|entry| base_order(entry));
        let wishes = |entry: &&Entry<T>| !entry.spec.before.is_empty() || !entry.spec.after.is_empty();
        if !entries.iter().any(wishes) {
            return Ordered { entries, circle: None };
        }
        let graph = Graph::of(&entries, find);
        let (order, circle) = graph.sorted();
        Ordered {
            circle: circle.map(|circle| circle.into_iter().map(|at| entries[at].text()).collect()),
            entries: order.into_iter().map(|at| entries[at]).collect(),
        }
    }
}

/// Which entry comes before which, by their positions in the base order.
struct Graph {
    /// For each entry, the ones that come after it.
    later: Vec<Vec<usize>>,
    /// For each entry, the ones that come before it.
    earlier: Vec<Vec<usize>>,
}

impl Graph {
    /// A name that is not registered is ignored: it may belong to a plug-in that is not present.
    fn of<T: ?Sized + Registered>(
        entries: &[&'static Entry<T>],
        find: impl Fn(&T::Key) -> Option<&'static Entry<T>>,
    ) -> Self {
        let mut graph = Graph { later: vec![Vec::new(); entries.len()], earlier: vec![Vec::new(); entries.len()] };
        let place = |name: &T::Key| {
            let found = find(name)?;
            entries.iter().position(|entry| ptr::eq(*entry, found))
        };
        for (at, entry) in entries.iter().enumerate() {
            entry.spec.before.iter().filter_map(|name| place(name)).for_each(|other| graph.add(at, other));
            entry.spec.after.iter().filter_map(|name| place(name)).for_each(|other| graph.add(other, at));
        }
        graph
    }

    fn add(&mut self, first: usize, second: usize) {
        self.later[first].push(second);
        self.earlier[second].push(first);
    }

    /// As close to the base order as `before` and `after` allow; entries in a cycle, and those after it, stay in the
    /// base order.
    fn sorted(&self) -> (Vec<usize>, Option<Vec<usize>>) {
        let mut waits: Vec<usize> = self.earlier.iter().map(Vec::len).collect();
        let ready = (0..waits.len()).filter(|at| waits[*at] == 0).map(Reverse);
        let mut ready: BinaryHeap<Reverse<usize>> = ready.collect();
        let mut order = Vec::with_capacity(waits.len());
        while let Some(Reverse(at)) = ready.pop() {
            order.push(at);
            for &next in &self.later[at] {
                waits[next] -= 1;
                if waits[next] == 0 {
                    ready.push(Reverse(next));
                }
            }
        }
        let left: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] != 0).collect();
        let circle = left.first().map(|first| self.circle(*first, &waits));
        order.extend(left);
        (order, circle)
    }

    /// Every remaining entry waits for another remaining entry, so walking back ends in a cycle.
    fn circle(&self, from: usize, waits: &[usize]) -> Vec<usize> {
        let mut way = vec![from];
        loop {
            let last = way[way.len() - 1];
            let Some(&before) = self.earlier[last].iter().find(|at| waits[**at] != 0) else { return way };
            if let Some(start) = way.iter().position(|at| *at == before) {
                let mut circle = way.split_off(start);
                circle.reverse();
                return circle;
            }
            way.push(before);
        }
    }
}
