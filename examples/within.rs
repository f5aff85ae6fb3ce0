//! `#[within]`: every call of a function runs inside a context manager.

use festoon::managers::callback;
use festoon::within;

#[within(callback(|how| println!("  {name}: {how}")))]
fn greet(name: &str) -> Result<String, String> {
    if name.is_empty() {
        return Err("nobody is there".to_owned());
    }
    Ok(format!("hello, {name}"))
}

fn main() {
    println!("{:?}", greet("ada"));
    println!("{:?}", greet(""));
}
