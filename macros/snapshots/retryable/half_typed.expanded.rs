enum ShopError<S> {
    UnknownSku(String),
    Busy,
    Inner(S),
}
::core::compile_error! {
    "`#[retry]` has no option `nev`, did you mean `never`?"
}
::core::compile_error! {
    "say what another attempt would do: `#[retry(never)]`, `#[retry(transient)]`, `#[retry(after = field)]` or `#[retry(source)]`; above an enum for all of its others"
}
