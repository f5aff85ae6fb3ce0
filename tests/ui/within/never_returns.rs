use festoon::managers::nullcontext;
use festoon::within;

#[within(nullcontext(1))]
fn forever() -> ! {
    loop {}
}

fn main() {}
