#[timed(name = "shop.parse", warn_over = 1.5ms)]
fn parse<'a, T: FromStr>(text: &'a str) -> Result<T, Error>
where
    T: 'a,
{
    #![allow(unused)]
    Ok(text.trim().parse()?)
}
