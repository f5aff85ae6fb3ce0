fn a(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`stale` begins at the end of a `ttl`: give one, such as `ttl = 5m`"
}
::core::compile_error! {
    "`timeout` of zero would never let it answer: give it some time"
}
::core::compile_error! {
    "`cache:6379` is no address of a Redis server: write `redis://host:port`"
}
::core::compile_error! {
    "`redis(..)` has no option `tls`; expected one of `timeout`, `lease`, `wait`, `sentinel`, `cluster`"
}
::core::compile_error! {
    "`max` is about this process's memory: give it one, `store = tiered(memory(max = 1000), ..)`"
}
::core::compile_error! {
    "`stale` works on what is kept in this process alone: leave it or `store` out"
}
fn b(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`on_store_error` is one of `run`, `fail`, did you mean `fail`?"
}
::core::compile_error! {
    "`disk` needs to know where: write `disk(\"cache.redb\")`"
}
fn c(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`tiered` is a memory and what stands behind it: write `tiered(memory(max = 1000, ttl = 10s), redis)`"
}
fn d(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "`max = 0` would keep nothing in memory: give it room, or leave `tiered` out"
}
::core::compile_error! {
    "`memory(..)` has no option `tl`, did you mean `ttl`?"
}
::core::compile_error! {
    "`store` knows no `redsi`, did you mean `redis`?"
}
::core::compile_error! {
    "a call that fails with its store returns an `Err`, but this function returns no `Result`"
}
fn e(n: u64) -> u64 {
    n
}
::core::compile_error! {
    "values are kept in memory without `store`: write `max = ..` and `ttl = ..` alone"
}
fn f(n: u64) -> Result<u64, ()> {
    Ok(n)
}
::core::compile_error! {
    "`version` is about a `store`, and this function has none"
}
::core::compile_error! {
    "`on_store_error` is about a `store`, and this function has none"
}
