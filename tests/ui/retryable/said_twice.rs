use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(never, transient)]
    Busy,
}

fn main() {}
