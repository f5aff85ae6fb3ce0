trait Prices {
    fn price(&self) -> u32;
    ::core::compile_error! {
        "`#[timed]` needs a body: put it on the functions that implement this one"
    }
}
