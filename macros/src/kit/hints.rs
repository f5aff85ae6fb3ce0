//! What a name that nobody knows was meant to be.

/// No option has this name.
pub(super) fn unknown(attribute: &str, name: &str, known: &[&'static str]) -> String {
    let known: Vec<_> = known.iter().copied().filter(|name| *name != "crate").collect();
    let hint = did_you_mean(name, &known);
    let list = if known.is_empty() { "it has no options".to_owned() } else { format!("it knows {}", quoted(&known)) };
    format!("`#[{attribute}]` has no option `{name}`{hint}; {list}")
}

pub(super) fn did_you_mean(word: &str, known: &[&'static str]) -> String {
    closest(word, known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

pub(super) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The known name that the user most likely meant.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|name| (distance(word, name), *name)).min()?;
    (near.0 <= 1 + near.1.len() / 4 && near.0 < word.len()).then_some(near.1)
}

/// Levenshtein's distance: how many letters are to be inserted, removed or replaced.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
