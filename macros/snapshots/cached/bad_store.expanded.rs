fn a(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`stale` starts at the end of a `ttl`: add one, such as `ttl = 5m`"
}
::core::compile_error! {
    "with a `timeout` of zero the store could never answer: raise it"
}
::core::compile_error! {
    "`cache:6379` is not the address of a Redis server: write `redis://host:port`"
}
::core::compile_error! {
    "`redis(..)` has no option `tls`; expected one of `timeout`, `lease`, `wait`, `sentinel`, `cluster`"
}
::core::compile_error! {
    "`max` needs a cache in memory: write `store = tiered(memory(max = 1000), ..)`"
}
::core::compile_error! {
    "`stale` only works without a `store`: remove one of them"
}
fn b(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`on_store_error` has to be one of `run`, `fail`, did you mean `fail`?"
}
::core::compile_error! {
    "`disk` needs a path: write `disk(\"cache.redb\")`"
}
fn c(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`tiered` takes a memory and the store behind it: write `tiered(memory(max = 1000, ttl = 10s), redis)`"
}
fn d(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`max = 0` would cache nothing in memory: raise it, or remove `tiered`"
}
::core::compile_error! {
    "`memory(..)` has no option `tl`, did you mean `ttl`?"
}
::core::compile_error! {
    "unknown store `redsi`, did you mean `redis`?"
}
::core::compile_error! {
    "`on_store_error = fail` is for functions that return a `Result`"
}
fn e(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "without `store`, values are kept in memory: write only `max = ..` and `ttl = ..`"
}
fn f(n: u64) -> Result<u64, ()> {
    Ok(n)
}
::core::compile_error! {
    "`version` needs a `store`, and this function has none"
}
::core::compile_error! {
    "`on_store_error` needs a `store`, and this function has none"
}
