//! `#[decorate(f)]`: what the decorator receives, for every shape of function.

#[path = "decorate/methods.rs"]
mod methods;

#[path = "decorate/layers.rs"]
mod layers;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use festoon::decorate;
use futures::executor::block_on;

fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
    next(name).to_uppercase()
}

/// Around any function of one argument.
fn twice<A: Clone, R: Display>(next: impl Fn(A) -> R, a: A) -> String {
    format!("{}{}", next(a.clone()), next(a))
}

fn logged<A, R>(next: impl FnOnce(A) -> R, a: A) -> R {
    next(a)
}

fn logged2<A, B, R>(next: impl FnOnce(A, B) -> R, a: A, b: B) -> R {
    next(a, b)
}

/// Calls it again, and so lends out what it has captured.
async fn twice_later(mut next: impl AsyncFnMut(u32) -> u32, n: u32) -> u32 {
    next(n).await;
    next(n).await
}

async fn again_later<F: Future<Output = String>>(next: impl Fn(usize) -> F, n: usize) -> String {
    next(n).await + &next(n).await
}

async fn shout_later(next: impl AsyncFnOnce(&str) -> String, name: &str) -> String {
    tokio::task::yield_now().await;
    next(name).await.to_uppercase()
}

/// Generic and async, in the form whose futures stay `Send` with borrowed arguments.
async fn logged_later<A, F: Future>(next: impl FnOnce(A) -> F, a: A) -> F::Output {
    next(a).await
}

fn trimmed(next: impl Fn(&str) -> &str, text: &str) -> &str {
    next(&String::from("shorter lived"));
    next(text).trim()
}

fn send<T: Send>(value: T) -> T {
    value
}

#[test]
fn the_decorator_gets_the_function_and_its_arguments() {
    #[decorate(shout)]
    fn greet(name: &str) -> String {
        format!("hello, {name}")
    }
    assert_eq!(greet("ada"), "HELLO, ADA");
}

#[test]
fn the_top_decorator_is_the_outermost() {
    fn round(next: impl FnOnce(&str) -> String, name: &str) -> String {
        format!("({})", next(name))
    }
    fn square(next: impl FnOnce(&str) -> String, name: &str) -> String {
        format!("[{}]", next(name))
    }
    #[decorate(round)]
    #[decorate(square)]
    fn id(name: &str) -> String {
        name.to_owned()
    }
    assert_eq!(id("x"), "([x])");
}

#[test]
fn a_decorator_may_leave_the_call_out_or_change_the_arguments() {
    fn never(_: impl FnOnce(u32) -> u32, n: u32) -> u32 {
        n
    }
    fn plus_one(next: impl FnOnce(u32) -> u32, n: u32) -> u32 {
        next(n + 1)
    }
    #[decorate(never)]
    fn unreached(_n: u32) -> u32 {
        unreachable!()
    }
    #[decorate(plus_one)]
    fn double(n: u32) -> u32 {
        n * 2
    }
    assert_eq!((unreached(3), double(3)), (3, 8));
}

#[test]
fn a_decorator_may_call_again_and_give_another_type() {
    #[decorate(twice)]
    fn letter(a: &str) -> String {
        a.to_owned()
    }
    assert_eq!(letter("x"), "xx");
}

#[test]
fn any_expression_that_can_be_called_is_a_decorator() {
    fn with_prefix<N: FnOnce(&str) -> String>(prefix: &'static str) -> impl FnOnce(N, &str) -> String {
        move |next, name| format!("{prefix}{}", next(name))
    }
    #[decorate(with_prefix("> "))]
    fn made(name: &str) -> String {
        name.to_owned()
    }
    #[decorate(|next, name: &str| shout(next, &name.replace('a', "o")))]
    fn closed(name: &str) -> String {
        name.to_owned()
    }
    #[decorate(shout)]
    fn path(name: &str) -> String {
        name.to_owned()
    }
    assert_eq!((made("x").as_str(), closed("ada").as_str(), path("x").as_str()), ("> x", "ODO", "X"));
}

#[test]
fn a_closure_may_call_next_or_pass_it_on() {
    #[decorate(|next, n| next(n + 1) * 10)]
    fn next_one(n: u32) -> u32 {
        n
    }
    #[decorate(|next, (), b: Vec<u8>| next((), b.into_iter().rev().collect()))]
    fn two((): (), b: Vec<u8>) -> Vec<u8> {
        b
    }
    #[decorate(|next| next() + 7)]
    fn none() -> u32 {
        0
    }
    #[decorate(|next, text| next(text).trim())]
    #[allow(clippy::needless_lifetimes, reason = "written out, as a user may")]
    fn borrowed<'a>(text: &'a str) -> &'a str {
        &text[1..]
    }
    #[decorate(async |next, text| next(text).await + "!")]
    async fn later(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!((next_one(1), two((), vec![1, 2]), borrowed("abc ")), (20, vec![2, 1], "bc"));
    assert_eq!((none(), block_on(later("x")).as_str()), (7, "x!"));
}

