//! The report as an aligned table.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use unicode_width::UnicodeWidthStr as _;

use super::Report;
use super::columns::Column;
use super::terminal::width;
use crate::table::{Side, aligned};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_table(None))
    }
}

impl Report {
    /// Returns the table, no wider than this many columns if possible: it leaves out the least important columns, then
    /// shortens paths from the left.
    #[must_use]
    pub fn to_table(&self, width: Option<usize>) -> String {
        let mut columns = self.columns();
        loop {
            let text = self.render(&columns, usize::MAX);
            let limit = width.unwrap_or(usize::MAX);
            let Some(over) = text.lines().next().map(|line| line.width().saturating_sub(limit)) else {
                return text;
            };
            if over == 0 {
                return text;
            }
            let Some(at) = (0..columns.len()).filter(|at| columns[*at].spare > 0).max_by_key(|at| columns[*at].spare)
            else {
                let longest = self.rows.iter().map(|row| row.title().chars().count()).max().unwrap_or(0);
                return self.render(&columns, longest.saturating_sub(over).max(8));
            };
            columns.remove(at);
        }
    }

    fn render(&self, columns: &[&Column], name_width: usize) -> String {
        let titles = columns.iter().map(|column| column.title.to_owned()).collect();
        let cells = |row| columns.iter().map(|column| shortened((column.value)(row).to_string(), name_width)).collect();
        let lines: Vec<_> = std::iter::once(titles).chain(self.rows.iter().map(cells)).collect();
        aligned(&lines, |at| if at == 0 { Side::Left } else { Side::Right })
    }

    /// Prints the table to standard output, fitted to the width of the terminal, with the title in bold and functions
    /// that panicked in red, unless `NO_COLOR` is set or the output is not a terminal.
    ///
    /// # Errors
    /// If standard output cannot be written to.
    pub fn print(&self) -> io::Result<()> {
        let out = io::stdout();
        let text = self.to_table(width(&out));
        writeln!(out.lock(), "{}", if colours(&out) { self.coloured(&text) } else { text })
    }

    /// Like [`print`](Report::print), to standard error.
    ///
    /// # Errors
    /// If standard error cannot be written to.
    pub fn eprint(&self) -> io::Result<()> {
        let err = io::stderr();
        let text = self.to_table(width(&err));
        writeln!(err.lock(), "{}", if colours(&err) { self.coloured(&text) } else { text })
    }

    /// The first line in bold, rows with panics in red. Each row is one line.
    fn coloured(&self, text: &str) -> String {
        let colour = |at: usize| match at.checked_sub(1).map(|row| self.rows[row].outcomes.panic()) {
            None => "1",
            Some(1..) => "31",
            Some(0) => "0",
        };
        let line = |(at, line): (usize, &str)| format!("\x1b[{}m{line}\x1b[0m", colour(at));
        text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// <https://no-color.org>: set and not empty means no colours.
fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// *Input:* `app::shop::price`, 12. *Output:* `…shop::price`.
fn shortened(name: String, width: usize) -> String {
    let length = name.chars().count();
    if length <= width {
        return name;
    }
    let kept: String = name.chars().skip(length - width.saturating_sub(1)).collect();
    format!("…{kept}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

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
        assert_eq!(starts, ["\x1b[1m", "\x1b[0m", "\x1b[31"]);
    }
}
