fn zero() -> Option<usize> {
    None
}
::core::compile_error! {
    "`max` needs `adaptive`; for a fixed limit, write `#[bulkhead(10)]`"
}
::core::compile_error! {
    "`queue = 0` leaves no place to wait in: remove `queue` or `wait`"
}
::core::compile_error! {
    "a bulkhead with a limit of zero lets no calls through"
}
fn above() -> Option<usize> {
    None
}
::core::compile_error! {
    "`adaptive` takes no value: write `adaptive`"
}
::core::compile_error! {
    "the initial limit is above `max`, which is 20"
}
