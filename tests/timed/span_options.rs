//! `#[timed(span(..))]` next to `#[tracing::instrument]`: a subscriber sees the same spans, fields and events.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Debug, Display};
use std::pin::Pin;

use festoon::timed;
use futures::FutureExt;
use futures::executor::block_on;
use tracing::instrument;
use tracing_subscriber::filter::LevelFilter;

use super::a_turn;
use super::span_log::Log;

/// The function with each of the two attributes, and what the call of each leaves behind.
macro_rules! both {
    (#[timed $ours:tt] #[instrument $theirs:tt] $function:item $call:expr) => {{
        let ours = Log::of(|| {
            #[timed $ours]
            $function
            let _ = $call;
        });
        let theirs = Log::of(|| {
            #[instrument $theirs]
            $function
            let _ = $call;
        });
        assert!(!theirs.is_empty());
        assert_eq!(ours, theirs);
        ours
    }};
}

#[derive(Debug)]
struct Order {
    id: u64,
    total: f64,
    r#type: &'static str,
}

const ORDER: Order = Order { id: 7, total: 2.5, r#type: "tea" };

impl Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {}", self.id)
    }
}

#[derive(Debug)]
struct Refused(u8);

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused {}", self.0)
    }
}

impl std::error::Error for Refused {}

#[test]
fn fields_are_recorded_as_what_they_are() {
    const KEY: &str = "shop.key";
    let seen = both! {
        #[timed(span(fields(
            id, paid, order.id, order.total, %order, shown = ?order, http.method = "GET",
            {KEY} = id + 1, kind = order.r#type, none = None::<u32>, later = tracing::field::Empty, size = sku.len(), sku
        )))]
        #[instrument(skip_all, fields(
            id = id, paid = paid, order.id = order.id, order.total = order.total, order = %order, shown = ?order,
            http.method = "GET", {KEY} = id + 1, kind = order.r#type, none = None::<u32>, later,
            size = sku.len(), sku = sku
        ))]
        fn price(id: u32, paid: bool, order: &Order, sku: String) -> u32 {
            drop(sku);
            tracing::Span::current().record("later", "now");
            id + u32::from(paid)
        }
        price(3, true, &ORDER, "tea".to_owned())
    };
    let fields = "id: u64 = 3 paid: bool = true order.id: u64 = 7 order.total: f64 = 2.5 order: debug = order 7";
    assert!(seen[0].contains(fields), "{seen:?}");
    assert!(seen[0].ends_with("kind: str = tea size: u64 = 3 sku: str = tea"), "{seen:?}");
    assert_eq!(seen[1], "record price later: str = now");
}

#[test]
fn level_name_and_target_are_those_asked_for() {
    const NAME: &str = "shop.price";
    both! {
        #[timed(span(level = debug, name = NAME, target = "shop", ret, err))]
        #[instrument(level = "debug", name = NAME, target = "shop", ret, err)]
        fn price() -> Result<u8, Refused> { Ok(1) }
        price()
    };
    both! {
        #[timed(span(level = trace), name = "shop.price", target = "shop")]
        #[instrument(level = "trace", name = "shop.price", target = "shop")]
        async fn price() {}
        block_on(price())
    };
}

#[test]
fn errors_and_values_are_told_inside_of_the_span() {
    let seen = both! {
        #[timed(span(err))]
        #[instrument(err)]
        fn price() -> Result<u8, Refused> { Err(Refused(3))? }
        price()
    };
    let target = module_path!();
    assert_eq!(seen[1], format!("event in price, ERROR {target} [error] error: debug = refused 3"));
    both! {
        #[timed(span(level = debug, err(Debug, level = warn), ret(Display, level = error)))]
        #[instrument(level = "debug", skip_all, err(Debug, level = "warn"), ret(Display, level = "error"))]
        fn price(by: u8) -> Result<u8, Refused> { 10_u8.checked_div(by).ok_or(Refused(by)) }
        (price(0).is_err(), price(2).is_ok())
    };
    let seen = both! {
        #[timed(span(ret))]
        #[instrument(ret)]
        fn price() -> Result<u8, Refused> { Ok(4) }
        price()
    };
    assert!(seen[1].ends_with("return: debug = Ok(4)"), "{seen:?}");
    both! {
        #[timed(span(level = warn, ret))]
        #[instrument(level = "warn", ret, skip_all)]
        fn doubled(n: u8) -> impl Iterator<Item = u8> + Debug { Twice(n) }
        doubled(2).next()
    };
}

/// An iterator that can be shown.
#[derive(Debug)]
struct Twice(u8);

impl Iterator for Twice {
    type Item = u8;
    fn next(&mut self) -> Option<u8> {
        self.0.checked_mul(2)
    }
}

