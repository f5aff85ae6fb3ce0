//! Arguments of every kind.

use super::*;

struct Point {
    x: u8,
    y: u8,
}

#[timed]
fn patterns(
    (a, b): (u8, u8),
    mut c: u8,
    &d: &u8,
    Point { x, y: why }: Point,
    [first, .., last]: [u8; 3],
    (whole @ Some(_) | whole @ None): Option<u8>,
    _: u8,
) -> Vec<u8> {
    c += 1;
    vec![a, b, c, d, x, why, first, last, whole.unwrap_or(0)]
}

#[timed]
async fn patterns_later((a, b): (u8, u8), mut c: u8, _: u8) -> Result<u8, String> {
    c += a;
    Ok(b + c)
}

#[test]
fn patterns_are_taken_apart() {
    assert_eq!(patterns((1, 2), 2, &4, Point { x: 5, y: 6 }, [7, 0, 8], Some(9), 0), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(now(patterns_later((1, 2), 3, 0)), Ok(6));
    assert_eq!((patterns.timing().calls(), patterns_later.timing().calls()), (1, 1));
}

/// A user's lock must not be taken for the decorator's own local.
#[timed]
fn unlock(timer: Tell, value: u8, site: u8) -> u8 {
    drop(timer);
    log("work");
    value + site
}

#[timed]
fn unlock_result(timer: Tell, value: u8, body: u8) -> Result<u8, ()> {
    drop(timer);
    log("work");
    Ok(value + body)
}

#[timed]
async fn unlock_later(timer: Tell, value: u8, future: u8) -> Result<u8, ()> {
    drop(timer);
    log("work");
    Ok(value + future)
}

#[test]
fn names_never_meet_those_of_the_expansion() {
    assert_eq!((unlock(Tell("unlocked"), 1, 2), take_log()), (3, vec!["unlocked", "work"]));
    assert_eq!((unlock_result(Tell("unlocked"), 1, 2), take_log()), (Ok(3), vec!["unlocked", "work"]));
    assert_eq!((now(unlock_later(Tell("unlocked"), 1, 2)), take_log()), (Ok(3), vec!["unlocked", "work"]));
}

#[timed]
fn raw(r#type: u8, r#fn: u8) -> u8 {
    r#type + r#fn
}

#[timed]
fn r#match(n: u8) -> u8 {
    n
}

#[test]
fn raw_identifiers_are_names_like_others() {
    assert_eq!(raw(1, 2) + r#match(3), 6);
    assert_eq!((raw.timing().calls(), r#match.timing().calls()), (1, 1));
}

#[timed]
fn opaque(numbers: impl IntoIterator<Item = u8>, text: &impl Display) -> String {
    format!("{}{text}", numbers.into_iter().map(u32::from).sum::<u32>())
}

#[test]
fn impl_trait_arguments() {
    assert_eq!(opaque(vec![1, 2], &"!"), "3!");
}
