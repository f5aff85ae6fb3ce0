#[timed]
#[cfg_attr(all(), inline, tracing::instrument(skip_all))]
#[must_use]
fn f() -> u8 {
    1
}
