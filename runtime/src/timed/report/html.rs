//! The report as a single HTML page that needs no network access.

use std::fmt::Write;
use std::time::Duration;

use super::columns::{Column, Value};
use super::{Bucket, Report, Row};
use crate::timed::short::short;

/// The page around the table: styles for light and dark, and the sorting.
const PAGE: &str = include_str!("page.html");

/// Bars in one chart; each is a range of the logarithm of the latency.
const BARS: usize = 64;
/// The width of a bar, of which one unit is left free, and of the chart.
const STEP: usize = 4;
const WIDTH: usize = BARS * STEP;
const HEIGHT: usize = 32;

impl Report {
    /// Returns a single HTML page that needs no network access: a table that you search, and sort by clicking on a title; a
    /// chart of each function's latencies, in light and dark colours; and a flame graph, if
    /// [`record_tree`](crate::timing::record_tree) was enabled.
    ///
    /// All charts have the same logarithmic axis, so that you can compare them; a bar shows its range and count when
    /// the pointer is on it. `timing.html#sort=calls` opens the page sorted by that column, `#sort=calls,up` with the
    /// smallest first.
    #[must_use]
    pub fn to_html(&self) -> String {
        self.page("", "")
    }

    /// The same as a page of a running program: it renews itself, and lists the calls that are running.
    #[cfg(feature = "serve")]
    pub(in crate::timed) fn to_live_html(&self, running: &str) -> String {
        self.page(running, include_str!("live.html"))
    }

    fn page(&self, running: &str, live: &str) -> String {
        let (columns, axis) = (self.columns(), Axis::of(&self.rows));
        let mut head: Vec<String> = columns.iter().map(|column| title(column)).collect();
        head.insert(1, format!("<th scope=\"col\">latency{}</th>", axis.labels()));
        let rows: String = self.rows.iter().map(|row| html_row(row, &columns, &axis)).collect();
        let page = PAGE.replace("{{summary}}", &self.summary()).replace("{{head}}", &head.concat());
        let page = page.replace("{{live}}", live).replace("{{running}}", running);
        let page = page.replace("{{watched}}", &self.watched.to_html());
        page.replace("{{tree}}", &self.tree.to_flame_graph()).replace("{{rows}}", &rows)
    }

    fn summary(&self) -> String {
        let calls: u64 = self.rows.iter().map(|row| row.outcomes.total()).sum();
        let (functions, plural) = (self.rows.len(), if self.rows.len() == 1 { "" } else { "s" });
        format!(
            "{functions} function{plural}, {calls} calls. Latencies are those of successful calls, known to 1.6&nbsp;%."
        )
    }
}

fn title(column: &Column) -> String {
    let Column { title, help, .. } = column;
    let sorted = if *title == "total" { " aria-sort=\"descending\"" } else { "" };
    format!("<th scope=\"col\"{sorted}><button title=\"{help}\">{title}</button></th>")
}

fn html_row(row: &Row, columns: &[&Column], axis: &Axis) -> String {
    let mut cells: Vec<String> = columns.iter().map(|column| cell(&(column.value)(row))).collect();
    cells.insert(1, format!("<td>{}</td>", picture(&row.histogram, axis)));
    format!("<tr>{}</tr>\n", cells.concat())
}

/// The text of a cell, and its sort key.
fn cell(value: &Value) -> String {
    let text = escaped(&value.to_string());
    let number = match value {
        // A long name breaks between its parts.
        Value::Name(_) => return format!("<td>{}</td>", text.replace("::", "::<wbr>")),
        Value::Nothing => 0,
        Value::Count(count) | Value::Bad(count) | Value::Percent(count) | Value::Bytes(count) => u128::from(*count),
        Value::Time(length) => length.as_nanos(),
    };
    let class = match value {
        _ if text == "-" => " class=\"none\"",
        Value::Bad(_) => " class=\"bad\"",
        _ => "",
    };
    format!("<td{class} data-value=\"{number}\">{text}</td>")
}

