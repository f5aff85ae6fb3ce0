#[timed]
#[invalidates(parse::<u32>(text), get(a), get(b))]
#[retry]
fn save(text: &str, a: u8, b: u8) -> Result<(), Error> {
    work()
}
