#[interned]
fn label(id: u32) -> Interned<str> { id. }
