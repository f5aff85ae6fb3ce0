//! Shorter names for narrow terminals.

use std::collections::BTreeMap;

use super::{Report, Row};

/// How much of a name is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// `app::text::Hash::run` and `<app::text::Hash as app::Analyser>::run`.
    Full,
    /// `Hash::run` and `<Hash as Analyser>::run`.
    NoModules,
    /// `Hash::run` for both.
    NoTraits,
}

pub(super) const LEVELS: [Level; 3] = [Level::Full, Level::NoModules, Level::NoTraits];

impl Report {
    /// The displayed name of each row. A name that would no longer be unique is not shortened.
    pub(super) fn titles(&self, level: Level) -> Vec<String> {
        let short: Vec<String> = self.rows.iter().map(|row| shortened(&row.name, level)).collect();
        let mut full: BTreeMap<&str, &str> = BTreeMap::new();
        let mut ambiguous: Vec<&str> = Vec::new();
        for (short, row) in short.iter().zip(&self.rows) {
            if *full.entry(short).or_insert(&row.name) != row.name {
                ambiguous.push(short);
            }
        }
        let name = |(short, row): (&String, &Row)| {
            row.titled(if ambiguous.contains(&short.as_str()) { &row.name } else { short })
        };
        short.iter().zip(&self.rows).map(name).collect()
    }
}

fn shortened(name: &str, level: Level) -> String {
    let (owner, rest) = qualified(name).unwrap_or(("", name));
    match level {
        Level::Full => name.to_owned(),
        _ if owner.is_empty() => last_two(name).to_owned(),
        Level::NoModules => format!("<{}>{rest}", without_modules(owner)),
        Level::NoTraits => format!("{}{rest}", without_modules(owner.split(" as ").next().unwrap_or(owner))),
    }
}

/// *Input:* `<Hash as Analyser>::run`. *Output:* `Hash as Analyser`, `::run`.
fn qualified(name: &str) -> Option<(&str, &str)> {
    let inside = name.strip_prefix('<')?;
    let mut depth = 1;
    let end = inside.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '<') - i32::from(c == '>' && !inside[..at].ends_with('-'));
        (depth == 0).then_some(at)
    })?;
    Some((&inside[..end], &inside[end + 1..]))
}

/// *Input:* `app::shop::price`. *Output:* `shop::price`.
fn last_two(path: &str) -> &str {
    let is_path = path.chars().all(|c| c == ':' || c == '_' || c == '{' || c == '}' || c.is_alphanumeric());
    let cut = path.rmatch_indices("::").nth(1).filter(|_| is_path);
    cut.map_or(path, |(at, _)| &path[at + 2..])
}

/// *Input:* `&app::text::Hash`. *Output:* `&Hash`.
fn without_modules(kind: &str) -> String {
    let is_in_path = |c: char| c == ':' || c == '_' || c.is_alphanumeric();
    let words = kind.split_inclusive(|c| !is_in_path(c));
    words.map(|word| word.rsplit("::").next().unwrap_or(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{report, row};
    use super::*;

    #[test]
    fn modules_go_first_and_then_traits() {
        let all = |name| [Level::NoModules, Level::NoTraits].map(|level| shortened(name, level));
        assert_eq!(all("app::shop::price"), ["shop::price"; 2]);
        assert_eq!(all("app::Shop::total"), ["Shop::total"; 2]);
        assert_eq!(all("price"), ["price"; 2]);
        assert_eq!(all("<app::a::Hash as app::b::Analyser>::run"), ["<Hash as Analyser>::run", "Hash::run"]);
        assert_eq!(all("<&[app::A; 3] as app::B<c::D>>::run"), ["<&[A; 3] as B<D>>::run", "&[A; 3]::run"]);
        assert_eq!(all("<fn(a::B) -> c::D as e::F>::call"), ["<fn(B) -> D as F>::call", "fn(B) -> D::call"]);
        assert_eq!(all("name given: by hand, really::so"), ["name given: by hand, really::so"; 2]);
        assert_eq!(all("<never closed"), ["<never closed"; 2]);
    }

    #[test]
    fn names_stay_unique() {
        let mut report = report();
        report.rows =
            ["a::x::f", "a::y::g", "b::x::f", "<a::T as a::One>::run", "<a::T as a::Two>::run"].map(row).into();
        assert_eq!(report.titles(Level::NoModules)[..3], ["a::x::f", "y::g", "b::x::f"]);
        assert_eq!(report.titles(Level::NoTraits)[3..], ["<a::T as a::One>::run", "<a::T as a::Two>::run"]);
    }
}
