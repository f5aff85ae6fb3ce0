#![deny(deprecated)]

use festoon::cached;

#[cached]
fn log(line: &str) {
    println!("{line}");
}

#[cached]
async fn send(line: &str) -> std::io::Result<()> {
    println!("{line}");
    Ok(())
}

#[cached(cache_unit)]
fn meant(line: &str) {
    println!("{line}");
}

fn main() {}
