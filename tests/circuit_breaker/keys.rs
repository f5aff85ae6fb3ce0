//! A breaker for each key.

use super::*;

#[circuit_breaker(key = host, minimum = 1)]
fn by_host(host: &str, fails: bool) -> Result<(), Fault> {
    run(fails)
}

#[test]
fn each_key_has_its_own() {
    let _ = by_host("a", true);
    assert!(is_refused(&by_host("a", false)));
    assert_eq!(by_host("b", false), Ok(()));
    let of = |host: &str| by_host.breaker().key(host).map(|breaker| breaker.state());
    assert_eq!((of("a"), of("b"), of("c")), (Some(BreakerState::Open), Some(BreakerState::Closed), None));
    by_host.breaker().reset();
    assert_eq!(by_host("a", false), Ok(()));
    by_host.breaker().force_open();
    assert!(is_refused(&by_host("new", false)));
    by_host.breaker().reset();
}

#[circuit_breaker(key = (port, name.to_owned()), minimum = 1)]
fn by_value<T: AsRef<str>>(port: u16, name: &str, text: T) -> Option<usize> {
    text.as_ref().len().checked_sub(usize::from(port))
}

#[test]
fn idle_keys_are_forgotten_and_others_are_not() {
    assert_eq!(by_value(9, "bad", "x"), None);
    for port in 10..5_000 {
        assert_eq!(by_value(port, "good", "x".repeat(5_000)), Some(5_000 - usize::from(port)));
    }
    let keys = (10..5_000).filter(|port| by_value::<&str>.breaker().key(&(*port, "good".to_owned())).is_some()).count();
    assert!(keys < 2_000, "{keys} are kept");
    assert_eq!(by_value(9, "bad", String::from("0123456789")), None, "it is open");
}
