//! The policies of functions, such as breakers: one in a static per function, or one per key, and how a handle finds
//! them.

use std::any::{Any, type_name_of_val};
use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, Mutex, OnceLock};

use crate::site::{Registry, declared_paths, function_of, path_of};
use crate::sync::lock;

/// A policy that can be attached to a function.
pub trait OfFunction: Send + Sync + 'static {
    /// Creates another one with the same settings.
    fn fresh(&self) -> Self;
    /// The same, for the calls with this key.
    #[cfg(feature = "redis")]
    fn fresh_for(&self, _key: &[u8]) -> Self
    where
        Self: Sized,
    {
        self.fresh()
    }
    /// Is it in its initial state? Then it can be dropped without losing anything.
    fn is_idle(&self) -> bool;
    /// Sets its name in events.
    fn set_name(&self, name: &str);
    /// All functions that have one.
    fn sites() -> &'static Registry<PolicySite<Self>>
    where
        Self: Sized;
}

/// The policy of one function, in the expansion's own `static`.
pub struct PolicySite<P: 'static> {
    policy: P,
    keyed: OnceLock<Box<dyn AnyKeyed<P>>>,
    /// In each instantiation of a generic function, the keys may have a different type.
    others: Mutex<Vec<&'static dyn AnyKeyed<P>>>,
}

impl<P: OfFunction> PolicySite<P> {
    /// The site of one function.
    pub const fn new(policy: P) -> Self {
        PolicySite { policy, keyed: OnceLock::new(), others: Mutex::new(Vec::new()) }
    }

    /// Called before `main`, with an item inside the function.
    pub fn declare<F>(&'static self, inside: &F) {
        let path = path_of(type_name_of_val(inside));
        self.policy.set_name(&path);
        P::sites().insert(path, self);
    }

    /// The policy for all calls.
    #[inline]
    pub fn policy(&'static self) -> &'static P {
        &self.policy
    }

    /// The policy for calls with this key.
    pub fn of<Q>(&'static self, key: &Q) -> Arc<P>
    where
        Q: ToOwned<Owned: Hash + Eq + Send + Sync + 'static> + Hash + Eq + ?Sized,
    {
        let first = self.keyed.get_or_init(|| Box::new(Keyed::<Q::Owned, P>::new()));
        let keyed = (**first).downcast().unwrap_or_else(|| self.other::<Q::Owned>());
        keyed.get(key, || self.policy.fresh())
    }

    /// Like [`of`](Self::of), for a policy that processes share.
    #[cfg(feature = "redis")]
    pub fn of_shared<Q>(&'static self, key: &Q) -> Arc<P>
    where
        Q: ToOwned<Owned: Hash + Eq + Send + Sync + 'static> + Hash + Eq + serde::Serialize + ?Sized,
    {
        let first = self.keyed.get_or_init(|| Box::new(Keyed::<Q::Owned, P>::new()));
        let keyed = (**first).downcast().unwrap_or_else(|| self.other::<Q::Owned>());
        keyed.get(key, || self.policy.fresh_for(&crate::cached::policies::bytes_of(key)))
    }

    #[cold]
    fn other<K: Hash + Eq + Send + Sync + 'static>(&self) -> &'static Keyed<K, P> {
        let mut others = lock(&self.others);
        let known = others.iter().find_map(|keyed| keyed.downcast());
        known.unwrap_or_else(|| {
            let keyed: &'static Keyed<K, P> = Box::leak(Box::new(Keyed::new()));
            others.push(keyed);
            keyed
        })
    }

    fn each(&self, visit: &mut dyn FnMut(&P)) {
        let others = lock(&self.others).clone();
        self.keyed.get().map(|keyed| &**keyed).into_iter().chain(others).for_each(|keyed| keyed.each(visit));
    }

    fn known<Q: ToOwned<Owned: Hash + Eq + Send + Sync + 'static> + Hash + Eq + ?Sized>(
        &'static self,
        key: &Q,
    ) -> Option<Arc<P>> {
        let keyed: Option<&Keyed<Q::Owned, P>> = self.keyed.get().and_then(|keyed| (**keyed).downcast());
        let other = || lock(&self.others).iter().find_map(|keyed| keyed.downcast());
        keyed.or_else(other)?.known(key)
    }
}

/// One policy per key. If there are many, those in their initial state are dropped.
struct Keyed<K, P> {
    shards: [Mutex<Shard<K, P>>; SHARDS],
    hasher: RandomState,
}

struct Shard<K, P> {
    policies: HashMap<K, Arc<P>>,
    /// How many there may be before idle ones are dropped.
    most: usize,
}

const SHARDS: usize = 16;
const MOST: usize = 64;

/// A [`Keyed`] with any type of key.
trait AnyKeyed<P>: Any + Send + Sync {
    fn each(&self, visit: &mut dyn FnMut(&P));
}

impl<P: 'static> dyn AnyKeyed<P> {
    fn downcast<K: 'static>(&self) -> Option<&Keyed<K, P>> {
        (self as &dyn Any).downcast_ref()
    }
}

