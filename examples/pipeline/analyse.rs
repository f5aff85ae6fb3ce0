//! Counting the lines of one file, by its language. Languages register themselves.

use std::path::Path;
use std::sync::Arc;

use festoon::{Register, offload, registry, timed};

/// The line counts of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) code: usize,
    pub(crate) comments: usize,
    pub(crate) blank: usize,
    pub(crate) words: usize,
}

/// Analyses one language.
#[registry]
pub(crate) trait Analyser: Send + Sync {
    /// The name of the language.
    fn language(&self) -> &'static str;

    /// Is this line, without surrounding white space, a comment? `open` says whether a block comment is open.
    fn is_comment(&self, line: &str, open: &mut bool) -> bool;
}

/// Rust.
#[derive(Register, Default)]
#[register(dyn Analyser, name = "rs")]
struct Rust;

impl Analyser for Rust {
    fn language(&self) -> &'static str {
        "Rust"
    }

    fn is_comment(&self, line: &str, open: &mut bool) -> bool {
        let starts = line.starts_with("/*");
        let inside = *open || starts;
        *open = inside && !line.contains("*/");
        inside || line.starts_with("//")
    }
}

/// Every language whose comments start with `#`.
#[derive(Register, Default)]
#[register(dyn Analyser, name = "toml", alias("yaml", "yml", "sh", "py"))]
struct Hash;

impl Analyser for Hash {
    fn language(&self) -> &'static str {
        "Configuration and scripts"
    }

    fn is_comment(&self, line: &str, _: &mut bool) -> bool {
        line.starts_with('#')
    }
}

/// Markdown: everything except code blocks is prose, and counts as comment.
#[derive(Register, Default)]
#[register(dyn Analyser, name = "md", alias("markdown"))]
struct Markdown;

impl Analyser for Markdown {
    fn language(&self) -> &'static str {
        "Markdown"
    }

    fn is_comment(&self, line: &str, open: &mut bool) -> bool {
        if line.starts_with("```") {
            *open = !*open;
        }
        !*open
    }
}

/// Everything else.
#[derive(Register, Default)]
#[register(dyn Analyser, name = "text", alias("txt"))]
struct Text;

impl Analyser for Text {
    fn language(&self) -> &'static str {
        "Plain text"
    }

    fn is_comment(&self, _: &str, _: &mut bool) -> bool {
        false
    }
}

/// The name of the analyser for a file: its extension if one is registered for it, otherwise `text`.
pub(crate) fn name_for(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    <dyn Analyser>::registry().get(extension).map_or("text", |entry| entry.name())
}

/// Counts on another core, so that the executor is not blocked.
#[timed(name = "analyse")]
#[offload]
pub(crate) fn analyse(analyser: &'static str, text: Arc<str>) -> (&'static str, Counts) {
    let analyser = <dyn Analyser>::registry().create(analyser, ()).unwrap_or_else(|_| Box::new(Text));
    let (mut counts, mut open) = (Counts::default(), false);
    for line in text.lines().map(str::trim) {
        match line {
            "" => counts.blank += 1,
            line if analyser.is_comment(line, &mut open) => counts.comments += 1,
            _ => counts.code += 1,
        }
        counts.words += line.split_whitespace().count();
    }
    (analyser.language(), counts)
}
