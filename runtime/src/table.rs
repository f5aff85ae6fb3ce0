//! Aligned lines of cells.

use unicode_width::UnicodeWidthStr as _;

/// The alignment of a column.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Left,
    #[cfg_attr(not(feature = "report"), allow(dead_code, reason = "for figures, which only the report has"))]
    Right,
}

/// *Input:* lines of cells. *Output:* each column aligned, two spaces between them.
pub(crate) fn aligned(lines: &[Vec<String>], side: impl Fn(usize) -> Side) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let widest = |at: usize| lines.iter().map(|line| line[at].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let cell = |(at, cell): (usize, &String)| {
        let gap = " ".repeat(widths[at] - cell.width());
        let between = if at == 0 { " " } else { "  " };
        if side(at) == Side::Left { format!("{between}{cell}{gap}") } else { format!("{between}{gap}{cell}") }
    };
    let line = |line: &Vec<String>| line.iter().enumerate().map(cell).collect::<String>().trim_end().to_owned();
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Side, aligned};

    #[test]
    fn names_stand_to_the_left_and_figures_to_the_right() {
        let lines = [["name", "n"], ["a", "100"], ["東京", "7"]].map(|line| line.map(str::to_owned).to_vec());
        let side = |at| if at == 0 { Side::Left } else { Side::Right };
        assert_eq!(aligned(&lines, side), " name    n\n a     100\n 東京    7");
    }
}
