use festoon::interned;

#[interned]
fn forever() -> ! {
    loop {}
}

fn main() {
    forever();
}
