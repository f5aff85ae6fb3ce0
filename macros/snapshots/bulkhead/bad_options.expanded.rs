fn zero() -> Option<usize> {
    None
}
::core::compile_error! {
    "without `adaptive` the limit is the number in front: write `#[bulkhead(10)]`"
}
::core::compile_error! {
    "nobody waits in a queue of none: leave `queue` or `wait` out"
}
::core::compile_error! {
    "a bulkhead of no calls lets nothing through"
}
fn above() -> Option<usize> {
    None
}
::core::compile_error! {
    "`adaptive` takes no value: write `adaptive`"
}
::core::compile_error! {
    "this is more than `max`, which is 20"
}
