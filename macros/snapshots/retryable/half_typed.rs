#[derive(Retryable)]
enum ShopError<S> {
    #[retry(nev)]
    UnknownSku(String),
    Busy,
    #[retry(source)]
    Inner(S),
}
