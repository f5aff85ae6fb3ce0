use festoon::Retryable;

#[derive(Retryable)]
enum ShopError {
    #[retry(source)]
    Parse(std::num::ParseIntError),
}

fn main() {}
