//! Layers.

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
