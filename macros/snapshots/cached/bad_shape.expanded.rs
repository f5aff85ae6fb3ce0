fn first(list: &mut Vec<f64>, x: f64, words: &[&str]) -> &f64 {
    &list[0]
}
::core::compile_error! {
    "a cache cannot keep something borrowed: return an owned value, such as `String` or `Arc<..>`"
}
::core::compile_error! {
    "a float is not equal to itself when it is NaN: say what counts with `key = ..`"
}
::core::compile_error! {
    "a float is not equal to itself when it is NaN: say what counts with `key = x.to_bits()`"
}
::core::compile_error! {
    "the cache cannot own a copy of what this borrows: say what counts with `key = ..`, or leave it out with `skip(words)`"
}
