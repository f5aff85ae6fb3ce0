use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(after = 0)]
    Limited(String),
}

fn main() {}
