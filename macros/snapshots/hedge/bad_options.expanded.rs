async fn nothing() -> Option<usize> {
    None
}
::core::compile_error! {
    "missing start of the second call: write `after = 100ms` or `after = p95`"
}
::core::compile_error! {
    "a hedge runs the body twice at the same time: write `#[hedge(after = 100ms, idempotent)]` if that is safe"
}
fn plain(n: u32) -> Option<usize> {
    None
}
::core::compile_error! {
    "`budget` is the number of second calls per call: expected more than 0, and at most 1"
}
::core::compile_error! {
    "`clone(..)` takes names of arguments: write `clone(url)`"
}
::core::compile_error! {
    "`after` has to be a duration, or one of `p50`, `p75`, `p90`, `p95`, `p99`"
}
::core::compile_error! {
    "a sync function cannot run twice at once on one thread: make it `async`"
}
::core::compile_error! {
    "this function has no argument `other`"
}
