use festoon::Retryable;

#[derive(Retryable)]
union ShopError {
    number: u32,
}

fn main() {}
