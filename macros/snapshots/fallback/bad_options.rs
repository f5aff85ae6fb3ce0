#[fallback]
fn nothing() -> Option<u32> {
    None
}

#[fallback(1, or_else = f)]
fn both() -> Option<u32> {
    None
}

#[fallback(default = 1)]
fn named() -> Option<u32> {
    None
}
