//! The paths, shared by all threads: each node is a function below its caller. The lock is taken when a thread meets a
//! path for the first time, and by readers.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::shards::Count;
use crate::sync::lock;
use crate::timed::site::TimedSite;

/// How many paths are recorded below one root.
pub(in crate::timed) const LIMIT: usize = 4096;

/// The largest number of a node; a bit is left free.
pub(super) const MAX: u32 = u32::MAX >> 1;

/// One thread's counts of one path. Times are in ticks.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Calls that have ended.
    pub(super) calls: Count,
    /// The time on a thread, without the calls inside.
    pub(super) own: Count,
    /// The time from start to end.
    pub(super) elapsed: Count,
}

/// The counts of all threads.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::timed) struct Sums {
    pub(in crate::timed) calls: u64,
    pub(in crate::timed) own: u64,
    pub(in crate::timed) elapsed: u64,
}

impl Sums {
    fn add(&mut self, counts: &Counts) {
        self.calls += counts.calls.get();
        self.own += counts.own.get();
        self.elapsed += counts.elapsed.get();
    }
}

#[derive(Clone, Copy)]
pub(in crate::timed) enum Kind {
    Root,
    Function(&'static TimedSite),
    /// Everything for which there was no more room.
    Other,
}

struct Node {
    kind: Kind,
    /// Itself for a root.
    parent: u32,
    root: u32,
    counts: Vec<Arc<Counts>>,
    /// Of threads that have ended.
    ended: Sums,
}

impl Node {
    fn is(&self, site: &TimedSite) -> bool {
        matches!(self.kind, Kind::Function(own) if std::ptr::eq(own, site))
    }

    /// A thread's own counts. Those of threads that have ended are added up.
    fn attach(&mut self) -> Arc<Counts> {
        let ended = &mut self.ended;
        self.counts.retain_mut(|counts| match Arc::get_mut(counts) {
            Some(counts) => {
                ended.add(counts);
                false
            }
            None => true,
        });
        let counts = Arc::default();
        self.counts.push(Arc::clone(&counts));
        counts
    }

    fn sums(&self) -> Sums {
        let mut sums = self.ended;
        self.counts.iter().for_each(|counts| sums.add(counts));
        sums
    }
}

struct Nodes {
    all: HashMap<u32, Node, FixedState>,
    /// Children by parent and site; the site of `(other)` is zero.
    children: HashMap<(u32, usize), u32, FixedState>,
    /// The number of nodes by root.
    sizes: HashMap<u32, usize, FixedState>,
    last: u32,
    /// The root of the process; zero before the first recording.
    root: u32,
}

static NODES: LazyLock<Mutex<Nodes>> = LazyLock::new(|| {
    Mutex::new(Nodes {
        all: HashMap::default(),
        children: HashMap::default(),
        sizes: HashMap::default(),
        last: 0,
        root: 0,
    })
});

/// How often a root was removed: a thread then forgets what it knows about paths.
pub(super) static REMOVALS: AtomicU64 = AtomicU64::new(0);

/// The place of a call.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) node: u32,
    pub(super) is_other: bool,
}

/// The root of the process.
pub(super) fn root() -> u32 {
    lock(&NODES).root
}

/// Starts at zero.
pub(super) fn restart() {
    let mut nodes = lock(&NODES);
    let before = nodes.root;
    nodes.remove(before);
    nodes.root = nodes.add_root();
}

pub(super) fn new_root() -> u32 {
    lock(&NODES).add_root()
}

pub(super) fn remove(root: u32) {
    lock(&NODES).remove(root);
    REMOVALS.fetch_add(1, Relaxed);
}

/// A thread's own counts of a node, unless its root is gone.
pub(super) fn attach(node: u32) -> Option<Arc<Counts>> {
    lock(&NODES).all.get_mut(&node).map(Node::attach)
}

/// The place of a call of this function from there, unless the root is gone.
pub(super) fn child(parent: u32, site: &'static TimedSite) -> Option<Place> {
    let mut nodes = lock(&NODES);
    if !nodes.all.contains_key(&parent) {
        return None;
    }
    let known = nodes.children.get(&(parent, site.address())).copied();
    let known = known.or_else(|| nodes.recursive(parent, site));
    let node = known.unwrap_or_else(|| nodes.add(parent, site));
    Some(Place { node, is_other: matches!(nodes.all[&node].kind, Kind::Other) })
}

impl Nodes {
    fn add_root(&mut self) -> u32 {
        let id = self.next();
        self.insert(id, Node { kind: Kind::Root, parent: id, root: id, counts: Vec::new(), ended: Sums::default() });
        id
    }

    fn next(&mut self) -> u32 {
        loop {
            self.last = if self.last == MAX { 1 } else { self.last + 1 };
            if !self.all.contains_key(&self.last) {
                return self.last;
            }
        }
    }

    fn insert(&mut self, id: u32, node: Node) {
        *self.sizes.entry(node.root).or_default() += 1;
        self.all.insert(id, node);
    }

    fn remove(&mut self, root: u32) {
        self.all.retain(|_, node| node.root != root);
        let all = &self.all;
        self.children.retain(|_, child| all.contains_key(child));
        self.sizes.remove(&root);
    }

    /// A caller, or the caller's caller, that is this function.
    fn recursive(&self, from: u32, site: &TimedSite) -> Option<u32> {
        let mut at = from;
        loop {
            let node = self.all.get(&at)?;
            match node.kind {
                Kind::Root => return None,
                Kind::Other if at == from => return Some(at),
                _ if node.is(site) => return Some(at),
                _ => at = node.parent,
            }
        }
    }

    fn add(&mut self, parent: u32, site: &'static TimedSite) -> u32 {
        let root = self.all[&parent].root;
        let is_full = self.sizes.get(&root).is_some_and(|size| *size > LIMIT);
        let (kind, key) = if is_full { (Kind::Other, 0) } else { (Kind::Function(site), site.address()) };
        if let Some(other) = self.children.get(&(parent, key)) {
            return *other;
        }
        let id = self.next();
        self.insert(id, Node { kind, parent, root, counts: Vec::new(), ended: Sums::default() });
        self.children.insert((parent, key), id);
        id
    }
}

/// A node, for readers.
pub(in crate::timed) struct Walked {
    pub(in crate::timed) id: u32,
    pub(in crate::timed) parent: u32,
    pub(in crate::timed) kind: Kind,
    pub(in crate::timed) sums: Sums,
}

/// All nodes below a root, that of the process by default; the root comes first.
pub(in crate::timed) fn walk(root: Option<u32>) -> Vec<Walked> {
    let nodes = lock(&NODES);
    let root = root.unwrap_or(nodes.root);
    let of = |(id, node): (&u32, &Node)| Walked { id: *id, parent: node.parent, kind: node.kind, sums: node.sums() };
    let mut walked: Vec<_> = nodes.all.iter().filter(|(_, node)| node.root == root).map(of).collect();
    walked.sort_by_key(|node| node.id);
    walked
}
