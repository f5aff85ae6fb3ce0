#[festoon::retry]
fn serve() -> ! {
    loop {}
}

fn main() {}
