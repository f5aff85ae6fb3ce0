//! The bytes of an entry: its format, a checksum, who wrote it, the key that it belongs to, and the value.
//!
//! | bytes | what |
//! |---|---|
//! | 2 | `f`, and the format version |
//! | 8 | XXH3 of everything that follows |
//! | 8 | the mark of the application |
//! | 4 | the length of the key |
//! | | the key, the value |
//!
//! Numbers are little endian. The key is included because entries are found by its hash: two keys may share one.

use xxhash_rust::xxh3::xxh3_64;

const FORMAT: [u8; 2] = [b'f', 2];
const CHECKED: usize = FORMAT.len() + size_of::<u64>();
const HEADER: usize = CHECKED + size_of::<u64>() + size_of::<u32>();

/// The contents of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opened<'e> {
    /// Who wrote it.
    pub(super) mark: u64,
    pub(super) value: &'e [u8],
}

/// *Input:* a mark, a key and a value. *Output:* the entry.
pub(super) fn seal(mark: u64, key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut entry = Vec::with_capacity(HEADER + key.len() + value.len());
    entry.extend(FORMAT);
    entry.extend([0; size_of::<u64>()]);
    entry.extend(mark.to_le_bytes());
    entry.extend(u32::try_from(key.len()).unwrap_or(u32::MAX).to_le_bytes());
    entry.extend(key);
    entry.extend(value);
    let sum = xxh3_64(&entry[CHECKED..]).to_le_bytes();
    entry[FORMAT.len()..CHECKED].copy_from_slice(&sum);
    entry
}

/// *Input:* an entry. *Output:* its value, if it is intact and belongs to this key.
pub(super) fn open<'e>(entry: &'e [u8], key: &[u8]) -> Option<Opened<'e>> {
    let (sum, checked) = entry.strip_prefix(&FORMAT)?.split_first_chunk()?;
    if u64::from_le_bytes(*sum) != xxh3_64(checked) {
        return None;
    }
    let (mark, rest) = checked.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (owner, value) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (owner == key).then_some(Opened { mark: u64::from_le_bytes(*mark), value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_found_under_its_key_alone() {
        let entry = seal(7, b"key", b"value");
        assert_eq!(open(&entry, b"key"), Some(Opened { mark: 7, value: b"value" }));
        assert_eq!((open(&entry, b"kez"), open(&entry, b"keyv"), open(&entry, b"")), (None, None, None));
        assert_eq!(open(&seal(u64::MAX, b"", b""), b""), Some(Opened { mark: u64::MAX, value: b"" }));
    }

    #[test]
    fn no_damage_goes_unseen() {
        let entry = seal(7, b"key", b"value");
        for length in 0..entry.len() {
            assert_eq!(open(&entry[..length], b"key"), None, "cut at {length}");
        }
        for bit in 0..entry.len() * 8 {
            let mut damaged = entry.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&damaged, b"key"), None, "bit {bit}");
        }
    }

    #[test]
    fn the_format_stays_as_it_is() {
        let entry = seal(0x0102, &[1, 2], &[3]);
        assert_eq!(&entry[..2], b"f\x02");
        assert_eq!(&entry[10..], [2, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3]);
    }
}
