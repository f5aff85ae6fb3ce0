#[context_manager]
fn f() -> Yields<u8> { if 1 yield_!(3) }
