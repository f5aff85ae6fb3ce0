//! `#[decorate(f)]`: what the decorator is given, in every shape of function.

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
    #[allow(clippy::needless_lifetimes)]
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
    #[allow(clippy::needless_lifetimes)]
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
    #[allow(unsafe_code)]
    unsafe fn dangerous(n: u32) -> u32 {
        n
    }
    #[decorate(logged)]
    extern "C" fn foreign(n: u32) -> u32 {
        n
    }
    let (dangerous, foreign): (unsafe fn(u32) -> u32, extern "C" fn(u32) -> u32) = (dangerous, foreign);
    // SAFETY: it does nothing dangerous.
    #[allow(unsafe_code)]
    let n = unsafe { dangerous(1) };
    assert_eq!((n, foreign(2)), (1, 2));
}

struct Shop {
    name: String,
    visits: u32,
}

impl Shop {
    fn new() -> Self {
        Shop { name: "shop".to_owned(), visits: 0 }
    }

    #[decorate(shout)]
    fn greet(&self, name: &str) -> String {
        format!("{} greets {name}", self.name)
    }

    #[decorate(logged)]
    fn visit(&mut self, by: u32) -> &mut u32 {
        self.visits += by;
        &mut self.visits
    }

    #[decorate(logged)]
    fn name(&self, _: u32) -> &str {
        &self.name
    }

    #[decorate(logged)]
    fn close(self, last: u32) -> (String, u32) {
        (self.name, last)
    }

    #[decorate(logged)]
    fn shared(self: Arc<Self>, last: u32) -> (Arc<Self>, u32) {
        (self, last)
    }

    #[decorate(logged_later)]
    async fn visit_later(&mut self, by: u32) -> &mut u32 {
        tokio::task::yield_now().await;
        self.visits += by;
        &mut self.visits
    }

    #[decorate(twice_later)]
    async fn visit_twice(&mut self, by: u32) -> u32 {
        self.visits += by;
        self.visits
    }

    #[decorate(again_later)]
    async fn name_again(&self, times: usize) -> String {
        self.name.repeat(times)
    }

    #[decorate(shout_later)]
    async fn greet_later(&self, name: &str) -> String {
        format!("{} greets {name}", self.name)
    }
}

#[test]
fn self_stays_with_the_function_and_the_decorator_gets_the_rest() {
    let mut shop = Shop::new();
    *shop.visit(2) += 1;
    assert_eq!((shop.greet("ada").as_str(), shop.visits, shop.name(0)), ("SHOP GREETS ADA", 3, "shop"));
    assert_eq!(Arc::new(Shop::new()).shared(4).1, 4);
    assert_eq!(shop.close(5), ("shop".to_owned(), 5));
}

#[tokio::test]
async fn async_functions_take_async_decorators() {
    #[decorate(shout_later)]
    async fn greet(name: &str) -> String {
        tokio::task::yield_now().await;
        format!("hello, {name}")
    }
    #[decorate(logged_later)]
    async fn first(text: &str) -> Option<&str> {
        let end = text.find(' ')?;
        Some(&text[..end])
    }
    let mut shop = Shop::new();
    *send(shop.visit_later(2)).await += 1;
    assert_eq!((send(greet("ada")).await.as_str(), send(first("a b")).await), ("HELLO, ADA", Some("a")));
    assert_eq!(shop.visit_twice(10).await, 23);
    assert_eq!(send(shop.name_again(2)).await, "shopshopshopshop");
    assert_eq!((send(shop.greet_later("ada")).await.as_str(), shop.visits), ("SHOP GREETS ADA", 23));
}

trait Greets {
    fn greet(&self, name: &str) -> String;

    #[decorate(shout)]
    fn provided(&self, name: &str) -> String {
        self.greet(name)
    }
}

impl Greets for Shop {
    #[decorate(shout)]
    fn greet(&self, name: &str) -> String {
        format!("{} for {name}", self.name)
    }
}

#[test]
fn trait_methods_can_be_decorated() {
    let shop = Shop::new();
    assert_eq!((shop.provided("a"), Greets::greet(&shop, "b")), ("SHOP FOR A".to_owned(), "SHOP FOR B".to_owned()));
}

#[async_trait]
trait GreetsLater {
    async fn greet(&mut self, name: &str) -> String;
}

