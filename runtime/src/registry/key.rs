//! The keys of a registry: names, or values of another type.

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

/// The type of a registry's keys: `str`, or the type in `#[registry(key = u16)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a registry",
    label = "it needs `Debug`, `Eq`, `Hash` and `Ord`, and to be `Send`, `Sync` and `'static`",
    note = "derive them: `#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]`"
)]
pub trait Key: Eq + Ord + Send + Sync + 'static {
    #[doc(hidden)]
    fn digest(&self) -> u64;
    #[doc(hidden)]
    fn text(&self) -> Cow<'_, str>;
    /// The name, if the key is one.
    #[doc(hidden)]
    fn name(&self) -> Option<&str> {
        None
    }
    /// Whether they are equal except for the case of ASCII letters.
    #[doc(hidden)]
    fn is_alike(&self, other: &Self) -> bool {
        self == other
    }
    /// The digest that all such keys share.
    #[doc(hidden)]
    fn digest_alike(&self) -> u64 {
        self.digest()
    }
}

#[diagnostic::do_not_recommend]
impl<K: Debug + Eq + Hash + Ord + Send + Sync + 'static> Key for K {
    #[inline]
    fn digest(&self) -> u64 {
        FixedState::with_seed(SEEDS[0]).hash_one(self)
    }

    fn text(&self) -> Cow<'_, str> {
        format!("{self:?}").into()
    }
}

impl Key for str {
    #[inline]
    fn digest(&self) -> u64 {
        digest(self)
    }

    fn text(&self) -> Cow<'_, str> {
        self.into()
    }

    fn name(&self) -> Option<&str> {
        Some(self)
    }

    #[inline]
    fn is_alike(&self, other: &Self) -> bool {
        self.eq_ignore_ascii_case(other)
    }

    fn digest_alike(&self) -> u64 {
        digest(&self.to_ascii_lowercase())
    }
}

const SEEDS: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];

/// The hash of a name, which is known at compile time for a registered one. The program itself chooses what is in a
/// table, so no seed is needed against names that were chosen to collide.
#[must_use]
#[inline]
pub const fn digest(name: &str) -> u64 {
    let mut bytes = name.as_bytes();
    let len = bytes.len() as u64;
    // Spread, so that it does not cancel out against a byte.
    let mut state = SEEDS[0] ^ len.wrapping_mul(SEEDS[1] | 1);
    while bytes.len() > 16 {
        state = folded(word(bytes, 0) ^ state, word(bytes, 8) ^ SEEDS[1]);
        bytes = bytes.split_at(16).1;
    }
    let (low, high) = ends(bytes);
    folded(low ^ state, high ^ SEEDS[1])
}

/// Up to 16 bytes, as two words that may overlap.
#[inline]
const fn ends(bytes: &[u8]) -> (u64, u64) {
    match bytes.len() {
        8.. => (word(bytes, 0), word(bytes, bytes.len() - 8)),
        4.. => (half(bytes, 0), half(bytes, bytes.len() - 4)),
        0 => (0, 0),
        len => (bytes[0] as u64, (bytes[len / 2] as u64) << 8 | bytes[len - 1] as u64),
    }
}

#[inline]
const fn word(bytes: &[u8], at: usize) -> u64 {
    match bytes.split_at(at).1.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

#[inline]
const fn half(bytes: &[u8], at: usize) -> u64 {
    match bytes.split_at(at).1.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes) as u64,
        None => 0,
    }
}

/// Both halves of the product: each bit of the result depends on all bits of both.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "one half, and then the other")]
const fn folded(left: u64, right: u64) -> u64 {
    let product = left as u128 * right as u128;
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn all_of_a_name_counts() {
        let mut seen = HashSet::new();
        for len in 0..40 {
            assert!(seen.insert(digest(&"a".repeat(len))), "{len}");
            for at in 0..len {
                let mut name = vec![b'a'; len];
                name[at] = b'b';
                assert!(seen.insert(digest(std::str::from_utf8(&name).unwrap())), "{at} of {len}");
            }
        }
    }

    #[test]
    fn digests_spread_over_the_places_of_a_table() {
        let mut places = [0; 64];
        let mut tags = [0; 128];
        for number in 0..6400 {
            let digest = digest(&format!("codec-{number:04}"));
            places[(digest % 64) as usize] += 1;
            tags[(digest >> 57) as usize] += 1;
        }
        assert!(places.iter().all(|count| (50..160).contains(count)), "{places:?}");
        assert!(tags.iter().all(|count| (15..100).contains(count)), "{tags:?}");
    }
}
