use festoon::{cached, retry};

#[retry(attempts = 1kb)]
fn a() -> Result<(), ()> {
    Ok(())
}

#[retry(attempts = 1.5)]
fn b() -> Result<(), ()> {
    Ok(())
}

#[retry(attempts = "5")]
fn c() -> Result<(), ()> {
    Ok(())
}

#[retry(attempts = -1)]
fn d() -> Result<(), ()> {
    Ok(())
}

#[retry(attempts = 5m)]
fn e() -> Result<(), ()> {
    Ok(())
}

#[cached(max = 64mb)]
fn f() -> u32 {
    0
}

#[cached(max_weight = 64mib, weigh = |n| u64::from(*n))]
fn g() -> u32 {
    0
}

#[cached(ttl = -5s)]
fn h() -> u32 {
    0
}

fn main() {}
