//! Durations in human-readable form.

use std::time::Duration;

/// Three digits and a unit: `12.3ms`; `-` for zero.
pub(super) fn short(length: Duration) -> String {
    let nanos = length.as_nanos();
    let (scale, unit) = match nanos {
        0 => return "-".to_owned(),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let (whole, hundredths) = (nanos / scale, nanos % scale * 100 / scale);
    match (whole, scale) {
        (_, 1) | (100.., _) => format!("{whole}{unit}"),
        (10.., _) => format!("{whole}.{}{unit}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02}{unit}"),
    }
}

/// The same for bytes: `1.20kB`.
#[cfg(feature = "report")]
pub(super) fn short_bytes(bytes: u64) -> String {
    let (scale, unit) = match bytes {
        0..1_000 => return format!("{bytes}B"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        1_000_000_000..1_000_000_000_000 => (1_000_000_000, "GB"),
        _ => (1_000_000_000_000, "TB"),
    };
    let (whole, hundredths) = (bytes / scale, bytes % scale / (scale / 100));
    match whole {
        100.. => format!("{whole}{unit}"),
        10.. => format!("{whole}.{}{unit}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_three_digits() {
        let text = |nanos| short(Duration::from_nanos(nanos));
        assert_eq!([text(0), text(7), text(999)], ["-", "7ns", "999ns"]);
        assert_eq!([text(1_000), text(12_345), text(999_999)], ["1.00µs", "12.3µs", "999µs"]);
        #[cfg(feature = "report")]
        assert_eq!(
            [0, 999, 1_000, 12_345, 999_999, 1_500_000, u64::MAX].map(short_bytes),
            ["0B", "999B", "1.00kB", "12.3kB", "999kB", "1.50MB", "18446744TB"]
        );
        assert_eq!([text(1_500_000), text(61_000_000_000)], ["1.50ms", "61.0s"]);
    }
}
