use festoon::cached;

type Found<T> = Option<T>;

#[cached(ttl = 5m, stale_if_error = 1h)]
fn number(n: u32) -> Found<u32> {
    Some(n)
}

fn main() {
    number(1);
}
