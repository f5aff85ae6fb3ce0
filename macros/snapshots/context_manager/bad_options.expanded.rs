struct Job {
    db: Conn,
}
::core::compile_error! {
    "`#[managed]` has no option `skip`; expected one of `async`, `entered`, `skip_if`"
}
::core::compile_error! {
    "`#[context]` has no option `eror`, did you mean `error`?"
}
