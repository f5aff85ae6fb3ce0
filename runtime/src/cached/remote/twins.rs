//! Functions with the same name: blocks, and macros that are called twice, make several. Each has its own entries.

use std::collections::HashMap;
use std::sync::Mutex;

use xxhash_rust::xxh3::xxh3_64;

use crate::site::{Place, cached_places};
use crate::sync::lock;

/// What distinguishes a function from others with its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Twins {
    /// There are no others.
    None,
    /// Its place in the source.
    Apart(u64),
    /// Nothing: they are on one line.
    Same,
}

pub(super) fn of(function: &str, place: Place) -> Twins {
    among(&cached_places(function), place)
}

/// The place in the source becomes part of its name only if necessary, since moving a function would lose its entries;
/// so does the version of its crate.
fn among(places: &[Place], place: Place) -> Twins {
    let alike = places.iter().filter(|other| unversioned(**other) == unversioned(place)).count();
    match places.iter().filter(|other| **other == place).count() {
        _ if places.len() < 2 => Twins::None,
        2.. => Twins::Same,
        _ => Twins::Apart(hash(if alike > 1 { place } else { unversioned(place) })),
    }
}

fn unversioned(place: Place) -> Place {
    Place { version: None, ..place }
}

fn hash(place: Place) -> u64 {
    xxh3_64(place.to_string().as_bytes())
}

/// The first function in this process that uses these names owns them; no other one may use them. Methods are not known
/// before they are called.
pub(super) fn is_first(prefix: &str, place: Place) -> bool {
    static OWNERS: Mutex<Option<HashMap<String, Place>>> = Mutex::new(None);
    *lock(&OWNERS).get_or_insert_default().entry(prefix.to_owned()).or_insert(place) == place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_stands_counts_where_there_are_several() {
        let [one, two, three] =
            [("a.rs", 1), ("a.rs", 2), ("b.rs", 1)].map(|(file, line)| Place::new(file, line, 1, None));
        assert_eq!((among(&[], one), among(&[one], one)), (Twins::None, Twins::None));
        let all = [one, two, three, three];
        let (Twins::Apart(first), Twins::Apart(second)) = (among(&all, one), among(&all, two)) else { panic!() };
        assert_ne!(first, second);
        assert_eq!(among(&all, three), Twins::Same);
        assert!(is_first("twins:", one) && is_first("twins:", one) && !is_first("twins:", two));
    }

    #[test]
    fn versions_of_a_crate_are_told_apart_and_nothing_more_is_said_than_has_to_be() {
        let of = |line, version| Place::new("a.rs", line, 1, Some(version));
        let apart = |all: &[Place], place| if let Twins::Apart(mark) = among(all, place) { mark } else { panic!() };
        let (old, new) = (of(1, "0.1.0"), of(1, "0.2.0"));
        assert_ne!(apart(&[old, new], old), apart(&[old, new], new));
        let (before, after) = ([old, of(2, "0.1.0")], [new, of(2, "0.2.0")]);
        assert_eq!(apart(&before, old), apart(&after, new), "a release loses no entries");
    }
}
