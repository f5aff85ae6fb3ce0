use festoon::interned;

#[interned]
fn save(id: u32) {
    println!("{id}");
}

fn main() {
    save(1);
}
