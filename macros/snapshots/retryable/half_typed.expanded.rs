enum ShopError<S> {
    UnknownSku(String),
    Busy,
    Inner(S),
}
::core::compile_error! {
    "`#[retry]` has no option `nev`, did you mean `never`?"
}
::core::compile_error! {
    "nothing says whether to retry this: write `#[retry(never)]`, `#[retry(transient)]`, `#[retry(after = field)]` or `#[retry(source)]`; above an enum, that applies to all variants without one"
}