/// From the shortest latency of all functions to the longest, as logarithms.
struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn of(rows: &[Row]) -> Self {
        let buckets = || rows.iter().flat_map(|row| &row.histogram);
        let from = buckets().map(|bucket| bucket.from).min().unwrap_or_default();
        let to = buckets().map(|bucket| bucket.to).max().unwrap_or_default();
        Axis { from: log(from), to: log(to) }
    }

    /// The position of a duration on the axis, `0.0..=1.0`.
    fn share(&self, length: f64) -> f64 {
        ((length - self.from) / (self.to - self.from).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    /// The powers of ten on it, with their positions.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "pixels")]
    fn tens(&self) -> Vec<(Duration, usize)> {
        let tens = (0..=12).map(|power| Duration::from_nanos(10_u64.pow(power)));
        let inside = tens.filter(|ten| (self.from..=self.to).contains(&log(*ten)));
        inside.map(|ten| (ten, (self.share(log(ten)) * WIDTH as f64) as usize)).collect()
    }

    /// Labels for the powers of a thousand, or for all powers of ten if there are few.
    fn labels(&self) -> String {
        let tens = self.tens();
        let is_named = |ten: &Duration| tens.len() <= 6 || ten.as_nanos().ilog10().is_multiple_of(3);
        let named = tens.iter().filter(|(ten, _)| is_named(ten));
        let labels = named.map(|(ten, x)| format!("<text x=\"{x}\" y=\"11\">{}</text>", round(*ten)));
        format!("<svg class=\"axis\" width=\"{WIDTH}\" height=\"14\">{}</svg>", labels.collect::<String>())
    }
}

/// *Input:* ten milliseconds. *Output:* `10ms`, without the digits of [`short`].
fn round(ten: Duration) -> String {
    short(ten).replace(".00", "").replace(".0", "")
}

/// A bar for each range of latencies.
fn picture(histogram: &[Bucket], axis: &Axis) -> String {
    let (Some(first), Some(last)) = (histogram.first(), histogram.last()) else { return String::new() };
    let label = format!("{} to {}", short(first.from), short(last.to));
    let line = |(_, x): (Duration, usize)| format!("<line x1=\"{x}\" y1=\"0\" x2=\"{x}\" y2=\"{HEIGHT}\"/>");
    let lines = axis.tens().into_iter().map(line).collect::<Vec<_>>().concat();
    let bars = bars(histogram, axis);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\">{lines}\
         <line x1=\"0\" y1=\"{HEIGHT}\" x2=\"{WIDTH}\" y2=\"{HEIGHT}\"/>"
    );
    for (at, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.count > 0) {
        // At least two pixels, so that a few slow calls are visible next to many fast ones.
        let height = (u128::from(bar.count) * HEIGHT as u128 / u128::from(most)).max(2);
        let (x, y, width) = (at * STEP, HEIGHT as u128 - height, STEP - 1);
        let (from, to, count) = (short(bar.from), short(bar.to), bar.count);
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"><title>{from} to {to}: {count}</title></rect>"
        );
    }
    svg + "</svg>"
}

/// The buckets, merged if they share a bar.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels")]
fn bars(histogram: &[Bucket], axis: &Axis) -> [Bucket; BARS] {
    let mut bars = [Bucket { from: Duration::MAX, to: Duration::ZERO, count: 0 }; BARS];
    for bucket in histogram {
        let share = axis.share(f64::midpoint(log(bucket.from), log(bucket.to)));
        let bar = &mut bars[((share * BARS as f64) as usize).min(BARS - 1)];
        bar.from = bar.from.min(bucket.from);
        bar.to = bar.to.max(bucket.to);
        bar.count += bucket.count;
    }
    bars
}

fn log(length: Duration) -> f64 {
    length.as_secs_f64().max(1e-9).log10()
}

pub(in crate::timed) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn the_page_stands_alone_and_escapes_names() {
        let page = report().to_html();
        assert!(!page.contains("http"), "no network access");
        assert!(page.contains("app::<wbr>&lt;parse&gt;") && !page.contains("<parse>"));
        assert_eq!((page.matches("<svg role").count(), page.matches("{{").count()), (2, 0));
    }

    #[test]
    fn bars_are_as_high_as_their_counts_and_say_them() {
        let page = report().to_html();
        assert!(page.contains("height=\"32\"><title>1.00ms to 2.00ms: 1</title>"), "{page}");
        assert!(page.contains("aria-label=\"1.00ms to 3.10ms\""), "{page}");
    }

    #[test]
    fn columns_without_news_are_left_out() {
        let page = report().to_html();
        assert!(page.contains(">err</button>") && !page.contains(">panic</button>"), "{page}");
    }
}
