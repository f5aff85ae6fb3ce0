use festoon::interned;

#[interned]
struct Label(String);

fn main() {
    let _ = Label(String::new()).0;
}
