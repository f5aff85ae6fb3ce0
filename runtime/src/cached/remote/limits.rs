//! Data from outside of the process is checked before it is decoded: a decoder recurses into nested values, and trusts
//! lengths. This walks over `MessagePack` without recursion, and trusts nothing.

/// The maximum depth of nested values.
pub(super) const DEEPEST: usize = 128;

/// The maximum size of a key or a value, in bytes.
pub(super) const LARGEST: usize = 64 << 20;

/// Is this exactly one value, complete, and within the limits? If not, returns the reason.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    if bytes.len() > LARGEST {
        return Err("it is larger than 64 MB");
    }
    let mut rest = bytes;
    // For each open value, how many parts are still to come.
    let mut open = vec![1_u64];
    while let Some(missing) = open.last_mut() {
        if *missing == 0 {
            open.pop();
            continue;
        }
        *missing -= 1;
        let (length, parts) = head(rest).ok_or("it is truncated")?;
        rest = usize::try_from(length).ok().and_then(|length| rest.get(length..)).ok_or("it is truncated")?;
        if parts > rest.len() as u64 {
            return Err("it is truncated");
        }
        if parts > 0 {
            if open.len() > DEEPEST {
                return Err("it is nested more than 128 levels deep");
            }
            open.push(parts);
        }
    }
    if rest.is_empty() { Ok(()) } else { Err("it is followed by other data") }
}

/// *Input:* the start of a value. *Output:* its own number of bytes, and how many parts follow.
fn head(bytes: &[u8]) -> Option<(u64, u64)> {
    let (marker, rest) = bytes.split_first()?;
    let marker = *marker;
    let low = |mask: u8| u64::from(marker & mask);
    let number = |size: usize| {
        let digits = rest.get(..size)?;
        Some(digits.iter().fold(0_u64, |number, digit| number << 8 | u64::from(*digit)))
    };
    // A marker, a length of that many bytes, and that much content.
    let counted = |size: usize| Some((1 + size as u64 + number(size)?, 0));
    let holding = |size: usize, parts: u64| Some((1 + size as u64, number(size)? * parts));
    match marker {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => Some((1, 0)),
        0x80..=0x8f => Some((1, 2 * low(0x0f))),
        0x90..=0x9f => Some((1, low(0x0f))),
        0xa0..=0xbf => Some((1 + low(0x1f), 0)),
        0xc1 => None,
        0xc4 | 0xd9 => counted(1),
        0xc5 | 0xda => counted(2),
        0xc6 | 0xdb => counted(4),
        0xc7 => counted(1).map(|(length, parts)| (length + 1, parts)),
        0xc8 => counted(2).map(|(length, parts)| (length + 1, parts)),
        0xc9 => counted(4).map(|(length, parts)| (length + 1, parts)),
        0xcc | 0xd0 => Some((2, 0)),
        0xcd | 0xd1 => Some((3, 0)),
        0xca | 0xce | 0xd2 => Some((5, 0)),
        0xcb | 0xcf | 0xd3 => Some((9, 0)),
        0xd4..=0xd8 => Some((2 + (1 << (marker - 0xd4)), 0)),
        0xdc => holding(2, 1),
        0xdd => holding(4, 1),
        0xde => holding(2, 2),
        0xdf => holding(4, 2),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize)]
    enum Nested {
        End,
        One(Box<Nested>),
        Two { left: Box<Nested>, right: Vec<Nested> },
    }

    fn nested(depth: usize) -> Nested {
        (0..depth).fold(Nested::End, |inner, n| match n % 2 {
            0 => Nested::One(Box::new(inner)),
            _ => Nested::Two { left: Box::new(Nested::End), right: vec![inner] },
        })
    }

    fn bytes_of(value: &impl Serialize) -> Vec<u8> {
        rmp_serde::to_vec_named(value).unwrap()
    }

    #[test]
    fn what_is_written_is_within_the_limits() {
        let long = "x".repeat(70_000);
        let map: BTreeMap<u32, Vec<i64>> = (0..70_000).map(|n| (n, vec![-i64::from(n); (n % 20) as usize])).collect();
        let values = [
            bytes_of(&(1_u8, -1_i8, u64::MAX, i64::MIN, 300_u16, -300_i16, 70_000_u32, 1.5_f32, 2.5_f64)),
            bytes_of(&(Some(()), None::<u8>, true, 'x', "", "text", "x".repeat(40), "x".repeat(300), &long)),
            bytes_of(&(map, [0_u8; 20], vec![(); 70_000], long.as_bytes())),
            bytes_of(&nested(60)),
        ];
        for value in values {
            assert_eq!(check(&value), Ok(()));
            for cut in (0..value.len()).step_by(1 + value.len() / 500) {
                assert!(check(&value[..cut]).is_err(), "cut at {cut} of {}", value.len());
            }
            assert!(check(&[&value[..], &[0]].concat()).is_err());
        }
    }

    #[test]
    fn depth_lengths_and_counts_are_not_believed() {
        let nested = [b"\x81\xa3One".repeat(20_000), b"\xa3End".to_vec()].concat();
        assert!(check(&nested).is_err());
        let deep = |depth: usize| [vec![0x91; depth], vec![0xc0]].concat();
        assert_eq!((check(&deep(DEEPEST)), check(&deep(DEEPEST + 1)).is_err()), (Ok(()), true));
        // Lengths and counts with nothing behind them.
        for marker in 0xc4..=0xdf_u8 {
            assert!(
                check(&[marker, 0xff, 0xff, 0xff, 0xff]).is_err() || matches!(marker, 0xca | 0xce | 0xd2),
                "{marker:x}"
            );
        }
        assert!(check(&[0xc1]).is_err() && check(&[]).is_err());
        assert!(check(&vec![0; LARGEST + 1]).is_err());
    }

    /// For any bytes that it accepts, the decoder neither overflows a small stack nor requests more memory than there
    /// are bytes.
    #[test]
    fn random_bytes_are_decoded_or_refused() {
        let decode = || {
            let mut random = fastrand::Rng::with_seed(7);
            for _ in 0..20_000 {
                let length = random.usize(..200);
                let bytes: Vec<u8> =
                    (0..length).map(|_| if random.bool() { random.u8(0x80..) } else { random.u8(..) }).collect();
                if check(&bytes).is_ok() {
                    let _ = rmp_serde::from_slice::<Nested>(&bytes);
                    let _ = rmp_serde::from_slice::<BTreeMap<String, Vec<Option<u64>>>>(&bytes);
                }
            }
        };
        std::thread::Builder::new().stack_size(512 << 10).spawn(decode).unwrap().join().unwrap();
    }
}
