//! How long values live, and which of them are kept.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use festoon::{Decorated, cached, testing};

use super::Runs;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_value_says_how_long_it_lives() {
    static RUNS: Runs = Runs::new();
    #[derive(Clone)]
    struct Token {
        lives: u64,
    }
    #[cached(ttl = |token| Duration::from_secs(token.lives))]
    fn token(lives: u64) -> Option<Token> {
        RUNS.one();
        Some(Token { lives })
    }

    let clock = testing::clock();
    for lives in [3, 10] {
        token(lives).unwrap();
    }
    clock.advance(5 * SECOND);
    assert_eq!((token.cache().contains((3,)), token.cache().contains((10,))), (false, true));
    token(3).unwrap();
    token(10).unwrap();
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn errors_live_for_a_time_of_their_own() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = 1h, negative_ttl = 2s)]
    fn even(n: u32) -> Result<u32, String> {
        RUNS.one();
        if n.is_multiple_of(2) { Ok(n) } else { Err(format!("{n} is odd")) }
    }

    let clock = testing::clock();
    for _ in 0..3 {
        assert_eq!((even(2), even(3)), (Ok(2), Err("3 is odd".to_owned())));
    }
    assert_eq!(RUNS.count(), 2);
    clock.advance(2 * SECOND);
    assert!(even(2).is_ok() && even(3).is_err());
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn nothing_found_is_kept_for_a_time_of_its_own_and_what_is_found_for_ever() {
    static RUNS: Runs = Runs::new();
    #[cached(negative_ttl = 2s)]
    async fn find(n: u32) -> Option<u32> {
        RUNS.one();
        (n > 3).then_some(n)
    }

    let clock = testing::clock();
    futures::executor::block_on(async {
        assert_eq!((find(1).await, find(9).await, find(1).await), (None, Some(9), None));
        assert_eq!(RUNS.count(), 2);
        clock.advance(Duration::from_secs(1 << 30));
        assert_eq!((find(1).await, find(9).await), (None, Some(9)));
    });
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn jitter_takes_a_part_of_each_ttl_and_never_adds_to_it() {
    #[cached(ttl = 100s, jitter = 50s)]
    fn number(n: u32) -> u32 {
        n
    }

    let clock = testing::clock();
    (0..200).for_each(|n| _ = number(n));
    let left = || (0..200).filter(|n| number.cache().contains((*n,))).count();
    clock.advance(49 * SECOND);
    assert_eq!(left(), 200);
    clock.advance(26 * SECOND);
    assert!((60..140).contains(&left()), "{} of 200 are left at the middle", left());
    clock.advance(25 * SECOND);
    assert_eq!(left(), 0);
}

#[test]
fn a_value_that_is_asked_for_stays() {
    static RUNS: Runs = Runs::new();
    #[cached(tti = 10s)]
    fn number(n: u32) -> u32 {
        RUNS.one();
        n
    }

    let clock = testing::clock();
    number(1);
    number(2);
    for _ in 0..5 {
        clock.advance(6 * SECOND);
        number(1);
        let _ = number.cache().peek((2,));
    }
    assert_eq!((number.cache().contains((1,)), number.cache().contains((2,))), (true, false));
    assert_eq!(RUNS.count(), 2);
    clock.advance(10 * SECOND);
    number(1);
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn a_value_that_is_asked_for_all_the_time_still_ends_with_its_ttl() {
    static RUNS: Runs = Runs::new();
    #[cached(tti = 10s, ttl = 30s)]
    fn one() -> u32 {
        RUNS.one()
    }

    let clock = testing::clock();
    for _ in 0..6 {
        one();
        clock.advance(5 * SECOND);
    }
    assert_eq!(one(), 2);
}

#[test]
fn the_function_says_what_is_kept() {
    static RUNS: Runs = Runs::new();
    #[cached(if = |text| text.len() < 3)]
    fn repeat(n: usize) -> Result<String, ()> {
        RUNS.one();
        Ok("x".repeat(n))
    }

    for n in [1, 5, 1, 5] {
        assert_eq!(repeat(n).unwrap().len(), n);
    }
    assert_eq!((RUNS.count(), repeat.cache().info().len), (3, 1));
    repeat.cache().insert((7,), Ok("xxxxxxx".to_owned()));
    assert!(!repeat.cache().contains((7,)));
}

#[test]
fn an_older_value_stands_in_for_an_error_for_a_while() {
    static RUNS: Runs = Runs::new();
    static DOWN: AtomicBool = AtomicBool::new(false);
    #[cached(ttl = 10s, stale_if_error = 1m)]
    fn rate(of: &str) -> Result<u32, &'static str> {
        let run = RUNS.one();
        if DOWN.load(SeqCst) { Err("down") } else { Ok(run) }
    }

    let clock = testing::clock();
    assert_eq!(rate("eur"), Ok(1));
    DOWN.store(true, SeqCst);
    assert_eq!(rate("usd"), Err("down"));
    clock.advance(10 * SECOND);
    assert_eq!((rate("eur"), rate("eur"), RUNS.count()), (Ok(1), Ok(1), 4));
    DOWN.store(false, SeqCst);
    assert_eq!((rate("eur"), rate("eur")), (Ok(5), Ok(5)));
    DOWN.store(true, SeqCst);
    clock.advance(70 * SECOND);
    assert_eq!(rate("eur"), Err("down"));
}

#[test]
fn weight_is_what_counts_when_it_is_said() {
    #[cached(weigh = String::len, max_weight = 32kb)]
    fn text(n: usize) -> String {
        "x".repeat(n)
    }

    (0..500).for_each(|n| assert_eq!(text(n).len(), n));
    let weight: usize = (0..500).filter_map(|n| text.cache().peek((n,))).map(|text| text.len()).sum();
    let info = text.cache().info();
    assert!((20_000..=32 << 10).contains(&weight), "{weight}");
    assert!(info.evictions > 200 && info.capacity.is_none(), "{info:?}");
    // What is heavier than all the room is not kept, and drives nothing out.
    text(100_000);
    let kept = (0..500).filter(|n| text.cache().contains((*n,))).count();
    assert!(!text.cache().contains((100_000,)) && kept == info.len);
}

#[test]
fn tags_clear_functions_together() {
    #[cached(tags("times::shop", "times::all"))]
    fn price(n: u32) -> u32 {
        n
    }
    #[cached(tags("times::all"))]
    fn stock(n: u32) -> u32 {
        n
    }

    price(1);
    stock(1);
    assert_eq!((festoon::cache::clear_tagged("times::shop"), price.cache().info().len), (1, 0));
    assert_eq!(stock.cache().info().len, 1);
    assert_eq!((festoon::cache::clear_tagged("times::all"), stock.cache().info().len), (2, 0));
    assert_eq!(festoon::cache::clear_tagged("times::none"), 0);
}

#[test]
fn the_longest_times_do_not_overflow() {
    #[cached(ttl = Duration::MAX, tti = Duration::MAX, stale_if_error = Duration::MAX)]
    fn long(n: u32) -> Result<u32, ()> {
        Ok(n)
    }

    let clock = testing::clock();
    long(1).unwrap();
    clock.advance(Duration::from_secs(u32::MAX.into()));
    assert!(long.cache().contains((1,)));
}
