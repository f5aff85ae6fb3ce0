//! The report as one page that needs nothing from the network.

use std::fmt::Write;
use std::time::Duration;

use super::{Bucket, Report, Row, short};

/// The page around the table: styles for light and dark, and the sorting.
const PAGE: &str = include_str!("page.html");

const TITLES: [&str; 18] = [
    "function",
    "calls",
    "err",
    "panic",
    "cancelled",
    "total",
    "self",
    "mean",
    "p50",
    "p90",
    "p99",
    "max",
    "hits",
    "attempts",
    "waited",
    "busy",
    "longest poll",
    "latency",
];

/// Bars of one picture; each is a range of the logarithm of the latency.
const BARS: usize = 48;
const WIDTH: usize = 4;
const HEIGHT: usize = 34;

impl Report {
    /// One page of HTML without network access: a table that sorts by a click on a title, a picture of each function's
    /// latencies, light and dark.
    #[must_use]
    pub fn to_html(&self) -> String {
        let head = TITLES.map(|title| format!("<th scope=\"col\"{}><button>{title}</button></th>", sorted(title)));
        let rows: String = self.rows.iter().map(html_row).collect();
        PAGE.replace("{{summary}}", &self.summary()).replace("{{head}}", &head.concat()).replace("{{rows}}", &rows)
    }

    fn summary(&self) -> String {
        let calls: u64 = self.rows.iter().map(|row| row.outcomes.total()).sum();
        let (functions, plural) = (self.rows.len(), if self.rows.len() == 1 { "" } else { "s" });
        format!(
            "{functions} function{plural}, {calls} calls. Latencies are those of successful calls, known to 1.6&nbsp;%."
        )
    }
}

fn sorted(title: &str) -> &'static str {
    if title == "total" { " aria-sort=\"descending\"" } else { "" }
}

fn html_row(row: &Row) -> String {
    let outcomes = &row.outcomes;
    let busy = row.polls.map_or(Duration::ZERO, |polls| polls.busy);
    let longest = row.polls.map_or(Duration::ZERO, |polls| polls.longest);
    let mut html = format!("<tr><td>{}</td><td>{}</td>", escaped(&row.title()), outcomes.total());
    for calls in [outcomes.error(), outcomes.panic(), outcomes.cancelled()] {
        let class = if calls == 0 { "none" } else { "bad" };
        let _ = write!(html, "<td class=\"{class}\">{calls}</td>");
    }
    add_times(&mut html, &[row.total, row.self_time, row.mean, row.p50, row.p90, row.p99, row.max]);
    let hits = row.cache.map_or_else(|| "-".to_owned(), |cache| format!("{}%", cache.percent()));
    let attempts = row.retry.map_or_else(|| "-".to_owned(), |retry| retry.attempts.to_string());
    let _ = write!(html, "<td>{hits}</td><td>{attempts}</td>");
    add_times(&mut html, &[row.retry.map_or(Duration::ZERO, |retry| retry.waited), busy, longest]);
    let median = row.p50.as_nanos();
    html + &format!("<td data-value=\"{median}\">{}</td></tr>\n", picture(&row.histogram))
}

fn add_times(html: &mut String, times: &[Duration]) {
    for time in times {
        let _ = write!(html, "<td data-value=\"{}\">{}</td>", time.as_nanos(), short(*time));
    }
}

/// Latencies on a logarithmic axis, from the shortest to the longest.
fn picture(histogram: &[Bucket]) -> String {
    let (Some(first), Some(last)) = (histogram.first(), histogram.last()) else { return String::new() };
    let bars = bars(histogram, log(first.from), log(last.to));
    let most = bars.iter().copied().max().unwrap_or(1).max(1);
    let label = format!("{} to {}", short(first.from), short(last.to));
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{label}\" width=\"{0}\" height=\"{HEIGHT}\" viewBox=\"0 0 {0} {HEIGHT}\">\
         <title>{label}</title><line x1=\"0\" y1=\"{HEIGHT}\" x2=\"{0}\" y2=\"{HEIGHT}\"/>",
        BARS * WIDTH
    );
    for (at, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (usize::try_from(*count).unwrap_or(usize::MAX).saturating_mul(HEIGHT)
            / usize::try_from(most).unwrap_or(usize::MAX))
        .max(1);
        let (x, y, width) = (at * WIDTH, HEIGHT - height, WIDTH - 1);
        let _ = write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
    }
    svg + "</svg>"
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bars(histogram: &[Bucket], from: f64, to: f64) -> [u64; BARS] {
    let mut bars = [0; BARS];
    for bucket in histogram {
        let share = (f64::midpoint(log(bucket.from), log(bucket.to)) - from) / (to - from).max(f64::MIN_POSITIVE);
        bars[((share * BARS as f64) as usize).min(BARS - 1)] += bucket.count;
    }
    bars
}

fn log(length: Duration) -> f64 {
    length.as_secs_f64().max(1e-9).ln()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn the_page_stands_alone_and_escapes_names() {
        let page = report().to_html();
        assert!(!page.contains("http"), "no network access");
        assert!(page.contains("app::&lt;parse&gt;") && !page.contains("<parse>"));
        assert_eq!((page.matches("<svg").count(), page.matches("{{").count()), (2, 0));
    }

    #[test]
    fn bars_are_as_high_as_their_counts() {
        let page = report().to_html();
        assert!(page.contains("height=\"34\"/>") && page.contains("aria-label=\"1.00ms to 3.10ms\""), "{page}");
    }
}
