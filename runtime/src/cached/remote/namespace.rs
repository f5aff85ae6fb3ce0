//! The names of a function's entries.

use std::time::Duration;

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// `festoon:shop@1:shop::price:3f6c02f1a9b0d7e4:1:`, the prefix of all entries of one function: its application, its
/// path, a hash of the types of its key and its value, and its `version`. Entries of other types, or of another
/// version, are never seen.
#[derive(Debug, Clone)]
pub(super) struct Namespace {
    pub(super) prefix: String,
    /// The longest life of an entry that is not needed later.
    pub(super) longest: Option<Duration>,
}

impl Namespace {
    pub(super) fn new(application: &str, function: &str, types: &str, version: u64) -> Self {
        // Redis takes braces as the part of a key that selects its node in a cluster.
        let path: String = format!("{application}:{function}").chars().map(unbraced).collect();
        let prefix = format!("{path}:{:016x}:{version}:", xxh3_64(types.as_bytes()));
        Namespace { prefix, longest: None }
    }

    /// The same for one of several functions of this name.
    pub(super) fn of_one_at(self, place: u64) -> Self {
        Namespace { prefix: format!("{}{place:016x}:", self.prefix), ..self }
    }

    /// The same for a single test, whose caches start empty wherever they are.
    pub(super) fn of_a_test(self) -> Self {
        let prefix = format!("{}{:016x}:", self.prefix, fastrand::u64(..));
        Namespace { prefix, longest: Some(Duration::from_secs(3600)) }
    }

    /// The name of one entry. The braces place everything that belongs to it on the same node of a cluster.
    pub(super) fn name(&self, key: &[u8]) -> String {
        format!("{}{{{:032x}}}", self.prefix, xxh3_128(key))
    }
}

fn unbraced(c: char) -> char {
    match c {
        '{' => '(',
        '}' => ')',
        c if c.is_whitespace() => '_',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changing a name would lose the stored values.
    #[test]
    fn names_stay_as_they_are() {
        let namespace = Namespace::new("festoon:shop@1", "shop::{{closure}}::price<[u8; 2]>", "u8 -> u64", 3);
        assert_eq!(namespace.prefix, "festoon:shop@1:shop::((closure))::price<[u8;_2]>:be7f973dac5c670d:3:");
        assert_eq!(namespace.name(b"tea"), format!("{}{{416671db6892c826b9fbb2c10201d480}}", namespace.prefix));
    }
}
