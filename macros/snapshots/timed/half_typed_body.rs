#[timed]
fn f() { if 1 }