#[async_trait]
impl GreetsLater for Shop {
    #[decorate(shout_later)]
    async fn greet(&mut self, name: &str) -> String {
        self.visits += 1;
        format!("{} for {name}", self.name)
    }
}

struct Below;

#[decorate(shout_later)]
#[async_trait]
impl GreetsLater for Below {
    async fn greet(&mut self, name: &str) -> String {
        format!("below for {name}")
    }
}

#[test]
fn async_trait_in_either_order() {
    let mut shop = Shop::new();
    assert_eq!(block_on(GreetsLater::greet(&mut shop, "a")), "SHOP FOR A");
    assert_eq!((block_on(Below.greet("a")).as_str(), shop.visits), ("BELOW FOR A", 1));
}

#[test]
fn a_block_and_its_functions_may_have_different_decorators() {
    fn round(next: impl FnOnce(&str) -> String, name: &str) -> String {
        format!("({})", next(name))
    }
    struct Words;
    #[decorate(round)]
    impl Words {
        #[decorate(shout)]
        fn both(name: &str) -> String {
            name.to_owned()
        }

        #[decorate(round)]
        fn once(name: &str) -> String {
            name.to_owned()
        }
    }
    assert_eq!((Words::both("a").as_str(), Words::once("a").as_str()), ("(A)", "(a)"));
}

#[test]
fn a_whole_block_takes_one_decorator() {
    struct Words;
    #[decorate(shout)]
    impl Words {
        fn one(name: &str) -> String {
            name.to_owned()
        }

        #[festoon::skip]
        fn two(name: &str) -> String {
            name.to_owned()
        }
    }
    assert_eq!((Words::one("a").as_str(), Words::two("a").as_str()), ("A", "a"));
}

mod layers {
    use std::future::Future;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::sync::{LazyLock, Mutex};

    use async_trait::async_trait;
    use festoon::{AsyncDecorator, Call, Decorator, decorate};
    use futures::FutureExt;
    use futures::executor::block_on;

    use super::send;

    /// Writes down what it sees.
    struct Log(&'static Mutex<Vec<String>>);

    impl<R> Decorator<R> for Log {
        fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R {
            let value = next();
            let name = call.name().rsplit("::").next().unwrap_or_default();
            self.0.lock().unwrap().push(format!("{name}: {}", call.outcome(&value)));
            value
        }
    }

    /// Counts the calls; takes it down in a `Drop`, so that a future that is dropped counts as well.
    #[derive(Default)]
    struct Busy {
        now: AtomicU32,
        ever: AtomicU32,
    }

    struct Entered<'a>(&'a AtomicU32);

