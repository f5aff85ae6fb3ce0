//! `#[interned]`: many rows, and one allocation for each country in them.
use festoon::{Interned, interned};

/// The last column. What the row keeps is one pointer.
#[interned]
fn country(row: &str) -> Option<Interned<str>> {
    row.rsplit(',').next().map(str::trim)
}

fn main() {
    let rows = ["Turku, Finland", "Espoo, Finland", "Uppsala, Sweden", "Lund, Sweden", "Oulu, Finland"];
    let countries: Vec<Interned<str>> = rows.into_iter().filter_map(country).collect();

    // Compared by pointer.
    println!("{} and {} are in one country: {}", rows[0], rows[4], countries[0] == countries[4]);
    let stats = Interned::<str>::stats();
    println!("{} rows, {} countries, {} bytes saved", stats.references, stats.len, stats.bytes_saved);
}
