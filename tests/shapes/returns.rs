//! Results of every kind.

use super::*;

type Alias<T> = Result<T, String>;

#[timed]
fn aliased(n: u8) -> Alias<u8> {
    if n == 0 { Err("zero".into()) } else { Ok(n) }
}

#[timed]
fn io(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[timed]
fn option(n: u8) -> Option<u8> {
    n.checked_sub(1)
}

#[test]
fn a_result_is_one_by_its_type() {
    let _ = (aliased(0), aliased(1), io("/no/such/file"), option(0));
    assert_eq!((aliased.timing().outcomes().error(), aliased.timing().outcomes().success()), (1, 1));
    assert_eq!(io.timing().outcomes().error(), 1);
    assert_eq!((option.timing().outcomes().error(), option.timing().outcomes().success()), (0, 1));
}

#[timed]
fn iterator(n: u8) -> impl Iterator<Item = u8> + Clone {
    (0..n).map(|n| n * 2)
}

#[timed]
fn in_result(n: u8) -> Result<impl Iterator<Item = (u8, u8)>, impl Display> {
    if n == 0 {
        return Err("zero");
    }
    Ok((0..n).map(|n| (n, n)))
}

#[timed]
fn tuple() -> (impl Fn(u8) -> u8, impl Iterator<Item = impl Display>) {
    (|n| n + 1, vec![1, 2].into_iter())
}

#[timed]
async fn iterator_later() -> Result<impl Iterator<Item = u8>, String> {
    Ok(vec![1, 2].into_iter())
}

#[timed]
fn closure(n: u8) -> impl Fn(u8) -> u8 {
    move |m| n + m
}

#[test]
fn impl_trait_results() {
    assert_eq!(iterator(3).clone().sum::<u8>(), 6);
    assert_eq!(in_result(2).map_err(|e| e.to_string()).unwrap().count(), 2);
    assert_eq!(in_result(0).err().unwrap().to_string(), "zero");
    let (add, mut numbers) = tuple();
    assert_eq!((add(1), numbers.next().unwrap().to_string()), (2, "1".to_owned()));
    assert_eq!(now(iterator_later()).unwrap().sum::<u8>(), 3);
    assert_eq!(closure(1)(2), 3);
    assert_eq!(in_result.timing().outcomes().error(), 1);
}

#[timed]
fn boxed_function() -> Result<Box<dyn Fn() -> u8 + Send + Sync>, ()> {
    Ok(Box::new(|| 3))
}

#[timed]
async fn boxed_function_later() -> Result<Box<dyn Fn() -> u8 + Send>, ()> {
    Ok(Box::new(|| 4))
}

#[timed]
fn boxed_error(text: &str) -> Result<u8, Box<dyn std::error::Error>> {
    if text == "no" {
        return Err("no".into());
    }
    Ok(text.parse::<u8>()?)
}

#[test]
fn values_are_coerced_as_by_the_signature() {
    assert_eq!(boxed_function().unwrap()() + now(boxed_function_later()).unwrap()(), 7);
    assert_eq!(boxed_error("3").unwrap(), 3);
    assert!(boxed_error("no").is_err() && boxed_error("x").is_err());
    assert_eq!(boxed_error.timing().outcomes().error(), 2);
}

#[timed]
fn never() -> ! {
    panic!("on purpose")
}

#[timed]
async fn never_later() -> ! {
    loop {
        pause().await;
    }
}

#[test]
fn functions_that_never_return() {
    assert!(catch_unwind(|| never()).is_err());
    assert!(pin!(never_later()).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let caught = || -> u64 { never.timing().outcomes().count(OutcomeKind::Panic) };
    assert_eq!(caught(), 1);
    assert_eq!(never_later.timing().outcomes().count(OutcomeKind::Cancelled), 1);
}

mod names {
    #[allow(dead_code, reason = "compiling is the test")]
    pub struct Alias;
}

#[timed]
fn shadowed_inside() -> Alias<u8> {
    #[allow(unused_imports, reason = "one that a user has")]
    use self::names::*;
    Ok(1)
}

#[timed]
async fn shadowed_inside_later() -> Alias<u8> {
    #[allow(unused_imports, reason = "one that a user has")]
    use self::names::*;
    Ok(1)
}

#[test]
fn imports_in_the_body_do_not_hide_the_return_type() {
    assert_eq!((shadowed_inside(), now(shadowed_inside_later())), (Ok(1), Ok(1)));
}