    impl Busy {
        fn enter(&self) -> Entered<'_> {
            self.ever.fetch_add(1, Relaxed);
            self.now.fetch_add(1, Relaxed);
            Entered(&self.now)
        }
    }

    impl Drop for Entered<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Relaxed);
        }
    }

    impl<R> Decorator<R> for Busy {
        fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
            let _entered = self.enter();
            next()
        }
    }

    impl<F: Future> AsyncDecorator<F> for Busy {
        async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
            let _entered = self.enter();
            next.await
        }
    }

    #[test]
    fn a_layer_goes_around_any_function_and_knows_name_and_outcome() {
        static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());
        struct Words(Vec<String>);
        impl Words {
            #[decorate(layer = Log(&LOG))]
            fn last(&mut self) -> &mut String {
                self.0.last_mut().unwrap()
            }
        }
        #[decorate(layer = Log(&LOG))]
        fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
            text.parse()
        }
        #[decorate(layer = Log(&LOG))]
        fn show<T: std::fmt::Display>(value: &T) -> impl std::fmt::Display + use<T> {
            value.to_string()
        }
        let mut words = Words(vec!["x".to_owned()]);
        words.last().push('y');
        assert_eq!((parse("4"), parse("x").is_err(), show(&3).to_string()), (Ok(4), true, "3".to_owned()));
        assert_eq!(words.0, ["xy"]);
        assert_eq!(*LOG.lock().unwrap(), ["last: success", "parse: success", "parse: error", "show: success"]);
        assert!(festoon::sites().iter().any(|site| site.name.ends_with("::parse") && site.decorators == ["decorate"]));
    }

    #[test]
    fn the_state_belongs_to_the_function_and_is_made_once() {
        static MADE: AtomicU32 = AtomicU32::new(0);
        struct Counter(AtomicU32);
        impl Counter {
            fn new() -> Self {
                MADE.fetch_add(1, Relaxed);
                Counter(AtomicU32::new(0))
            }
        }
        impl Decorator<u32> for Counter {
            fn call(&self, _: Call<u32>, next: impl FnOnce() -> u32) -> u32 {
                next() + self.0.fetch_add(1, Relaxed)
            }
        }
        #[decorate(layer = Counter::new())]
        fn ten() -> u32 {
            10
        }
        #[decorate(layer = Counter::new())]
        fn twenty() -> u32 {
            20
        }
        assert_eq!([ten(), ten(), twenty(), ten()], [10, 11, 20, 12]);
        assert_eq!(MADE.load(Relaxed), 2);
    }

    #[test]
    fn a_static_is_shared_by_several_functions() {
        static BUSY: LazyLock<Busy> = LazyLock::new(Busy::default);
        #[decorate(layer = &BUSY)]
        fn one() -> u32 {
            two() + BUSY.now.load(Relaxed)
        }
        #[decorate(layer = &BUSY)]
        fn two() -> u32 {
            10 * BUSY.now.load(Relaxed)
        }
        assert_eq!((one(), BUSY.now.load(Relaxed), BUSY.ever.load(Relaxed)), (21, 0, 2));
    }

    #[test]
    fn a_layer_for_results_may_answer_itself() {
        #[derive(Debug, PartialEq)]
        struct Refused;
        struct After(AtomicU32);
        impl<T, E: From<Refused>> Decorator<Result<T, E>> for After {
            fn call(&self, _: Call<Result<T, E>>, next: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
                if self.0.fetch_sub(1, Relaxed) == 0 { Err(Refused.into()) } else { next() }
            }
        }
        #[decorate(layer = After(AtomicU32::new(2)))]
        fn work(n: u32) -> Result<u32, Refused> {
            Ok(n)
        }
        assert_eq!([work(1), work(2), work(3)], [Ok(1), Ok(2), Err(Refused)]);
    }

    #[test]
    fn each_instantiation_has_the_layer_of_its_type() {
        struct Size<T>(AtomicU32, std::marker::PhantomData<fn() -> T>);
        impl<T> Decorator<(usize, u32)> for Size<T> {
            fn call(&self, call: Call<(usize, u32)>, next: impl FnOnce() -> (usize, u32)) -> (usize, u32) {
                assert!(call.name().ends_with("::size"), "{}", call.name());
                let (_, calls) = next();
                (size_of::<T>(), calls + self.0.fetch_add(1, Relaxed))
            }
        }
        #[decorate(layer = Size::<T>(AtomicU32::new(0), std::marker::PhantomData))]
        fn size<T: 'static>() -> (usize, u32) {
            (0, 0)
        }
        assert_eq!([size::<u8>(), size::<u16>(), size::<u16>(), size::<u8>()], [(1, 0), (2, 0), (2, 1), (1, 1)]);
    }

    #[async_trait]
    trait Later {
        async fn later(&mut self, by: &str) -> usize;
    }

    static TRAIT_BUSY: LazyLock<Busy> = LazyLock::new(Busy::default);

    #[async_trait]
    impl Later for u32 {
        #[decorate(layer = &TRAIT_BUSY)]
        async fn later(&mut self, by: &str) -> usize {
            *self += 1;
            by.len()
        }
    }

    #[test]
    fn async_layers_keep_futures_send_and_see_them_dropped() {
        static BUSY: LazyLock<Busy> = LazyLock::new(Busy::default);
        #[decorate(layer = &BUSY)]
        async fn first(text: &str) -> Option<&str> {
            let end = text.find(' ')?;
            Some(&text[..end])
        }
        #[decorate(layer = &BUSY)]
        async fn forever() {
            std::future::pending::<()>().await;
        }
        assert_eq!(block_on(send(first("a b"))), Some("a"));
        let mut waiting = Box::pin(send(forever()));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert_eq!((BUSY.now.load(Relaxed), BUSY.ever.load(Relaxed)), (1, 2));
        drop(waiting);
        assert_eq!(BUSY.now.load(Relaxed), 0);
        assert_eq!((block_on(4_u32.later("abc")), TRAIT_BUSY.ever.load(Relaxed)), (3, 1));
    }
}
