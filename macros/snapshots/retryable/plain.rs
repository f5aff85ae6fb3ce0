#[derive(Retryable)]
enum ShopError {
    #[retry(never)]
    UnknownSku(String),
    #[retry(transient)]
    Busy,
    #[retry(after = pause)]
    Limited { pause: Duration },
    #[retry(source)]
    Io(std::io::Error),
}
