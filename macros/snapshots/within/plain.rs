#[within(lock(name))]
fn parse(name: &str, text: &str) -> Result<u32, ParseIntError> {
    text.parse()
}

#[within(async pool.get())]
async fn ask() -> u8 {
    1
}
