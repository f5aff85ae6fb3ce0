pub(crate) struct Shop;
::core::compile_error! {
    "`#[timed]` goes on a function, or on an `impl`, `trait` or inline `mod` for each function in it"
}
