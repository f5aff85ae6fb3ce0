use festoon::cached;

#[cached(scope = thread)]
async fn number(n: u32) -> u32 {
    n
}

fn main() {
    let _ = number(1);
}
