use festoon::cached;

#[cached(store = redis(timeout = 1s, timeout = 2s))]
fn a(n: u32) -> u32 {
    n
}

#[cached(store = tiered(memory(max = 1, max = 2), redis))]
fn b(n: u32) -> u32 {
    n
}

#[cached(store = tiered(memory(mx = 1), redis(timout = 1s)))]
fn c(n: u32) -> u32 {
    n
}

#[cached(store = tiered(memory(max), redis(cluster = 3, lease(5s))))]
fn d(n: u32) -> u32 {
    n
}

#[cached(store = disk("x.redb", "y.redb", max_size = 5s))]
fn e(n: u32) -> u32 {
    n
}

#[cached(store = disk(max_size = 64mb))]
fn f(n: u32) -> u32 {
    n
}

fn main() {}
