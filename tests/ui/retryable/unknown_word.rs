use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(permanent)]
    UnknownSku,
}

fn main() {}
