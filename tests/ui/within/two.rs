use festoon::managers::nullcontext;
use festoon::within;

#[within(nullcontext(1), nullcontext(2))]
fn greet() {}

fn main() {}
