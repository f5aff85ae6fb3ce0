async fn double(n: &u32) -> &str {
    "x"
}
::core::compile_error! {
    "did you mean `pool = rayon`?"
}
::core::compile_error! {
    "`#[offload]` has no option `rayon`; expected one of `pool`, `queue`, `name`, `key`, `store`, `result_ttl`, `max_deliveries`, `process`, `timeout`, `workers`, `memory`, `max_calls`, `nice`"
}
::core::compile_error! {
    "this is borrowed, but the call may outlive its caller on another thread: take `u32` by value, or an `Arc<u32>`"
}
::core::compile_error! {
    "the result comes from another thread and cannot borrow: return an owned value"
}
