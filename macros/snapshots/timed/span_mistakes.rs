#[timed(span(level = loud, fields(a + b, = 1, x = , %, y y, f(x), "s" 1, 3 = 4, await.x, z = g()?), err(Debug, Display), ret = 1, skip(a)))]
fn f(a: u32) -> u32 { a }
