#[decorate(first)]
#[inline]
#[decorate(layer = Second)]
#[decorate(third)]
fn f(n: u32) -> u32 {
    n
}
