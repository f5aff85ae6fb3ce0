//! The typed part of a function's store, kept thin: it only encodes and decodes.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use super::backend::{Caller, How};
use super::codec::{Codec, Stored};
use super::entries::{Asked, Remote, Written};
use super::error::StoreError;
use super::follow::Follower;
use super::lease::Lease;
use super::store::Shared;
use crate::cached::handle::tiers::AnyLink;
use crate::cached::scope::process::CacheSite;
use crate::cached::stats::Stats;
use crate::cached::value::entry::AnyValue;
use crate::sync::block_on;

/// The connection between a cache and its store outside of the process.
pub(in crate::cached) struct Link<K, V> {
    codec: Codec<K, V>,
    remote: Remote,
}

/// Where to write a value, and the right to do so.
pub(super) struct Place {
    key: Vec<u8>,
    lease: Lease,
    replaces: bool,
}

/// The store's reply to a call.
pub(super) enum Lookup<V> {
    /// The value, and how many ticks it lives from now on.
    Found(V, u64),
    /// Nothing: the body has to run, and its value may be written to the store.
    Run(Option<Place>),
}

impl<K, V> Link<K, V> {
    pub(super) fn new(shared: Shared, site: &'static CacheSite, function: &'static str, stats: &'static Stats) -> Self
    where
        K: Stored,
        V: Stored,
    {
        let types = format!("{} -> {}", std::any::type_name::<K>(), std::any::type_name::<V>());
        Link { codec: Codec::NEW, remote: Remote::new(shared, site.place, function, &types, stats) }
    }

    pub(super) fn read_key(&self, key: &[u8]) -> Option<K> {
        (self.codec.read_key)(key)
    }

    /// Lets the copies in memory follow changes by other processes.
    pub(super) fn follow(&self, follower: &'static dyn Follower) {
        self.remote.follow(follower);
    }

    /// A caller whose time starts now.
    pub(super) fn caller(&self, how: How) -> Caller {
        self.remote.caller(how)
    }

    /// Queries the store for a call that leads in this process.
    pub(super) async fn ask(&self, caller: &mut Caller, key: &K) -> Result<Lookup<V>, StoreError> {
        let key = (self.codec.key)(key)?;
        Ok(match self.remote.ask(caller, &key, self.codec.read).await? {
            Asked::Found(value, longest) => Lookup::Found(value, longest),
            Asked::Run(lease) => Lookup::Run(lease.map(|lease| Place { key, lease, replaces: false })),
        })
    }

    /// The right to write the value of a run that starts now.
    pub(super) async fn seize(&self, caller: &mut Caller, key: &K) -> Result<Place, StoreError> {
        let key = (self.codec.key)(key)?;
        let lease = self.remote.seize(caller, &key).await?;
        Ok(Place { key, lease, replaces: true })
    }

    /// Writes a value. Was it written?
    pub(super) async fn keep(
        &self,
        caller: &mut Caller,
        place: Place,
        value: &V,
        ttl: Option<Duration>,
    ) -> Result<bool, StoreError> {
        let Place { key, lease, replaces } = place;
        let value = (self.codec.value)(value)?;
        self.remote.put(caller, Written { key: &key, value: &value, ttl, lease, replaces }).await
    }

    /// Removes the value that a run was meant to replace, but did not.
    pub(super) async fn discard(&self, caller: &mut Caller, place: Place) -> Result<(), StoreError> {
        if place.replaces { self.remote.discard(caller, &place.key).await } else { Ok(()) }
    }

    /// Inserts a value. Was another one being written at the same time?
    pub(in crate::cached) fn insert(&self, key: &K, value: &V, ttl: Option<Duration>) -> bool {
        let inserted = block_on(async {
            let mut caller = self.caller(How::Blocking);
            let place = self.seize(&mut caller, key).await?;
            self.keep(&mut caller, place, value, ttl).await
        });
        let inserted = self.or_failed(inserted);
        if inserted != Some(true) {
            // The stored value is stale all the same, and the new holder of the lease may end without a value. A
            // failure of the store has been logged above.
            let _ = (self.codec.key)(key).and_then(|key| block_on(self.remote.remove(&key)));
        }
        inserted == Some(false)
    }

    pub(in crate::cached) fn erased(&self) -> &dyn AnyLink
    where
        K: 'static,
        V: Send + Sync + 'static,
    {
        self
    }

    pub(super) fn failed(&self, error: &StoreError) {
        self.remote.failed(error);
    }

    pub(super) fn or_failed<T>(&self, result: Result<T, StoreError>) -> Option<T> {
        result.map_err(|error| self.failed(&error)).ok()
    }
}

impl<K: 'static, V: Send + Sync + 'static> AnyLink for Link<K, V> {
    fn peek(&self, key: &dyn Any) -> Option<AnyValue> {
        let key = (self.codec.key)(key.downcast_ref()?);
        let found = self.or_failed(key.and_then(|key| block_on(self.remote.get(&key))))?;
        Some(Arc::new((self.codec.read)(&found?)?))
    }

    fn remove(&self, key: &dyn Any) -> bool {
        let Some(key) = key.downcast_ref() else { return false };
        let removed = (self.codec.key)(key).and_then(|key| block_on(self.remote.remove(&key)));
        self.or_failed(removed).unwrap_or(false)
    }

    fn clear(&self) {
        self.or_failed(block_on(self.remote.clear()));
    }
}
