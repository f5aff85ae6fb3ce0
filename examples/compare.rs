//! What has become slower: `cargo run --example compare -- before.json after.json`, two reports of
//! `timing::report_on_exit().to_file("before.json")`. It ends with 1 if a median has grown by more than a tenth.

use std::error::Error;
use std::process::ExitCode;

use festoon::timing;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (Some(before), Some(after)) = (paths.next(), paths.next()) else {
        eprintln!("two files are needed: before.json after.json");
        return Ok(ExitCode::from(2));
    };
    let comparison = timing::compare(&std::fs::read_to_string(before)?, &std::fs::read_to_string(after)?)?;
    println!("{comparison}");
    Ok(ExitCode::from(u8::from(!comparison.slower(0.1, 100).is_empty())))
}
