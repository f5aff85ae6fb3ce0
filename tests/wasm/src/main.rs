//! Prints the level.

fn main() {
    println!("{}", festoon_wasm::level());
}
