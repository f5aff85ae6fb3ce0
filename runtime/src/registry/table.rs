//! A registry as a table.

use std::fmt;

use super::{Entry, Key, Registered, Registry};
use crate::table::{Side, aligned};

/// An aligned table: name, aliases, the summary of the documentation, type and place.
///
/// ```text
///  name   aliases  about            type        place
///  gzip   gz       Deflate.         app::Gzip   src/codecs.rs:12 (app 0.1.0)
///  upper  up, uc   Upper case.      app::Upper  src/codecs.rs:31 (app 0.1.0)
/// ```
impl<T: ?Sized + Registered> fmt::Display for Registry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = ["name", "aliases", "about", "type", "place"].map(str::to_owned).to_vec();
        let lines: Vec<Vec<String>> = std::iter::once(titles).chain(self.iter().map(cells)).collect();
        f.write_str(&aligned(&lines, |_| Side::Left))
    }
}

fn cells<T: ?Sized + Registered>(entry: &Entry<T>) -> Vec<String> {
    let deprecated = entry.deprecated_aliases().iter().map(|alias| format!("{} (deprecated)", alias.text()));
    let aliases: Vec<String> =
        entry.aliases().iter().map(|alias| alias.text().into_owned()).chain(deprecated).collect();
    let place = format!("{}:{}", entry.file(), entry.line());
    let place = match (entry.package(), entry.version()) {
        (Some(package), Some(version)) => format!("{place} ({package} {version})"),
        _ => place,
    };
    vec![entry.text(), aliases.join(", "), entry.summary(), entry.type_name().to_owned(), place]
}
