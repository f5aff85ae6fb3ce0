#[cached]
fn f(n: u8) -> u8 { if n. }
