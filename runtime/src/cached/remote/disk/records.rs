//! The tables of a file, inside a transaction.
//!
//! `entries` maps a name to the time of expiry and of writing, the position in the order of arrival, a checksum of
//! these and of the entry, and the entry; `order` maps positions to names, so that the oldest entries can be removed;
//! `totals` has the number of bytes, the next position, and the time of the last transaction.

use redb::{
    Database, Error, ReadableDatabase, ReadableTable, StorageError, Table, TableDefinition, TableError,
    WriteTransaction,
};
use xxhash_rust::xxh3::Xxh3;

use super::writer::Write;
use crate::cached::remote::error::{StoreError, StoreErrorKind};

pub(super) const ENTRIES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("entries");
const ORDER: TableDefinition<'_, u64, &str> = TableDefinition::new("order");
const TOTALS: TableDefinition<'_, &str, u64> = TableDefinition::new("totals");

/// Expiry, time of writing, position, checksum.
const HEADER: usize = 4 * size_of::<u64>();

/// An entry as stored in the file.
pub(super) struct Record<'r> {
    /// The time of day at which it expires, in milliseconds.
    pub(super) until: u64,
    pub(super) written: u64,
    place: u64,
    pub(super) entry: &'r [u8],
}

impl<'r> Record<'r> {
    /// `None` if it is damaged.
    pub(super) fn read(bytes: &'r [u8]) -> Option<Self> {
        let (until, rest) = bytes.split_first_chunk()?;
        let (written, rest) = rest.split_first_chunk()?;
        let (place, rest) = rest.split_first_chunk()?;
        let (sum, entry) = rest.split_first_chunk()?;
        let [until, written, place] = [until, written, place].map(|number| u64::from_le_bytes(*number));
        let record = Record { until, written, place, entry };
        (record.sum() == u64::from_le_bytes(*sum)).then_some(record)
    }

    fn write(&self) -> Vec<u8> {
        let header = [self.until, self.written, self.place, self.sum()];
        header.iter().flat_map(|number| number.to_le_bytes()).chain(self.entry.iter().copied()).collect()
    }

    fn sum(&self) -> u64 {
        let mut sum = Xxh3::new();
        sum.update(&self.until.to_le_bytes());
        sum.update(&self.written.to_le_bytes());
        sum.update(&self.place.to_le_bytes());
        sum.update(self.entry);
        sum.digest()
    }
}

/// The time of the last transaction.
pub(super) fn written(database: &Database) -> Result<u64, Error> {
    match database.begin_read()?.open_table(TOTALS) {
        Err(TableError::TableDoesNotExist(_)) => Ok(0),
        totals => Ok(totals?.get("time")?.map_or(0, |time| time.value())),
    }
}

/// The tables, and the totals that are written at the end.
pub(super) struct Records<'t> {
    entries: Table<'t, &'static str, &'static [u8]>,
    order: Table<'t, u64, &'static str>,
    totals: Table<'t, &'static str, u64>,
    size: u64,
    next: u64,
    max_size: u64,
}

impl<'t> Records<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction, max_size: u64) -> Result<Self, TableError> {
        let (entries, order) = (transaction.open_table(ENTRIES)?, transaction.open_table(ORDER)?);
        let totals = transaction.open_table(TOTALS)?;
        let total = |name: &str| Ok::<_, StorageError>(totals.get(name)?.map_or(0, |total| total.value()));
        let (size, next) = (total("size")?, total("next")?);
        Ok(Records { entries, order, totals, size, next, max_size })
    }

    /// Ends at this time of day.
    pub(super) fn close(mut self, now: u64) -> Result<(), StorageError> {
        self.totals.insert("time", now)?;
        self.totals.insert("size", self.size)?;
        self.totals.insert("next", self.next)?;
        Ok(())
    }

    /// Was there an entry? If an entry cannot be stored, only this change fails.
    pub(super) fn apply(&mut self, write: &Write) -> Result<Result<bool, StoreError>, StorageError> {
        match write {
            Write::Put { name, entry, written, until } => return self.put(name, entry, *written, *until),
            Write::Remove { name } => self.remove(name),
            Write::Discard { name, entry } => {
                let there = self.entries.get(name.as_str())?;
                let is_it = there.is_some_and(|bytes| {
                    let record = Record::read(bytes.value());
                    record.is_none_or(|record| record.entry == entry.as_slice())
                });
                if is_it { self.remove(name) } else { Ok(false) }
            }
            Write::Clear { prefix } => self.clear(prefix),
        }
        .map(Ok)
    }

    fn put(
        &mut self,
        name: &str,
        entry: &[u8],
        written: u64,
        until: u64,
    ) -> Result<Result<bool, StoreError>, StorageError> {
        let size = cost(name, HEADER + entry.len());
        if size > self.max_size {
            let detail = format!("an entry of {size} bytes is larger than `max_size`");
            return Ok(Err(StoreError::new(StoreErrorKind::Refused, detail)));
        }
        let was = self.remove(name)?;
        let place = self.next;
        self.next += 1;
        self.entries.insert(name, Record { until, written, place, entry }.write().as_slice())?;
        self.order.insert(place, name)?;
        self.size += size;
        while self.size > self.max_size && self.drop_oldest()? {}
        Ok(Ok(was))
    }

    /// Returns whether there was one.
    fn drop_oldest(&mut self) -> Result<bool, StorageError> {
        let oldest = self.order.pop_first()?.map(|(_, name)| name.value().to_owned());
        let Some(name) = oldest else { return Ok(false) };
        self.remove(&name)?;
        Ok(true)
    }

    fn remove(&mut self, name: &str) -> Result<bool, StorageError> {
        let Some(bytes) = self.entries.remove(name)? else { return Ok(false) };
        let place = Record::read(bytes.value()).map(|record| record.place);
        self.size = self.size.saturating_sub(cost(name, bytes.value().len()));
        drop(bytes);
        if let Some(place) = place {
            self.order.remove(place)?;
        }
        Ok(true)
    }

    fn clear(&mut self, prefix: &str) -> Result<bool, StorageError> {
        let mut names = Vec::new();
        for entry in self.entries.range(prefix..)? {
            let (name, _) = entry?;
            if !name.value().starts_with(prefix) {
                break;
            }
            names.push(name.value().to_owned());
        }
        for name in &names {
            self.remove(name)?;
        }
        Ok(!names.is_empty())
    }
}

fn cost(name: &str, record: usize) -> u64 {
    (name.len() + record) as u64
}