#[test]
fn question_marks_and_returns_end_the_function_and_not_the_decorator() {
    fn noted<T>(next: impl FnOnce(&str) -> Result<T, String>, text: &str) -> Result<T, String> {
        next(text).map_err(|error| format!("{text}: {error}"))
    }
    #[decorate(noted)]
    fn parse(text: &str) -> Result<u32, String> {
        if text.is_empty() {
            return Ok(0);
        }
        let n: u32 = text.parse().map_err(|_| "no number")?;
        Ok(n)
    }
    assert_eq!((parse(""), parse("4"), parse("x")), (Ok(0), Ok(4), Err("x: no number".to_owned())));
}

#[test]
fn arguments_keep_their_patterns_and_their_mut() {
    #[decorate(logged2)]
    fn sum((a, b): (u32, u32), mut c: u32) -> u32 {
        c += 1;
        a + b + c
    }
    #[decorate(logged)]
    fn ignored(_: u32) -> u32 {
        7
    }
    assert_eq!((sum((1, 2), 3), ignored(1)), (7, 7));
}

#[test]
fn borrows_impl_trait_and_generics_pass_through() {
    #[decorate(logged)]
    fn first(text: &str) -> &str {
        if text.is_empty() {
            return text;
        }
        &text[..1]
    }
    #[decorate(logged2)]
    fn longest<'a>(a: &'a str, b: &'a str) -> &'a str {
        if a.len() > b.len() { a } else { b }
    }
    #[decorate(logged)]
    fn first_mut(words: &mut [u8]) -> Option<&mut u8> {
        let first = words.first_mut()?;
        *first += 1;
        Some(first)
    }
    #[decorate(logged2)]
    fn push<'a>(word: &'a str, words: &mut Vec<&'a str>) {
        words.push(word);
    }
    #[decorate(trimmed)]
    #[allow(clippy::needless_lifetimes, reason = "written out, as a user may")]
    fn rest<'a>(text: &'a str) -> &'a str {
        &text[1..]
    }
    #[decorate(logged)]
    fn show(value: impl Display + Copy) -> impl Display {
        format!("<{value}>")
    }
    #[decorate(logged)]
    fn show_ref<T, const N: usize>(value: &T) -> [String; N]
    where
        T: Display + ?Sized,
    {
        [(); N].map(|()| value.to_string())
    }
    #[decorate(logged)]
    fn apply(f: &dyn for<'x> Fn(&'x str) -> &'x str) -> String {
        f("abc").to_owned()
    }
    assert_eq!(first_mut(&mut [1, 2]), Some(&mut 2));
    let mut words = vec!["a"];
    push("b", &mut words);
    assert_eq!((first("abc"), longest("ab", "c"), words), ("a", "ab", vec!["a", "b"]));
    assert_eq!((show(3).to_string(), show_ref::<str, 2>("x")), ("<3>".to_owned(), ["x", "x"].map(str::to_owned)));
    assert_eq!((apply(&|text| &text[1..]).as_str(), rest("x y ")), ("bc", "y"));
}

#[test]
fn functions_without_arguments_and_without_result() {
    fn plain<R>(next: impl FnOnce() -> R) -> R {
        next()
    }
    #[decorate(plain)]
    fn nothing() {}
    #[decorate(plain)]
    fn never() -> ! {
        panic!("as it should")
    }
    nothing();
    assert!(std::panic::catch_unwind(|| never()).is_err());
}

#[test]
fn unsafe_and_foreign_functions_keep_their_type() {
    #[decorate(logged)]
    #[allow(unsafe_code, reason = "an unsafe function is the point")]
    unsafe fn dangerous(n: u32) -> u32 {
        n
    }
    #[decorate(logged)]
    extern "C" fn foreign(n: u32) -> u32 {
        n
    }
    let (dangerous, foreign): (unsafe fn(u32) -> u32, extern "C" fn(u32) -> u32) = (dangerous, foreign);
    // SAFETY: it does nothing dangerous.
    #[allow(unsafe_code, reason = "an unsafe function is the point")]
    let n = unsafe { dangerous(1) };
    assert_eq!((n, foreign(2)), (1, 2));
}
