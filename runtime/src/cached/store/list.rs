//! Values in the order of their use, found by their keys: places in a `Vec`, linked by index, and a table of the
//! indices. A place stores its hash, so that the only user code that runs is `Eq`, and that before anything changes.

use hashbrown::HashTable;

use crate::cached::key::Finds;
use crate::cached::removal::Removal;
use crate::cached::value::entry::Entry;

/// See the module.
pub(super) struct List<K, E> {
    table: HashTable<u32>,
    places: Vec<Place<K, E>>,
    /// Places without a value.
    free: Vec<u32>,
    /// The least recently used place, and the most recently used one.
    ends: Option<(u32, u32)>,
    weight: u64,
    /// The maximum total weight.
    room: u64,
}

struct Place<K, E> {
    hash: u64,
    value: Option<(K, E)>,
    before: Option<u32>,
    behind: Option<u32>,
}

impl<K: Eq, E: Entry> List<K, E> {
    pub(super) fn new(room: u64) -> Self {
        List { table: HashTable::new(), places: Vec::new(), free: Vec::new(), ends: None, weight: 0, room }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    pub(super) fn find<Q: Finds<K>>(&self, hash: u64, by: &Q) -> Option<u32> {
        let is_it = |at: &u32| {
            let place = &self.places[*at as usize];
            place.hash == hash && place.value.as_ref().is_some_and(|(key, _)| by.finds(key))
        };
        self.table.find(hash, is_it).copied()
    }

    pub(super) fn entry(&self, at: u32) -> Option<&E> {
        self.places[at as usize].value.as_ref().map(|(_, entry)| entry)
    }

    /// Makes it the most recently used one.
    pub(super) fn touch(&mut self, at: u32) {
        if self.ends.is_some_and(|(_, last)| last != at) {
            self.unlink(at);
            self.link(at);
        }
    }

    pub(super) fn take(&mut self, at: u32) -> Option<(K, E)> {
        self.unlink(at);
        let place = &mut self.places[at as usize];
        let value = place.value.take();
        if let Ok(there) = self.table.find_entry(place.hash, |other| *other == at) {
            there.remove();
        }
        self.free.push(at);
        self.weight -= value.as_ref().map_or(0, |(_, entry)| entry.weight());
        value
    }

    /// Inserts a value whose key is not there, and evicts values to make room. If it is too heavy, it is not inserted.
    pub(super) fn put(&mut self, hash: u64, key: K, entry: E, gone: &mut Vec<(K, E, Removal)>) -> Result<(), (K, E)> {
        let weight = entry.weight();
        if weight > self.room {
            return Err((key, entry));
        }
        while self.room - self.weight < weight {
            let Some((first, _)) = self.ends else { break };
            gone.extend(self.take(first).map(|(key, entry)| (key, entry, Removal::Evicted)));
        }
        self.weight += weight;
        let place = Place { hash, value: Some((key, entry)), before: None, behind: None };
        let at = self.put_in_place(place);
        let places = &self.places;
        self.table.insert_unique(hash, at, |at| places[*at as usize].hash);
        self.link(at);
        Ok(())
    }

    fn put_in_place(&mut self, place: Place<K, E>) -> u32 {
        if let Some(at) = self.free.pop() {
            self.places[at as usize] = place;
            return at;
        }
        self.places.push(place);
        u32::try_from(self.places.len() - 1).unwrap_or_else(|_| unreachable!("they would need more than 100 GB"))
    }

    /// Removes all values for which `is_due` is true.
    pub(super) fn take_all(&mut self, is_due: impl Fn(&E) -> bool) -> Vec<(K, E)> {
        let numbers = 0..u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let due: Vec<u32> = numbers.filter(|at| self.entry(*at).is_some_and(&is_due)).collect();
        due.into_iter().filter_map(|at| self.take(at)).collect()
    }

    fn link(&mut self, at: u32) {
        let last = self.ends.map(|(_, last)| last);
        if let Some(last) = last {
            self.places[last as usize].behind = Some(at);
        }
        (self.places[at as usize].before, self.places[at as usize].behind) = (last, None);
        self.ends = Some((self.ends.map_or(at, |(first, _)| first), at));
    }

    fn unlink(&mut self, at: u32) {
        let Place { before, behind, .. } = self.places[at as usize];
        if let Some(before) = before {
            self.places[before as usize].behind = behind;
        }
        if let Some(behind) = behind {
            self.places[behind as usize].before = before;
        }
        self.ends = self.ends.and_then(|(first, last)| {
            let first = if first == at { behind? } else { first };
            Some((first, if last == at { before? } else { last }))
        });
    }
}
