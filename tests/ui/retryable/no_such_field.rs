use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(after = wait)]
    Limited { pause: std::time::Duration },
}

fn main() {}
