#[retry(wait = exponential(50ms, max = ), when = |error| )]
fn f() -> Option<u8> { None }
