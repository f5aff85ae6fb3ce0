//! The report as an aligned table.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use unicode_width::UnicodeWidthStr as _;

use super::columns::Column;
use super::names::{LEVELS, Level};
use super::terminal::{asked_width, width};
use super::{Report, Row};
use crate::table::{Side, aligned};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_table(None))
    }
}

impl Report {
    /// Returns the table, no wider than this many columns if possible: it shortens names (without modules, then without
    /// traits), then leaves out the least important columns, then cuts names off from the left. If calls failed, a
    /// footnote says whose latencies are shown. Watched channels, streams and futures follow, in tables of their own.
    #[must_use]
    pub fn to_table(&self, width: Option<usize>) -> String {
        let watched = self.watched.to_tables(width);
        if self.rows.is_empty() && !watched.is_empty() {
            return watched.trim_start_matches('\n').to_owned();
        }
        self.functions_table(width) + &watched
    }

    fn functions_table(&self, width: Option<usize>) -> String {
        if self.rows.is_empty() {
            return "no measured function has been called".to_owned();
        }
        let mut columns = self.columns();
        loop {
            let fits = |level| self.table(&columns, &self.titles(level), width);
            if let Some(text) = LEVELS.into_iter().find_map(fits) {
                return self.with_footnote(text, width);
            }
            let spare = (0..columns.len()).filter(|at| columns[*at].spare > 0);
            match spare.max_by_key(|at| columns[*at].spare) {
                Some(at) => drop(columns.remove(at)),
                None => return self.with_footnote(self.cut(&columns, width), width),
            }
        }
    }

    /// The rows with these names, if they fit.
    fn table(&self, columns: &[&Column], titles: &[String], width: Option<usize>) -> Option<String> {
        let head = columns.iter().map(|column| column.title.to_owned()).collect();
        let cells = |(row, title): (_, &String)| {
            let others = columns.iter().skip(1).map(|column| (column.value)(row).to_string());
            std::iter::once(title.clone()).chain(others).collect()
        };
        let lines: Vec<_> = std::iter::once(head).chain(self.rows.iter().zip(titles).map(cells)).collect();
        let text = aligned(&lines, |at| if at == 0 { Side::Left } else { Side::Right });
        let fits = width.is_none_or(|width| text.lines().all(|line| line.width() <= width));
        fits.then_some(text)
    }

    /// With the beginnings of long names cut off.
    fn cut(&self, columns: &[&Column], width: Option<usize>) -> String {
        let titles = self.titles(Level::NoTraits);
        let longest = titles.iter().map(|title| title.chars().count()).max().unwrap_or(0);
        let cut = |most| titles.iter().map(|title| shortened(title, most)).collect::<Vec<_>>();
        let fits = (8..longest).rev().find_map(|most| self.table(columns, &cut(most), width));
        fits.or_else(|| self.table(columns, &cut(8), None)).unwrap_or_default()
    }

    fn with_footnote(&self, table: String, width: Option<usize>) -> String {
        let all_succeeded = |row: &Row| row.outcomes.success() == row.outcomes.total();
        if self.rows.iter().all(all_succeeded) { table } else { format!("{table}\n{}", wrapped(FOOTNOTE, width)) }
    }

    /// Prints the table to standard output, fitted to the width of the terminal or to `COLUMNS` in the environment, with the title in bold and functions
    /// that panicked in red, unless `NO_COLOR` is set or the output is not a terminal.
    ///
    /// # Errors
    /// If standard output cannot be written to.
    pub fn print(&self) -> io::Result<()> {
        let out = io::stdout();
        let text = self.to_table(asked_width().or_else(|| width(&out)));
        writeln!(out.lock(), "{}", if colours(&out) { self.coloured(&text) } else { text })
    }

    /// Like [`print`](Report::print), to standard error.
    ///
    /// # Errors
    /// If standard error cannot be written to.
    pub fn eprint(&self) -> io::Result<()> {
        let err = io::stderr();
        let text = self.to_table(asked_width().or_else(|| width(&err)));
        writeln!(err.lock(), "{}", if colours(&err) { self.coloured(&text) } else { text })
    }

    /// The first line in bold, rows with panics in red. Each row is one line; the footnote comes last.
    fn coloured(&self, text: &str) -> String {
        let colour = |at: usize| match at.checked_sub(1).map(|row| self.rows.get(row)) {
            None => "1",
            Some(Some(row)) if row.outcomes.panic() > 0 => "31",
            Some(_) => "0",
        };
        let line = |(at, line): (usize, &str)| format!("\x1b[{}m{line}\x1b[0m", colour(at));
        text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// <https://no-color.org>: set and not empty means no colours.
fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

const FOOTNOTE: &str = "mean, percentiles and max are those of calls that succeeded";

/// A space before each line, as in the table.
fn wrapped(text: &str, width: Option<usize>) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && width.is_some_and(|width| lines[last].len() + 1 + word.len() > width) {
            lines.push(String::new());
        }
        let last = lines.len() - 1;
        lines[last].extend([" ", word]);
    }
    lines.join("\n")
}

