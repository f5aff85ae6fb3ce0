use festoon::interned;

struct Label(String);

#[interned]
fn label(id: u32) -> Label {
    Label(format!("label {id}"))
}

fn main() {
    let _ = label(1).0;
}
