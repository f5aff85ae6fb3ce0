use festoon::managers::nullcontext;
use festoon::within;

#[within(async nullcontext(1))]
fn greet() {}

fn main() {}
