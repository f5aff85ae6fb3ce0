//! The totals.

use std::collections::BTreeMap;

use crate::analyse::Counts;

/// One file.
pub(crate) struct FileReport {
    pub(crate) language: &'static str,
    pub(crate) counts: Counts,
}

/// All files of one language.
#[derive(Debug, Default, Clone, serde::Serialize)]
pub(crate) struct Language {
    #[expect(clippy::struct_field_names, reason = "the column's title")]
    pub(crate) language: String,
    pub(crate) files: usize,
    pub(crate) code: usize,
    pub(crate) comments: usize,
    pub(crate) blank: usize,
    pub(crate) words: usize,
}

/// A whole tree.
#[derive(Debug, Default)]
pub(crate) struct Census {
    languages: BTreeMap<&'static str, Language>,
    /// The number of duplicate files.
    pub(crate) duplicates: usize,
    /// Files that could not be read, and why.
    pub(crate) unreadable: Vec<String>,
}

impl Census {
    /// Adds a file.
    pub(crate) fn add(&mut self, FileReport { language, counts }: FileReport) {
        let sum = self.languages.entry(language).or_default();
        language.clone_into(&mut sum.language);
        sum.files += 1;
        sum.code += counts.code;
        sum.comments += counts.comments;
        sum.blank += counts.blank;
        sum.words += counts.words;
    }

    /// By language, the one with the most code first, then the total.
    pub(crate) fn rows(&self) -> Vec<Language> {
        let mut rows: Vec<Language> = self.languages.values().cloned().collect();
        rows.sort_by(|a, b| b.code.cmp(&a.code).then_with(|| a.language.cmp(&b.language)));
        rows.push(self.total());
        rows
    }

    fn total(&self) -> Language {
        let start = Language { language: "all".to_owned(), ..Language::default() };
        self.languages.values().fold(start, |sum, language| Language {
            files: sum.files + language.files,
            code: sum.code + language.code,
            comments: sum.comments + language.comments,
            blank: sum.blank + language.blank,
            words: sum.words + language.words,
            ..sum
        })
    }
}
