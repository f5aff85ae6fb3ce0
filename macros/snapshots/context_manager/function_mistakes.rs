#[context_manager]
fn never(log: &Log) -> Yields<u8> {
    log.enter();
}

#[context_manager]
fn no_type(log: &Log) -> u8 {
    yield_!(3)
}

#[context_manager]
fn many(log: &Log) -> Yields<u8> {
    if log.is_on() {
        yield_!(f()?);
    }
    log.each(|| yield_!(4));
    yield_!(later().await);
    return;
}
