fn first(list: &mut Vec<f64>, x: f64, words: &[&str]) -> &f64 {
    &list[0]
}
::core::compile_error! {
    "cannot cache a borrowed value: return an owned one, such as `String` or `Arc<..>`"
}
::core::compile_error! {
    "a float is not `Eq + Hash`: write `key = ..`"
}
::core::compile_error! {
    "a float is not `Eq + Hash`: write `key = x.to_bits()`"
}
::core::compile_error! {
    "the cache cannot own a copy of this borrowed value: write a key with `key = ..`, or leave it out with `skip(words)`"
}
