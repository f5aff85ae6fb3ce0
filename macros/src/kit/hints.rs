//! Suggestions for unknown names.

use proc_macro2::TokenStream;

use super::near::{near_or_all, quoted};
use super::tokens::text;
use super::values::DurationValue;

/// No option has this name.
pub(super) fn unknown(attribute: &str, name: &str, known: &[&'static str]) -> String {
    let known: Vec<_> = known.iter().copied().filter(|name| *name != "crate").collect();
    let has_none = format!("`{}` has no option `{name}`", written(attribute));
    if let Some(advice) = elsewhere(attribute, name) {
        return format!("{has_none}: {advice}");
    }
    if known.is_empty() { format!("{has_none}: it takes no options") } else { has_none + &near_or_all(name, &known) }
}

/// `#[cached]`, or `redis(..)` in one.
fn written(attribute: &str) -> String {
    if attribute.ends_with(')') { attribute.to_owned() } else { format!("#[{attribute}]") }
}

/// A value without a name, in an attribute whose options all have names.
pub(super) fn nameless(attribute: &str, tokens: &TokenStream, known: &[&'static str]) -> String {
    let known: Vec<_> = known.iter().copied().filter(|name| *name != "crate").collect();
    let meant = NAMELESS.iter().find(|(of, kind, _)| *of == attribute && kind.fits(tokens));
    match (meant, known.first()) {
        (Some((_, _, option)), _) => {
            format!("expected a named option: write `{}`", option.replace("..", &text(tokens)))
        }
        (None, Some(_)) => {
            format!("expected a named option: `{}` accepts {}", written(attribute), quoted(&known))
        }
        (None, None) => format!("`{}` takes no options", written(attribute)),
    }
}

/// The kinds of values without a name.
enum Kind {
    Count,
    Text,
    Time,
    Closure,
    Path,
}

impl Kind {
    fn fits(&self, tokens: &TokenStream) -> bool {
        let text = tokens.to_string();
        match self {
            Kind::Count => text.parse::<u64>().is_ok(),
            Kind::Text => text.starts_with('"'),
            Kind::Time => matches!(DurationValue::parse(tokens.clone()), Ok(DurationValue::Known(..))),
            Kind::Closure => text.starts_with('|'),
            Kind::Path => syn::parse2::<syn::ExprPath>(tokens.clone()).is_ok(),
        }
    }
}

const NAMELESS: &[(&str, Kind, &str)] = &[
    ("retry", Kind::Count, "attempts = .."),
    ("retry", Kind::Time, "wait = fixed(..)"),
    ("retry", Kind::Closure, "when = .."),
    ("timed", Kind::Text, "name = .."),
    ("timed", Kind::Time, "warn_over = .."),
    ("cached", Kind::Count, "max = .."),
    ("cached", Kind::Time, "ttl = .."),
    ("cached", Kind::Text, "key = .."),
    ("cached", Kind::Closure, "if = .."),
    ("fallback", Kind::Closure, "or_else = .."),
    ("guard", Kind::Path, "exit = .."),
    ("guard", Kind::Closure, "exit = .."),
];

/// The names of options in other libraries, and what to write instead. Python's `functools`, `cachetools` and
/// `tenacity`; Rust's `cached`, `backon`, `tracing` and others.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    (
        "cached",
        &["max_size", "maxsize", "size", "capacity", "max_capacity", "limit", "max_entries"],
        "write `max = 1000`",
    ),
    ("cached", &["unbound"], "write `unbounded`"),
    (
        "cached",
        &["time", "expire", "expires", "expiry", "expiration", "timeout", "lifetime", "time_to_live", "max_age"],
        "write `ttl = 5m`",
    ),
    ("cached", &["idle", "time_to_idle", "time_refresh"], "write `tti = 5m`"),
    (
        "cached",
        &["result", "option", "only_ok", "cache_ok"],
        "only `Ok` and `Some` are kept anyway; `cache_err` and `cache_none` keep the others too",
    ),
    (
        "cached",
        &["sync_writes", "sync", "single_flight", "lock"],
        "of calls with the same arguments that come at once, one runs and the others wait, anyway",
    ),
    ("cached", &["convert", "key_fn", "make_key", "hash_key"], "write `key = ..`, an argument or an expression"),
    ("cached", &["ignore", "exclude", "skip_args"], "write `skip(name)`"),
    ("cached", &["typed"], "arguments of different types are different anyway"),
    ("cached", &["redis", "disk"], "write `store = redis` or `store = disk(\"cache.redb\")`"),
    (
        "cached",
        &["ty", "create"],
        "write `store = EXPR` for a store of your own, `max`, `ttl` and `policy` for the usual ones",
    ),
    ("cached", &["with_cached_flag"], "ask `f.cache().info()` or `f.cache().contains(args)`"),
    ("cached", &["map_error"], "write `on_store_error = fail`, and `impl From<festoon::StoreError>` for the error"),
    ("cached", &["condition", "when", "unless"], "write `if = |value| ..`"),
    ("cached", &["thread_local", "local"], "write `scope = thread`"),
    (
        "retry",
        &["tries", "max_attempts", "max_tries", "max_retries", "retries", "times", "count", "max_times", "stop"],
        "write `attempts = 3`, the first call included",
    ),
    ("retry", &["delay", "interval", "sleep", "pause", "wait_fixed"], "write `wait = fixed(1s)`"),
    (
        "retry",
        &["backoff", "factor", "multiplier", "min_delay", "max_delay", "max_wait", "base", "wait_exponential"],
        "write `wait = exponential(100ms, factor = 2, max = 5s)`",
    ),
    ("retry", &["on_retry", "notify", "on_backoff", "on_error"], "write `before_sleep = f`"),
    ("retry", &["on_failure", "retry_error_callback", "on_giveup"], "write `on_give_up = f`"),
    (
        "retry",
        &[
            "exceptions",
            "exception",
            "retry",
            "retry_if",
            "retry_on",
            "condition",
            "on",
            "giveup",
            "predicate",
            "errors",
        ],
        "write `when = |error| ..`, which returns true for the errors to retry",
    ),
    ("retry", &["deadline", "max_time", "total_timeout", "total", "max_elapsed_time"], "write `within = 30s`"),
    ("retry", &["reraise", "err"], "the last error is returned anyway"),
    ("retry", &["result"], "write `until = |value| ..`"),
    (
        "timed",
        &["err", "ret", "fields", "parent", "follows_from"],
        "it belongs to the span, so write it inside of `span(..)`",
    ),
    ("timed", &["skip", "skip_all"], "no argument is shown unless `args(..)` names it"),
    ("span(..)", &["skip", "skip_all"], "no argument is recorded unless `fields(..)` names it"),
    ("span(..)", &["args"], "write `fields(..)`"),
    ("timed", &["threshold", "slow", "slow_threshold", "limit"], "write `warn_over = 250ms`"),
    ("timed", &["error", "warn", "info", "debug", "trace"], "write `span = debug` for a span of that level"),
    ("timed", &["label", "metric", "short_name"], "write `name = \"..\"`"),
    ("timed", &["log", "logger"], "write `span`, or `warn_over = 250ms` for slow calls"),
    (
        "offload",
        &["executor", "runtime", "max_workers", "threads"],
        "write `pool = rayon`, `pool = tokio` or `pool = EXPR`",
    ),
    ("offload", &["lease", "visibility_timeout"], "it belongs to the store: write `store = redis(lease = 30s)`"),
    ("offload", &["concurrency", "prefetch"], "a worker has it: write `festoon::worker().concurrency(4)`"),
    ("offload", &["ttl", "result_expires", "expires"], "write `result_ttl = 10m`, the life of a result in a queue"),
    (
        "offload",
        &["retries", "attempts", "max_retries", "retry"],
        "write `#[retry]` below `#[offload(queue)]` for errors, or `max_deliveries = 5` for workers that are killed",
    ),
    ("invalidates", &["keys", "key", "function", "cache"], "write the call to invalidate, as in `get_user(id)`"),
    ("guard", &["drop", "on_drop", "cleanup", "close", "on_exit", "end"], "write `exit = Self::close`"),
    (
        "circuit_breaker",
        &[
            "failures",
            "failure_rate_threshold",
            "threshold",
            "failure_threshold",
            "error_rate",
            "max_failures",
            "fail_max",
        ],
        "write `failure_rate = 0.5`, with `minimum = 20` and `window = 100`",
    ),
    (
        "circuit_breaker",
        &[
            "reset_timeout",
            "wait_duration",
            "open",
            "break_duration",
            "cooldown",
            "recovery_timeout",
            "wait_duration_in_open_state",
        ],
        "write `open_for = 30s`",
    ),
    (
        "circuit_breaker",
        &["half_open", "permitted_calls", "permitted_number_of_calls_in_half_open_state", "trial", "success_threshold"],
        "write `probes = 3`",
    ),
    (
        "circuit_breaker",
        &["minimum_throughput", "minimum_calls", "minimum_number_of_calls", "volume"],
        "write `minimum = 20`",
    ),
    (
        "circuit_breaker",
        &["sliding_window_size", "sliding_window", "size", "sampling_duration", "last"],
        "write `window = 100` for calls, or `window = 10s` for time",
    ),
    ("circuit_breaker", &["slow_call_duration_threshold", "slow_call", "slow_over"], "write `slow = 2s`"),
    ("circuit_breaker", &["slow_call_rate_threshold", "slow_call_rate"], "write `slow_rate = 0.8`, with `slow = 2s`"),
    (
        "circuit_breaker",
        &["ignore", "exclude", "expected_exception", "record", "ignore_exceptions", "is_failure"],
        "write `when = |error| ..`, which returns true for the errors that count as failures",
    ),
    (
        "rate_limit",
        &[
            "calls",
            "limit",
            "rate",
            "quota",
            "per",
            "period",
            "limit_for_period",
            "limit_refresh_period",
            "max",
            "permits",
        ],
        "write `#[rate_limit(100 / 1s)]`, without a name",
    ),
    ("rate_limit", &["timeout", "timeout_duration", "max_wait", "until_ready", "block"], "write `wait` or `wait = 2s`"),
    ("rate_limit", &["redis", "shared", "distributed", "backend"], "write `store = redis`"),
    ("rate_limit", &["capacity", "allow_burst", "bucket", "bucket_size"], "write `burst = 10`"),
    (
        "bulkhead",
        &["limit", "max_concurrent_calls", "concurrency", "permits", "max_parallelism", "size", "max_concurrency"],
        "write `#[bulkhead(10)]`, without a name",
    ),
    ("bulkhead", &["redis", "shared", "distributed", "backend"], "write `store = redis`"),
    ("bulkhead", &["max_queuing_actions", "queue_capacity", "max_queue", "max_waiting"], "write `queue = 100`"),
    ("bulkhead", &["max_wait_duration", "timeout", "max_wait"], "write `wait = 2s`"),
    (
        "hedge",
        &["delay", "hedge_after", "wait", "timeout", "hedging_delay", "hedge_delay", "percentile"],
        "write `after = 100ms` or `after = p95`",
    ),
    ("hedge", &["max_hedges", "max_hedged_attempts", "attempts", "max"], "there is never more than one second call"),
    (
        "timeout",
        &["after", "limit", "duration", "secs", "seconds", "millis", "timeout", "time", "within"],
        "write `#[timeout(2s)]`, without a name",
    ),
    (
        "fallback",
        &["value", "default", "with", "fallback", "fallback_method"],
        "write `#[fallback(..)]`, without a name",
    ),
    ("register", &["names", "aliases", "alt"], "write `name = \"gzip\", alias(\"gz\")`"),
    (
        "decorate",
        &["with", "function", "f", "by", "wrapper", "decorator"],
        "write `#[decorate(my_function)]`, without a name",
    ),
    ("register", &["default", "factory", "init", "with", "constructor"], "write `new = Self::new`"),
    ("fixed(..)", FIRST_WAIT, "the first duration has no name, write `fixed(50ms)`"),
    ("linear(..)", FIRST_WAIT, "the first duration has no name, write `linear(50ms, 10ms)`"),
    ("exponential(..)", FIRST_WAIT, "the first duration has no name, write `exponential(50ms, factor = 2, max = 2s)`"),
    ("fibonacci(..)", FIRST_WAIT, "the first duration has no name, write `fibonacci(50ms, max = 2s)`"),
    ("decorrelated(..)", FIRST_WAIT, "the first duration has no name, write `decorrelated(50ms, max = 2s)`"),
    ("linear(..)", LONGEST_WAIT, "write `max = 2s`"),
    ("exponential(..)", LONGEST_WAIT, "write `max = 2s`"),
    ("fibonacci(..)", LONGEST_WAIT, "write `max = 2s`"),
    ("decorrelated(..)", LONGEST_WAIT, "write `max = 2s`"),
    ("exponential(..)", &["multiplier", "mult", "exp_base"], "write `factor = 2`"),
    ("decorrelated(..)", &["multiplier", "mult", "exp_base"], "write `factor = 2`"),
];

