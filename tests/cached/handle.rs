//! What a handle reads and writes.

use super::*;

#[test]
fn a_handle_reads_and_writes_by_arguments() {
    static RUNS: Runs = Runs::new();
    #[cached]
    fn size(text: &str, times: usize) -> usize {
        RUNS.one();
        text.len() * times
    }

    assert!(!size.cache().contains(("tea", 2)));
    assert_eq!(size("tea", 2), 6);
    let before = size.cache().info();
    assert!(size.cache().contains(("tea", 2)));
    assert_eq!((size.cache().peek(("tea", 2)), size.cache().peek(("tea", 3))), (Some(6), None));
    assert_eq!(size.cache().info(), before, "looking from outside counts as no call");
    size.cache().insert(("tea", 2), 60);
    assert_eq!((size("tea", 2), RUNS.count()), (60, 1));
    assert!(size.cache().invalidate(("tea", 2)));
    assert!(!size.cache().invalidate(("tea", 2)));
    assert_eq!((size("tea", 2), RUNS.count()), (6, 2));
    assert!((size.cache().info().hit_rate() - 1.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_value_may_be_put_in_before_the_first_call() {
    static RUNS: Runs = Runs::new();
    #[festoon::timed]
    #[cached]
    fn size(text: &str) -> Result<usize, String> {
        RUNS.one();
        Ok(text.len())
    }
    #[cached]
    async fn later(text: String) -> usize {
        RUNS.one();
        std::future::ready(text.len()).await
    }
    #[cached]
    fn untouched(n: u8) -> Option<u8> {
        RUNS.one();
        Some(n)
    }

    let text = "tea".to_owned();
    size.cache().insert((&text,), Ok(30));
    assert_eq!((size("tea"), size.cache().info().hits, size.cache().info().misses), (Ok(30), 1, 0));
    later.cache().insert(("tea".to_owned(),), 31);
    assert_eq!(futures::executor::block_on(later("tea".to_owned())), 31);
    untouched.cache().insert((3,), None);
    assert_eq!((untouched.cache().peek((3,)), RUNS.count()), (None, 0));
    assert_eq!((untouched(3), RUNS.count()), (Some(3), 1));
}

#[test]
fn an_error_put_in_by_hand_is_not_kept() {
    #[cached]
    fn parse(text: &str) -> Parsed<u32> {
        text.parse()
    }

    assert_eq!(parse("1"), Ok(1));
    parse.cache().insert(("2",), "x".parse());
    assert_eq!(parse.cache().peek(("2",)), None);
    parse.cache().insert(("2",), Ok(22));
    assert_eq!(parse("2"), Ok(22));
}

#[test]
fn all_caches_are_listed() {
    #[cached]
    fn listed(n: u32) -> u32 {
        n
    }

    listed(1);
    let all = festoon::cache::all();
    let found = all.iter().find(|cache| cache.name().ends_with("::listed")).unwrap();
    assert_eq!((found.info().len, found.name()), (1, listed.cache().name()));
    assert!(festoon::sites().iter().any(|site| site.name.ends_with("::listed") && site.decorators == ["cached"]));
}
