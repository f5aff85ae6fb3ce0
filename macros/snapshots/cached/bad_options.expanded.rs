pub fn name(id: u64, lang: &str) -> String {
    format!("{id}{lang}")
}
::core::compile_error! {
    "`key` and `skip` contradict each other: what is not in `key` is skipped already"
}
::core::compile_error! {
    "`max` and `unbounded` contradict each other: keep one of them"
}
::core::compile_error! {
    "`max = 0` would keep nothing: give it room, or remove `#[cached]`"
}
::core::compile_error! {
    "`#[cached]` has no option `tll`, did you mean `ttl`?; it knows `scope`, `field`, `key`, `skip`, `max`, `unbounded`, `max_weight`, `weigh`, `policy`, `ttl`, `negative_ttl`, `jitter`, `tti`, `stale`, `refresh_ahead`, `stale_if_error`, `if`, `tags`, `cache_err`, `cache_none`, `store`, `version`, `prefix`, `on_store_error`"
}