#[test]
fn a_borrow_of_an_argument_can_be_told_about() {
    #[timed(span(ret, fields(n = values.len())))]
    fn first(values: &mut Vec<u8>) -> &mut u8 {
        &mut values[0]
    }
    #[timed(span(fields("with space" = 1, pair.0.1)))]
    fn named(pair: ((u8, u8), u8)) {
        let _ = pair;
    }
    assert!(Log::of(|| named(((1, 2), 3)))[0].ends_with("with space: i64 = 1 pair.0.1: u64 = 2"));
    let log = Log::of(|| *first(&mut vec![1, 2]) += 1);
    assert!(log[1].ends_with("return: debug = 1"), "{log:?}");
}

#[test]
fn async_functions_of_all_kinds_tell_of_their_end() {
    both! {
        #[timed(span(err, ret, fields(id)))]
        #[instrument(err, ret, skip_all, fields(id = id))]
        async fn price(id: u8) -> Result<u8, Refused> { a_turn().await; if id > 1 { Err(Refused(id)) } else { Ok(id) } }
        (block_on(price(1)).is_ok(), block_on(price(2)).is_err())
    };
}

/// (`#[instrument]` does not see them in a function from a `macro_rules!`.)
#[test]
fn functions_that_return_a_future_tell_of_its_end() {
    let ours = Log::of(|| {
        #[timed(span(err, fields(id)))]
        fn boxed(id: u8) -> Pin<Box<dyn Future<Output = Result<u8, Refused>> + Send>> {
            let next = id + 1;
            Box::pin(async move {
                a_turn().await;
                Err(Refused(next))
            })
        }
        #[timed(span(err, ret, fields(%id)))]
        fn opaque(id: u8) -> impl Future<Output = Result<u8, Refused>> {
            async move {
                a_turn().await;
                Ok(id)
            }
        }
        assert!(block_on(boxed(1)).is_err() && block_on(opaque(2)).is_ok());
    });
    let theirs = Log::of(|| {
        #[instrument(err, skip_all, fields(id = id))]
        fn boxed(id: u8) -> Pin<Box<dyn Future<Output = Result<u8, Refused>> + Send>> {
            let next = id + 1;
            Box::pin(async move {
                a_turn().await;
                Err(Refused(next))
            })
        }
        #[instrument(err, ret, skip_all, fields(id = %id))]
        fn opaque(id: u8) -> impl Future<Output = Result<u8, Refused>> {
            async move {
                a_turn().await;
                Ok(id)
            }
        }
        assert!(block_on(boxed(1)).is_err() && block_on(opaque(2)).is_ok());
    });
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 6);
}

#[test]
fn methods_of_async_traits_tell_of_their_end() {
    #[async_trait::async_trait]
    trait Priced {
        async fn price(&mut self, sku: &str) -> Result<usize, Refused>;
    }
    struct Ours(u8);
    #[async_trait::async_trait]
    impl Priced for Ours {
        #[timed(span(err, outcome, fields(self.0, sku, next = self.0 + 1)))]
        async fn price(&mut self, sku: &str) -> Result<usize, Refused> {
            self.0 += 1;
            a_turn().await;
            if sku.is_empty() { Err(Refused(self.0)) } else { Ok(sku.len()) }
        }
    }
    let log = Log::of(|| {
        let mut ours = Ours(1);
        let _ = (block_on(ours.price("tea")), block_on(ours.price("")));
    });
    assert!(log[0].ends_with("self.0: u64 = 1 sku: str = tea next: u64 = 2"), "{log:?}");
    assert_eq!(log[1], "record price outcome: str = success");
    assert_eq!(log[4], "record price outcome: str = error");
    assert!(log[5].starts_with("event in price, ERROR") && log[5].ends_with("error: debug = refused 3"), "{log:?}");
}

#[test]
fn parents_and_causes_are_those_asked_for() {
    both! {
        #[timed(span(parent = None))]
        #[instrument(parent = None)]
        fn work() {}
        { let _outer = tracing::info_span!("outer").entered(); work(); }
    };
    both! {
        #[timed(span(parent = &parent, follows_from = [cause]))]
        #[instrument(parent = &parent, follows_from = [cause], skip_all)]
        fn work(parent: tracing::Span, cause: &tracing::Span) {}
        {
            let (parent, cause) = (tracing::info_span!("parent"), tracing::info_span!("cause"));
            work(parent, &cause);
        }
    };
    both! {
        #[timed(span(follows_from = causes))]
        #[instrument(follows_from = causes, skip_all)]
        async fn work(causes: Vec<tracing::Id>) {}
        block_on(work(tracing::info_span!("cause").id().into_iter().collect()))
    };
}

