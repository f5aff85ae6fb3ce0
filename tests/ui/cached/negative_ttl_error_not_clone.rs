use festoon::cached;

struct Failed;

#[cached(negative_ttl = 5s)]
fn number(n: u32) -> Result<u32, Failed> {
    Ok(n)
}

fn main() {
    let _ = number(1);
}
