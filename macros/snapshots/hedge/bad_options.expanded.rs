async fn nothing() -> Option<usize> {
    None
}
::core::compile_error! {
    "after how long is the second call? write `after = 100ms` or `after = p95`"
}
::core::compile_error! {
    "a hedge runs the body twice at the same time: write `#[hedge(after = 100ms, idempotent)]` if that does no harm"
}
fn plain(n: u32) -> Option<usize> {
    None
}
::core::compile_error! {
    "`budget` is how many second calls there are for each call: above 0 and at most 1"
}
::core::compile_error! {
    "`clone(..)` takes names of arguments: write `clone(url)`"
}
::core::compile_error! {
    "`after` is a length of time, or one of `p50`, `p75`, `p90`, `p95`, `p99`"
}
::core::compile_error! {
    "a plain function cannot run twice at once on one thread: make it `async`"
}
::core::compile_error! {
    "there is no argument `other`"
}
