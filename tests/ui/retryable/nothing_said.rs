use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(never)]
    UnknownSku,
    Busy,
}

fn main() {}
