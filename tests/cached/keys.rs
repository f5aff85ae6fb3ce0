//! What distinguishes two calls: names that patterns bind, names spelled alike, and other names for the same arguments.

use std::cell::Cell;
use std::time::Duration;

use festoon::{Decorated, cached, decorate, invalidates, testing, timed};

thread_local! {
    /// Each test has a thread of its own.
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

fn run<T>(value: T) -> T {
    RUNS.set(RUNS.get() + 1);
    value
}

/// As web frameworks have them: no `Hash`, no `Eq`.
#[derive(Clone)]
struct Path<T>(T);

#[derive(Clone)]
struct State<T>(T);

/// Would be what `key = b.len()` means, were `b` not an argument.
fn b() -> &'static str {
    "a function"
}

#[cached(key = id)]
fn by_name_in_a_pattern(Path(id): Path<u32>, State(log): State<fn(u32) -> u32>) -> u32 {
    run(log(id))
}

#[test]
fn a_key_names_what_a_pattern_binds() {
    let page = |id| by_name_in_a_pattern(Path(id), State(|n| n * 10));
    assert_eq!((page(1), page(1), page(2)), (10, 10, 20));
    assert_eq!(RUNS.get(), 2);
    let log: fn(u32) -> u32 = |n| n;
    assert!(by_name_in_a_pattern.cache().contains((Path(2), State(log))));
    assert!(by_name_in_a_pattern.cache().invalidate((Path(1), State(log))));
}

#[cached(key = (b.len(), format!("{a}")))]
fn by_expressions((a, b): (u32, &str)) -> String {
    run(format!("{a}{b}"))
}

#[test]
fn expressions_mean_the_names_of_a_pattern() {
    assert_eq!(b(), "a function");
    assert_eq!(by_expressions((1, "x")), "1x");
    assert_eq!(by_expressions((1, "y")), "1x");
    assert_eq!(by_expressions((1, "yy")), "1yy");
    assert_eq!(by_expressions((2, "x")), "2x");
    assert!(by_expressions.cache().contains(((2, "z"),)));
}

#[cached(skip(log))]
fn all_but_one((id, log, _, State(lang)): (u32, fn(u32), u8, State<&str>)) -> String {
    log(id);
    run(format!("{id} {lang}"))
}

#[test]
fn a_part_of_a_pattern_can_be_left_out() {
    let page = |id, log: fn(u32), lang| all_but_one((id, log, 0, State(lang)));
    assert_eq!(page(1, drop, "en"), "1 en");
    assert_eq!(page(1, |_| (), "en"), "1 en");
    assert_eq!(RUNS.get(), 1);
    assert_eq!((page(2, drop, "en"), page(2, drop, "no")), ("2 en".to_owned(), "2 no".to_owned()));
    assert!(all_but_one.cache().contains(((1, drop as fn(u32), 9, State("en")),)));
}

#[cached(key = name)]
fn changed_in_the_body(n: u32, (ref mut list, mut name): (Vec<u32>, String)) -> (usize, String) {
    list.push(n);
    name.push('!');
    run((list.len(), name))
}

#[cached]
fn changed_and_keyed((ref mut list, n): (Vec<u32>, u32)) -> usize {
    list.push(n);
    run(list.len())
}

#[test]
fn the_key_is_made_before_the_body_changes_anything() {
    for _ in 0..2 {
        assert_eq!(changed_in_the_body(1, (vec![1], "a".to_owned())), (2, "a!".to_owned()));
        assert_eq!(changed_and_keyed((vec![], 1)), 1);
        assert_eq!(changed_and_keyed((vec![1], 1)), 2);
    }
    assert_eq!(RUNS.get(), 3);
}

#[cached(ttl = 10s, stale = 10s, key = (id, format!("{tag}")))]
fn refreshed(Path(id): Path<u32>, Path(tag): Path<String>, _log: &str) -> u32 {
    id + u32::try_from(tag.len()).unwrap()
}

#[cached(ttl = 10s, stale = 10s, skip(_log))]
fn refreshed_but_one(id: u32, _log: &str) -> u32 {
    run(id)
}

#[test]
fn a_value_that_is_refreshed_has_the_same_kinds_of_keys() {
    let page = |tag: &str, log| refreshed(Path(1), Path(tag.to_owned()), log);
    assert_eq!((page("a", "x"), page("a", "y"), page("aa", "y")), (2, 2, 3));
    assert_eq!((refreshed.cache().info().hits, refreshed.cache().info().len), (1, 2));
    assert_eq!((refreshed_but_one(1, "x"), refreshed_but_one(1, "y"), RUNS.get()), (1, 1, 1));
}

struct Shop {
    town: &'static str,
}

impl Shop {
    #[cached(key = (self.town, sku))]
    async fn price(&self, Path(sku): Path<String>) -> usize {
        std::future::ready(run(self.town.len() + sku.len())).await
    }
}

#[test]
fn methods_and_async_functions_do_as_well() {
    let price = |town, sku: &str| futures::executor::block_on(Shop { town }.price(Path(sku.to_owned())));
    assert_eq!((price("Oslo", "tea"), price("Oslo", "tea"), price("Rome!", "tea")), (7, 7, 8));
    assert_eq!(RUNS.get(), 2);
}