impl<K: Send + Sync + 'static, P: OfFunction> AnyKeyed<P> for Keyed<K, P> {
    fn each(&self, visit: &mut dyn FnMut(&P)) {
        let all = |shard: &Mutex<Shard<K, P>>| lock(shard).policies.values().cloned().collect::<Vec<_>>();
        self.shards.iter().flat_map(all).for_each(|policy| visit(&policy));
    }
}

impl<K: Hash + Eq, P: OfFunction> Keyed<K, P> {
    fn new() -> Self {
        let shards = std::array::from_fn(|_| Mutex::new(Shard { policies: HashMap::new(), most: MOST }));
        Keyed { shards, hasher: RandomState::new() }
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> &Mutex<Shard<K, P>> {
        let hash = self.hasher.hash_one(key);
        &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or(0)]
    }

    fn known<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
    {
        lock(self.shard(key)).policies.get(key).cloned()
    }

    fn get<Q: ToOwned<Owned = K> + Hash + Eq + ?Sized>(&self, key: &Q, fresh: impl FnOnce() -> P) -> Arc<P>
    where
        K: Borrow<Q>,
    {
        if let Some(policy) = self.known(key) {
            return policy;
        }
        // Runs the user's code, so outside of the lock.
        let owned = key.to_owned();
        let mut shard = lock(self.shard(key));
        shard.forget_idle();
        Arc::clone(shard.policies.entry(owned).or_insert_with(|| Arc::new(fresh())))
    }
}

impl<K, P: OfFunction> Shard<K, P> {
    fn forget_idle(&mut self)
    where
        K: Hash + Eq,
    {
        if self.policies.len() >= self.most {
            self.policies.retain(|_, policy| Arc::strong_count(policy) > 1 || !policy.is_idle());
            self.most = MOST.max(2 * self.policies.len());
        }
    }
}

/// The key of a call: the target of a reference, or the value itself.
pub struct Key<'k, T>(pub &'k T);

impl<'q, Q: ?Sized> Key<'_, &'q Q> {
    /// The target of the reference.
    #[inline]
    pub fn borrowed(&self) -> &'q Q {
        self.0
    }
}

/// The fallback of a [`Key`] for values that are not references.
pub trait OwnKey<'k, T> {
    /// The value itself.
    fn borrowed(&self) -> &'k T;
}

impl<'k, T> OwnKey<'k, T> for Key<'k, T> {
    #[inline]
    fn borrowed(&self) -> &'k T {
        self.0
    }
}

/// Puts a [`PolicySite`] into the program, and declares it when the program is loaded.
#[doc(hidden)]
#[macro_export]
macro_rules! __policy {
    ($site:ident) => {
        fn festoon_inside() {}
        const _: () = {
            extern "C" fn declare() {
                $site.declare(&festoon_inside);
            }
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs"))]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            #[cfg_attr(not(any(target_vendor = "apple", windows)), unsafe(link_section = ".init_array"))]
            static DECLARE: extern "C" fn() = declare;
        };
    };
}

/// The policies of one kind for a function: a single one, unless several functions share a path.
pub struct Policies<P: 'static> {
    sites: Vec<&'static PolicySite<P>>,
}

impl<P: std::fmt::Debug> std::fmt::Debug for Policies<P> {
    /// Shows the figures of the policy for all calls.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.sites.iter().map(|site| &site.policy)).finish()
    }
}

impl<P: OfFunction> Policies<P> {
    /// The policies of the function with this name.
    ///
    /// # Panics
    /// If it has none.
    pub(crate) fn of_function(name: &'static str, decorator: &str) -> Self {
        let sites: Vec<_> = declared_paths(name).iter().flat_map(|path| P::sites().get_all(path)).collect();
        assert!(
            !sites.is_empty(),
            "festoon: `{}` is not `#[{decorator}]`: put the attribute on the function, or remove the handle",
            function_of(name)
        );
        Policies { sites }
    }

    /// Those of every function that has some, by path.
    pub(crate) fn all() -> BTreeMap<String, Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for (name, site) in P::sites().all() {
            all.entry(name).or_insert_with(|| Policies { sites: Vec::new() }).sites.push(site);
        }
        all
    }

    /// Returns the policy for calls with this key, if there has been one.
    pub fn key<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        Q: ToOwned<Owned: Hash + Eq + Send + Sync + 'static> + Hash + Eq + ?Sized,
    {
        self.sites.iter().find_map(|site| site.known(key))
    }

    /// Visits the policy for all calls, and those for each key.
    pub(crate) fn each(&self, mut visit: impl FnMut(&P)) {
        for site in &self.sites {
            visit(&site.policy);
            site.each(&mut visit);
        }
    }

    /// The sum over all of them.
    pub(crate) fn sum(&self, of: impl Fn(&P) -> u64) -> u64 {
        let mut sum = 0;
        self.each(|policy| sum += of(policy));
        sum
    }

    /// The value of the policy for all calls; for several functions, the largest one.
    pub(crate) fn most<T: Ord>(&self, of: impl Fn(&P) -> T) -> T {
        let all = self.sites.iter().map(|site| of(&site.policy));
        all.max().unwrap_or_else(|| unreachable!("festoon: policies of no function"))
    }
}