#[test]
fn fields_are_evaluated_once_and_only_for_a_span_that_is_enabled() {
    #[timed(span(level = debug, fields(n = seen.replace(seen.get() + 1)), follows_from = { seen.set(seen.get() + 10); std::iter::empty::<tracing::Id>() }))]
    fn work(seen: &Cell<u8>) {}
    #[timed(span(level = debug, fields(n = seen.replace(seen.get() + 1))))]
    async fn later(seen: &Cell<u8>) {
        a_turn().await;
    }
    let seen = Cell::new(0);
    assert_eq!(Log::filtered(LevelFilter::INFO, || work(&seen)).len() + usize::from(seen.get()), 0);
    assert_eq!(Log::of(|| work(&seen)).len(), 2);
    assert_eq!(seen.replace(0), 11);
    let log = Log::of(|| {
        let future = later(&seen);
        assert_eq!(seen.get(), 0, "at the first poll");
        block_on(future);
    });
    assert_eq!((log.len(), seen.get()), (2, 1));
}

#[test]
fn a_field_holds_nothing_while_the_function_runs() {
    #[timed(span(fields(n = cell.borrow().len()), ret))]
    async fn grow(cell: &RefCell<Vec<u8>>) -> usize {
        a_turn().await;
        cell.borrow_mut().push(1);
        cell.borrow().len()
    }
    #[timed(span(fields(n = cell.borrow().len())))]
    fn grow_now(cell: &RefCell<Vec<u8>>) {
        cell.borrow_mut().push(1);
    }
    let cell = RefCell::default();
    let log = Log::of(|| {
        grow_now(&cell);
        assert_eq!(block_on(grow(&cell)), 2);
    });
    assert!(log[2].ends_with("n: u64 = 1") && log[3].ends_with("return: debug = 2"), "{log:?}");
}

#[test]
fn the_outcome_is_recorded_however_a_call_ends() {
    #[timed(span(outcome, err))]
    fn parse(text: &str) -> Result<u8, std::num::ParseIntError> {
        assert_ne!(text, "panic");
        text.parse()
    }
    #[timed(span(outcome))]
    fn work(fails: bool) {
        assert!(!fails);
    }
    #[timed(span(outcome))]
    async fn wait(fails: bool) {
        a_turn().await;
        assert!(!fails);
    }
    let outcome = |body: fn()| {
        let log = Log::of(|| drop(std::panic::catch_unwind(body)));
        let records: Vec<_> = log.iter().filter_map(|line| line.split_once("outcome: str = ")).collect();
        assert_eq!(records.len(), 1, "{log:?}");
        records[0].1.to_owned()
    };
    assert_eq!(outcome(|| drop(parse("1"))), "success");
    assert_eq!(outcome(|| drop(parse("x"))), "error");
    assert_eq!(outcome(|| drop(parse("panic"))), "panic");
    assert_eq!((outcome(|| work(false)), outcome(|| work(true))), ("success".to_owned(), "panic".to_owned()));
    assert_eq!(outcome(|| block_on(wait(false))), "success");
    assert_eq!(outcome(|| block_on(wait(true))), "panic");
    assert_eq!(outcome(|| assert!(wait(false).now_or_never().is_none())), "cancelled");
    // The enclosing span is left alone if the call's own is disabled.
    #[timed(span(level = trace, outcome))]
    fn quiet() {}
    let log = Log::filtered(LevelFilter::INFO, || tracing::info_span!("outer", outcome = "mine").in_scope(quiet));
    assert_eq!(log.len(), 2, "{log:?}");
}

#[test]
fn methods_of_a_block_have_fields_of_their_own_receiver() {
    struct Shop {
        id: u8,
    }
    #[timed(span(fields(self.id), outcome))]
    impl Shop {
        fn grow(&mut self, #[cfg(any())] absent: u8) -> u8 {
            self.id += 1;
            self.id
        }
        async fn close(self, _at: u8) -> u8 {
            a_turn().await;
            self.id
        }
    }
    let log = Log::of(|| {
        let mut shop = Shop { id: 1 };
        assert_eq!((shop.grow(), block_on(shop.close(0))), (2, 2));
    });
    assert!(log[0].ends_with("self.id: u64 = 1") && log[3].ends_with("self.id: u64 = 2"), "{log:?}");
}

#[test]
fn futures_with_fields_can_be_sent_to_other_threads() {
    #[timed(span(fields(sku, n = %sku.len(), outcome = ?sku), err(Debug), ret))]
    async fn price(sku: String) -> Result<usize, String> {
        tokio::task::yield_now().await;
        Ok(sku.len())
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let spawned = runtime.block_on(async { tokio::spawn(price("tea".to_owned())).await });
    assert_eq!(spawned.unwrap(), Ok(3));
}
