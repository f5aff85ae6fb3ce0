#[retry]
fn f() -> Option<u8> { self. }