/// Two parameters that are spelled alike: the macro's own, and the caller's.
macro_rules! alike {
    ($n:ident) => {
        #[cached(key = n)]
        fn by_own($n: u32, n: u32) -> (u32, u32) {
            ($n, n)
        }

        #[cached(key = $n)]
        fn by_given($n: u32, n: u32) -> (u32, u32) {
            ($n, n)
        }

        #[cached(key = n * 2)]
        fn by_expression($n: u32, n: u32) -> (u32, u32) {
            ($n, n)
        }

        #[cached]
        fn by_both($n: u32, n: u32) -> (u32, u32) {
            ($n, n)
        }

        #[invalidates(by_own(0, n))]
        fn forgets_own($n: u32, n: u32) -> u32 {
            $n + n
        }

        #[timed(warn_over = 0s, args($n, n))]
        fn told($n: u32, n: u32) -> u32 {
            $n + n
        }
    };
}

alike!(n);

#[test]
fn of_two_names_spelled_alike_the_token_means_one() {
    assert_eq!((by_own(1, 2), by_own(9, 2), by_own(1, 3)), ((1, 2), (1, 2), (1, 3)));
    assert_eq!((by_given(1, 2), by_given(1, 9), by_given(2, 2)), ((1, 2), (1, 2), (2, 2)));
    assert_eq!((by_expression(1, 2), by_expression(9, 2), by_expression(1, 3)), ((1, 2), (1, 2), (1, 3)));
    assert_eq!((by_both(1, 2), by_both(1, 3), by_both(2, 2)), ((1, 2), (1, 3), (2, 2)));
    assert!(by_own.cache().contains((7, 3)) && by_given.cache().contains((2, 7)));
    forgets_own(7, 3);
    assert!(by_own.cache().contains((7, 2)) && !by_own.cache().contains((7, 3)));
    let events = crate::events::of(|| assert_eq!(told(1, 2), 3));
    assert!(events[0].contains("n = 1, n = 2"), "{events:?}");
}

festoon::stack! { keyed = #[cached(key = id)] }

#[decorate(keyed!)]
fn through_a_stack(id: u32, log: fn(u32)) -> u32 {
    log(id);
    run(id)
}

#[test]
fn a_named_stack_names_arguments() {
    assert_eq!((through_a_stack(1, drop), through_a_stack(1, |_| ()), through_a_stack(2, drop)), (1, 1, 2));
    assert_eq!(RUNS.get(), 2);
}

mod rates {
    use super::Duration;

    pub fn lifetime(rate: &u32) -> Duration {
        Duration::from_secs(u64::from(*rate))
    }

    pub const LIFETIME: Duration = Duration::from_secs(5);
}

#[cached(ttl = rates::lifetime)]
fn as_the_value_says(n: u32) -> u32 {
    run(n)
}

#[cached(ttl = rates::LIFETIME)]
fn as_a_constant_says(n: u32) -> u32 {
    run(n)
}

#[test]
fn a_ttl_is_a_function_or_a_constant_by_its_path() {
    let clock = testing::clock();
    assert_eq!((as_the_value_says(3), as_the_value_says(9), as_a_constant_says(9)), (3, 9, 9));
    clock.advance(Duration::from_secs(4));
    assert_eq!((as_the_value_says(3), as_the_value_says(9), as_a_constant_says(9)), (3, 9, 9));
    assert_eq!(RUNS.get(), 4);
    clock.advance(Duration::from_secs(2));
    as_a_constant_says(9);
    assert_eq!(RUNS.get(), 5);
}

#[cached(cache_unit)]
fn once(name: &str) {
    run(name);
}

#[cached(cache_unit)]
fn once_when_it_succeeds(fails: bool) -> Result<(), ()> {
    run(if fails { Err(()) } else { Ok(()) })
}

#[cached(cache_err)]
fn checked(name: &str) -> Result<(), String> {
    run(if name.is_empty() { Err("empty".to_owned()) } else { Ok(()) })
}

#[test]
fn an_effect_can_take_place_once_for_each_key() {
    once("a");
    once("a");
    once("b");
    assert_eq!(RUNS.get(), 2);
    for _ in 0..2 {
        let _ = (once_when_it_succeeds(true), once_when_it_succeeds(false));
    }
    assert_eq!(RUNS.get(), 5);
    assert!(checked("").is_err() && checked("").is_err());
    assert_eq!(RUNS.get(), 6);
}

/// Room and attempts as one may write them.
#[cached(max = 0x2usize)]
fn two_at_most(n: u32) -> u32 {
    run(n)
}

#[festoon::retry(attempts = 0b11_u8, wait = exponential(0s, factor = 2u32))]
fn three_attempts() -> Result<(), ()> {
    run(Err(()))
}

#[test]
fn numbers_may_be_written_in_every_way() {
    assert_eq!(two_at_most.cache().info().capacity, None);
    for n in 0..9 {
        two_at_most(n);
    }
    assert_eq!(two_at_most.cache().info().capacity, Some(2));
    RUNS.set(0);
    assert_eq!((three_attempts(), RUNS.get()), (Err(()), 3));
}
