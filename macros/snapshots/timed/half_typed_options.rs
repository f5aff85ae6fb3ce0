#[timed(name = , warn_over)]
fn f() -> u8 { self. }
