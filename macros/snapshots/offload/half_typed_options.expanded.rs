fn double(n: u32) -> u32 {
    n * 2
}
::core::compile_error! {
    "`pool` needs a value: write `pool = ..`"
}
