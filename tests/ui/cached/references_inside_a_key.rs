use festoon::cached;

#[cached]
fn join(words: &[&str]) -> String {
    words.concat()
}

fn main() {}
