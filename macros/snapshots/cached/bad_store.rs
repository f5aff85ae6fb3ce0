#[cached(store = redis("cache:6379", timeout = 0s, tls), max = 3, stale = 5s)]
fn a(n: u64) -> u64 { n }

#[cached(store = disk, on_store_error = fial)]
fn b(n: u64) -> u64 { n }

#[cached(store = tiered(redis, memory))]
fn c(n: u64) -> u64 { n }

#[cached(store = tiered(memory(max = 0, tl = 3s), redsi), on_store_error = fail)]
fn d(n: u64) -> u64 { n }

#[cached(store = memory(max = 3))]
fn e(n: u64) -> u64 { n }

#[cached(version = 3, on_store_error = fail)]
fn f(n: u64) -> Result<u64, ()> { Ok(n) }