/// *Input:* `app::shop::price`, 12. *Output:* `…shop::price`.
fn shortened(name: &str, width: usize) -> String {
    let length = name.chars().count();
    if length <= width {
        return name.to_owned();
    }
    let kept: String = name.chars().skip(length - width.saturating_sub(1)).collect();
    format!("…{kept}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{report, row};
    use super::*;

    #[test]
    fn columns_without_news_are_left_out() {
        let text = report().to_string();
        assert!(text.contains("err") && text.contains("busy"), "{text}");
        assert!(!text.contains("panic") && !text.contains("cancelled"), "{text}");
    }

    #[test]
    fn narrow_terminals_get_fewer_columns_and_shorter_paths() {
        for width in [100, 80, 60, 40, 30] {
            let text = report().to_table(Some(width));
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(width), "{width}: {widest:?}\n{text}");
            assert!(text.contains("total") && text.contains("calls"), "{text}");
        }
    }

    #[test]
    fn rows_that_panicked_are_red_and_lines_stay_in_step() {
        let mut report = report();
        report.rows[1].outcomes.calls[2] = 1;
        let text = report.coloured(&report.to_table(None));
        let starts: Vec<&str> = text.lines().map(|line| &line[..4]).collect();
        assert_eq!(starts, ["\x1b[1m", "\x1b[0m", "\x1b[31", "\x1b[0m"]);
    }

    /// Functions as in a service: a long path, a method of a trait, one that fails.
    fn service() -> Report {
        let mut report = report();
        report.rows = [
            "orders::checkout::payment::charge_customer",
            "<orders::text::hash::Hash as orders::analysis::Analyser>::run",
            "orders::main",
        ]
        .map(row)
        .into();
        report.rows[2].outcomes.calls = [1_234_567, 0, 2, 0];
        report
    }

    #[test]
    fn names_are_shortened_before_columns_are_left_out() {
        for (width, expected) in WIDTHS {
            assert_eq!(service().to_table(Some(*width)), expected.trim_matches('\n'), "{width}");
        }
    }

    const WIDTHS: &[(usize, &str)] = &[
        (
            200,
            "
 function                    calls  err  panic   total    self    mean  err mean     p50     p90     p99     max  hits  attempts  waited  polls    busy  longest poll
 payment::charge_customer        4    1      -  7.00ms  5.00ms  2.00ms    1.00ms  2.00ms  3.00ms  3.00ms  3.00ms   75%         2  1.00ms      8  4.00ms        1.00ms
 <Hash as Analyser>::run         4    1      -  7.00ms  5.00ms  2.00ms    1.00ms  2.00ms  3.00ms  3.00ms  3.00ms   75%         2  1.00ms      8  4.00ms        1.00ms
 orders::main              1234569    -      2  7.00ms  5.00ms  2.00ms         -  2.00ms  3.00ms  3.00ms  3.00ms   75%         2  1.00ms      8  4.00ms        1.00ms
 mean, percentiles and max are those of calls that succeeded
",
        ),
        (
            120,
            "
 function                    calls  err  panic   total    self    mean  err mean     p50     p99  hits  attempts  waited
 payment::charge_customer        4    1      -  7.00ms  5.00ms  2.00ms    1.00ms  2.00ms  3.00ms   75%         2  1.00ms
 <Hash as Analyser>::run         4    1      -  7.00ms  5.00ms  2.00ms    1.00ms  2.00ms  3.00ms   75%         2  1.00ms
 orders::main              1234569    -      2  7.00ms  5.00ms  2.00ms         -  2.00ms  3.00ms   75%         2  1.00ms
 mean, percentiles and max are those of calls that succeeded
",
        ),
        (
            100,
            "
 function                    calls  err  panic   total    self  err mean     p50     p99  hits
 payment::charge_customer        4    1      -  7.00ms  5.00ms    1.00ms  2.00ms  3.00ms   75%
 <Hash as Analyser>::run         4    1      -  7.00ms  5.00ms    1.00ms  2.00ms  3.00ms   75%
 orders::main              1234569    -      2  7.00ms  5.00ms         -  2.00ms  3.00ms   75%
 mean, percentiles and max are those of calls that succeeded
",
        ),
        (
            80,
            "
 function                    calls  err  panic   total     p50     p99  hits
 payment::charge_customer        4    1      -  7.00ms  2.00ms  3.00ms   75%
 <Hash as Analyser>::run         4    1      -  7.00ms  2.00ms  3.00ms   75%
 orders::main              1234569    -      2  7.00ms  2.00ms  3.00ms   75%
 mean, percentiles and max are those of calls that succeeded
",
        ),
    ];

    #[test]
    fn without_a_row_it_says_so() {
        let report = Report { rows: Vec::new(), ..report() };
        assert_eq!(report.to_table(Some(80)), "no measured function has been called");
        assert!(report.to_html().contains("0 functions, 0 calls"));
    }

    #[test]
    fn whose_latencies_are_shown_is_said_if_calls_failed() {
        let mut report = report();
        assert!(report.to_string().ends_with("\n mean, percentiles and max are those of calls that succeeded"));
        report.rows.iter_mut().for_each(|row| row.outcomes.calls = [3, 0, 0, 0]);
        assert!(!report.to_string().contains("succeeded"));
        assert_eq!(wrapped("one two three", Some(9)), " one two\n three");
    }
}
