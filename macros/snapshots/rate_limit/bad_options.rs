#[rate_limit(100)]
fn no_time() -> Option<usize> {
    None
}

#[rate_limit(1.5 / 1, wait = 0s)]
fn numbers() -> Option<usize> {
    None
}

#[rate_limit(10 / 1s)]
fn never() -> ! {
    loop {}
}
