//! Who called whom: what `timing::record_tree` has recorded.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::Report;
use crate::clock;
use crate::table::{Side, aligned};
use crate::timed::short::short;
use crate::timed::tree::{Kind, LIMIT, Sums, Walked};

/// The calls of measured functions by the path of their callers; see [`record_tree`](crate::timing::record_tree).
///
/// `Display` is an indented table. [`to_folded`](Tree::to_folded) is for flame graph tools; the report's HTML page
/// contains a flame graph.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<TreeNode>,
    left_out: u64,
}

/// One path of a [`Tree`]: a function below its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TreeNode {
    /// The function's path, or the `name` of `#[timed]`; `(other)` for all paths for which there was no more room.
    pub name: String,
    /// The number of callers above it.
    pub depth: usize,
    /// Calls that have ended, recursive ones included.
    pub calls: u64,
    /// The time on a thread in these calls and in all measured calls inside of them: [`self_time`](Self::self_time) and
    /// the totals of the functions that it called.
    #[cfg_attr(feature = "serde", serde(rename = "total_ns", serialize_with = "super::json::nanos"))]
    pub total: Duration,
    /// The time on a thread, without measured calls inside; for async functions, the time in polls.
    #[cfg_attr(feature = "serde", serde(rename = "self_ns", serialize_with = "super::json::nanos"))]
    pub self_time: Duration,
    /// The time from the start of each call to its end, summed over the calls. It contains the time that an async call
    /// waits. Less than `total` where the function starts work on other threads; for calls that overlap, more than the
    /// time that has passed.
    #[cfg_attr(feature = "serde", serde(rename = "elapsed_ns", serialize_with = "super::json::nanos"))]
    pub elapsed: Duration,
}

impl Report {
    /// Returns who called whom; empty unless [`record_tree`](crate::timing::record_tree) was enabled. In the scope of a
    /// [`testing::recorder`](crate::testing::recorder), it contains the calls that were made there.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
}

/// The nodes of one caller: by name, with what they called.
#[derive(Default)]
struct Level {
    sums: Sums,
    total: u64,
    inside: BTreeMap<String, Level>,
}

impl Tree {
    /// *Input:* nodes, callers before those that they called.
    pub(super) fn of(walked: Vec<Walked>) -> Self {
        let left_out = walked.iter().filter(|node| matches!(node.kind, Kind::Other)).map(|node| node.sums.calls).sum();
        let mut inside: BTreeMap<u32, Vec<Walked>> = BTreeMap::new();
        let root = walked.first().map_or(0, |node| node.id);
        for node in walked.into_iter().filter(|node| node.parent != node.id) {
            inside.entry(node.parent).or_default().push(node);
        }
        let mut tree = Tree { nodes: Vec::new(), left_out };
        let mut top = Level::default();
        top.take(root, &mut inside);
        tree.add(&top, 0);
        tree
    }

    fn add(&mut self, level: &Level, depth: usize) {
        let mut inside: Vec<_> = level.inside.iter().collect();
        inside.sort_by_key(|(_, below)| std::cmp::Reverse(below.total));
        for (name, below) in inside {
            let Sums { calls, own, elapsed } = below.sums;
            let [total, self_time, elapsed] = [below.total, own, elapsed].map(clock::duration);
            self.nodes.push(TreeNode { name: name.clone(), depth, calls, total, self_time, elapsed });
            self.add(below, depth + 1);
        }
    }

    /// Returns all paths, each function before those that it called, and of these the one with the largest total first.
    #[must_use]
    pub fn nodes(&self) -> &[TreeNode] {
        &self.nodes
    }

    /// Returns whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the number of calls in `(other)`.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Returns one path, `["shop::checkout", "shop::price"]`.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&TreeNode> {
        let (last, _) = self.paths().find(|(_, names)| names == path)?;
        Some(last)
    }

    /// Each node with the names from the top to itself.
    fn paths(&self) -> impl Iterator<Item = (&TreeNode, Vec<&str>)> {
        let mut names = Vec::new();
        self.nodes.iter().map(move |node| {
            names.truncate(node.depth);
            names.push(node.name.as_str());
            (node, names.clone())
        })
    }

    /// Returns one line per path with self time in nanoseconds, `checkout;price 123`: the folded stacks that
    /// `inferno-flamegraph`, `flamegraph.pl` and [speedscope](https://www.speedscope.app) read. A `;` in a name is
    /// written as `:`, a line end as a space.
    #[must_use]
    pub fn to_folded(&self) -> String {
        let is_told = |(node, _): &(&TreeNode, Vec<&str>)| !node.self_time.is_zero();
        let name = |name: &str| name.replace(';', ":").replace(['\n', '\r'], " ");
        let line = |(node, names): (&TreeNode, Vec<&str>)| {
            let names: Vec<String> = names.into_iter().map(name).collect();
            format!("{} {}\n", names.join(";"), node.self_time.as_nanos())
        };
        self.paths().filter(is_told).map(line).collect()
    }
}

impl Level {
    /// Moves the nodes below a node here, and adds up the time. Sites that cannot be distinguished are merged.
    fn take(&mut self, node: u32, all: &mut BTreeMap<u32, Vec<Walked>>) {
        for below in all.remove(&node).unwrap_or_default() {
            let name = match below.kind {
                Kind::Function(site) => site.title(),
                Kind::Other | Kind::Root => "(other)".to_owned(),
            };
            let level = self.inside.entry(name).or_default();
            level.sums.calls += below.sums.calls;
            level.sums.own += below.sums.own;
            level.sums.elapsed += below.sums.elapsed;
            level.take(below.id, all);
        }
        self.total = self.sums.own + self.inside.values().map(|level| level.total).sum::<u64>();
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = ["function", "calls", "total", "self", "elapsed"].map(str::to_owned).to_vec();
        let cells = |node: &TreeNode| {
            let times = [node.total, node.self_time, node.elapsed].map(short);
            let name = format!("{}{}", "  ".repeat(node.depth), node.name);
            [name, node.calls.to_string()].into_iter().chain(times).collect()
        };
        let lines: Vec<Vec<String>> = std::iter::once(titles).chain(self.nodes.iter().map(cells)).collect();
        f.write_str(&aligned(&lines, |at| if at == 0 { Side::Left } else { Side::Right }))?;
        if self.left_out > 0 {
            write!(f, "\n (other): {} calls on paths beyond the limit of {LIMIT}", self.left_out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Nodes with a name, a depth and a total.
    pub(in super::super) fn tree(nodes: &[(&str, usize, Duration)]) -> Tree {
        let node = |&(name, depth, total): &(&str, usize, Duration)| {
            let name = name.to_owned();
            TreeNode { name, depth, calls: 1, total, self_time: total, elapsed: total }
        };
        Tree { nodes: nodes.iter().map(node).collect(), left_out: 0 }
    }

    #[test]
    fn names_do_not_break_folded_stacks() {
        let micro = Duration::from_micros(1);
        let tree = tree(&[("a;b", 0, micro), ("two\nlines", 1, micro), ("none", 1, Duration::ZERO)]);
        assert_eq!(tree.to_folded(), "a:b 1000\na:b;two lines 1000\n");
    }
}
