#[timed(name = foo., warn_over = 5ms +)]
fn f() -> u8 { 1 }
