//! The output formats of a census. Formats register themselves.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use festoon::{Register, registry};

use crate::census::{Census, Language};

/// Writes a census.
#[registry]
pub(crate) trait Format: Send + Sync {
    /// Writes all of it.
    fn write(&self, census: &Census, out: &mut dyn Write) -> io::Result<()>;
}

/// For people.
#[derive(Register, Default)]
#[register(dyn Format, name = "table")]
struct AsTable;

impl Format for AsTable {
    fn write(&self, census: &Census, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["language", "files", "code", "comments", "blank", "words"]);
        for Language { language, files, code, comments, blank, words } in census.rows() {
            let numbers = [files, code, comments, blank, words].map(|number| number.to_string());
            table.add_row(std::iter::once(language).chain(numbers));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(out, "{}", table.trim_fmt())?;
        writeln!(out, "\n{} files are there twice, {} could not be read", census.duplicates, census.unreadable.len())?;
        census.unreadable.iter().try_for_each(|error| writeln!(out, "  {error}"))
    }
}

/// For programs.
#[derive(Register, Default)]
#[register(dyn Format, name = "json")]
struct AsJson;

impl Format for AsJson {
    fn write(&self, census: &Census, out: &mut dyn Write) -> io::Result<()> {
        let value = serde_json::json!({
            "languages": census.rows(),
            "duplicates": census.duplicates,
            "unreadable": census.unreadable,
        });
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)
    }
}

/// For spreadsheets.
#[derive(Register, Default)]
#[register(dyn Format, name = "csv")]
struct AsCsv;

impl Format for AsCsv {
    fn write(&self, census: &Census, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        census.rows().into_iter().try_for_each(|row| writer.serialize(row))?;
        writer.flush()
    }
}
