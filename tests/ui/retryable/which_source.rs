use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(source)]
    Io(std::io::Error, u32),
}

fn main() {}