const FIRST_WAIT: &[&str] = &["base", "min", "initial", "start", "delay", "min_delay"];
const LONGEST_WAIT: &[&str] = &["max_delay", "max_wait", "cap", "limit"];

fn elsewhere(attribute: &str, name: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(of, names, _)| *of == attribute && names.contains(&name)).map(|(.., advice)| *advice)
}

/// How to enable a feature.
pub(crate) fn in_manifest(feature: &str) -> String {
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    format!("write `festoon = {{ version = \"{version}\", features = [\"{feature}\"] }}` in Cargo.toml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decorator;
    use crate::kit::decorate;
    use proc_macro2::{Ident, Span};

    fn told(attribute: &str, option: &str) -> String {
        let (name, item) = (Ident::new(attribute, Span::call_site()), "fn f() -> Result<u8, E> { g() }");
        let (options, item) = (option.parse().unwrap_or_default(), item.parse().unwrap_or_default());
        decorate(name, options, item, decorator).to_string().replace("\\\"", "\"")
    }

    #[test]
    fn names_of_other_libraries_are_explained() {
        for (attribute, names, advice) in ELSEWHERE.iter().filter(|(attribute, ..)| decorator(attribute).is_some()) {
            for name in *names {
                let told = told(attribute, &format!("{name} = 3"));
                assert!(told.contains(advice), "#[{attribute}({name} = 3)] says {told}");
            }
        }
    }

    #[test]
    fn a_value_without_a_name_gets_one() {
        assert!(told("retry", "3").contains("write `attempts = 3`"));
        assert!(told("timed", "\"shop\"").contains("write `name = \"shop\"`"));
        assert!(told("cached", "5m").contains("write `ttl = 5m`"));
        assert!(told("retry", "f(x)").contains("expected one of `attempts`, `within`"));
    }

    #[test]
    fn a_feature_is_a_line_of_the_manifest() {
        assert_eq!(
            in_manifest("redis"),
            "write `festoon = { version = \"0.1\", features = [\"redis\"] }` in Cargo.toml"
        );
    }
}
