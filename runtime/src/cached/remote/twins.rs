//! Functions of one name: blocks, and macros that are called twice, make several. Each has entries of its own.

use std::collections::HashMap;
use std::sync::Mutex;

use xxhash_rust::xxh3::xxh3_64;

use crate::cached::handle::probe::{self, Place};
use crate::sync::lock;

/// What tells a function from others of its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Twins {
    /// There is no other one.
    None,
    /// Where it stands.
    Apart(u64),
    /// Nothing: they come from one line.
    Same,
}

pub(super) fn of(function: &str, place: Option<Place>) -> Twins {
    place.map_or(Twins::None, |place| among(&probe::places(function), place))
}

/// Where it stands is a part of its name only if it has to be: moving a function would lose its entries.
fn among(places: &[Place], place: Place) -> Twins {
    match places.iter().filter(|other| **other == place).count() {
        _ if places.len() < 2 => Twins::None,
        2.. => Twins::Same,
        _ => {
            let (file, line, column) = place;
            Twins::Apart(xxh3_64(format!("{file}:{line}:{column}").as_bytes()))
        }
    }
}

/// The first function of this process to use these names has them; no other one may. Methods are not known before they are
/// called.
pub(super) fn is_first(prefix: &str, place: Option<Place>) -> bool {
    static OWNERS: Mutex<Option<HashMap<String, Place>>> = Mutex::new(None);
    let Some(place) = place else { return true };
    *lock(&OWNERS).get_or_insert_default().entry(prefix.to_owned()).or_insert(place) == place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_stands_counts_where_there_are_several() {
        let (one, two, three) = (("a.rs", 1, 1), ("a.rs", 2, 1), ("b.rs", 1, 1));
        assert_eq!((among(&[], one), among(&[one], one)), (Twins::None, Twins::None));
        let all = [one, two, three, three];
        let (Twins::Apart(first), Twins::Apart(second)) = (among(&all, one), among(&all, two)) else { panic!() };
        assert_ne!(first, second);
        assert_eq!(among(&all, three), Twins::Same);
        assert!(is_first("twins:", Some(one)) && is_first("twins:", Some(one)) && !is_first("twins:", Some(two)));
    }
}
