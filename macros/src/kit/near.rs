//! Misspelled words: the likely correction, or the list of choices.

/// *Output:* ", did you mean `near`?", or nothing.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    closest(word, known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

/// *Output:* ", did you mean `near`?", or "; expected one of `a`, `b`".
pub(crate) fn near_or_all(word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(near) => format!(", did you mean `{near}`?"),
        None => format!("; expected one of {}", quoted(known)),
    }
}

pub(crate) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The known name that the user most likely meant.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|name| (distance(word, name), *name)).min()?;
    (near.0 <= 1 + near.1.len() / 4 && near.0 < word.len()).then_some(near.1)
}

/// The Levenshtein distance: how many letters have to be inserted, removed or replaced.
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
