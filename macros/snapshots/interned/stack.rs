#[timed]
#[interned]
#[decorate(louder)]
fn label(id: u32) -> Option<Interned<str>> {
    Some(format!("label {id}"))
}

#[interned]
#[cached]
fn stored(id: u32) -> Interned<str> {
    format!("label {id}")
}
