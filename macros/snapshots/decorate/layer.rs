#[decorate(layer = Limit::new(2))]
fn parse<T: FromStr>(text: &str) -> Result<T, T::Err> {
    text.parse()
}

#[decorate(layer = &LIMIT, crate = my::festoon)]
async fn double(n: u32) -> u32 {
    n * 2
}
