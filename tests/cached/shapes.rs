//! Functions of every shape, and the other decorators around a cache.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use festoon::{Decorated, cached as keep, decorate, timed};

use super::Runs;

#[test]
fn patterns_are_taken_apart() {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "a `&self` of a small type is the point")]
    #[keep]
    fn sum(
        (a, b): (u8, u8),
        mut c: u8,
        &d: &u64,
        [first, .., last]: [u8; 3],
        whole @ (Some(_) | None): Option<u8>,
        _: u8,
    ) -> u64 {
        c += 1;
        d + u64::from(a + b + c + first + last + whole.unwrap_or(0))
    }

    let call = || sum((1, 2), 3, &4, [5, 0, 6], Some(7), 8);
    assert_eq!((call(), call(), sum((1, 2), 3, &4, [5, 1, 6], Some(7), 8)), (29, 29, 29));
    assert_eq!((sum.cache().info().hits, sum.cache().info().misses), (1, 2));
    assert!(sum.cache().contains(((1, 2), 3, &4, [5, 1, 6], Some(7), 8)));
}

/// A trait may require an argument that this body does not use. It is part of the key all the same.
#[test]
fn arguments_that_the_body_does_not_use() {
    static RUNS: Runs = Runs::new();

    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Shop;

    impl Shop {
        #[keep(scope = thread)]
        fn open<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(&self, _day: T) -> u32 {
            RUNS.one()
        }

        #[keep]
        fn close(self, _day: String) -> u32 {
            RUNS.one()
        }
    }

    #[keep]
    fn price(_sku: String, _: Vec<u8>) -> u32 {
        RUNS.one()
    }
    #[timed]
    #[keep]
    async fn later(day: u32, _sku: Box<str>) -> u32 {
        let _ = day;
        RUNS.one()
    }

    let day = |name: &str| name.to_owned();
    assert_eq!((Shop.open(day("mon")), Shop.open(day("tue")), Shop.open(day("mon"))), (1, 2, 1));
    assert_eq!((Shop.close(day("mon")), Shop.close(day("tue")), Shop.close(day("mon"))), (3, 4, 3));
    assert_eq!((price(day("a"), vec![1]), price(day("b"), vec![1]), price(day("a"), vec![1])), (5, 6, 5));
    let later = |sku: &str| futures::executor::block_on(later(1, sku.into()));
    assert_eq!((later("a"), later("b"), later("a")), (7, 8, 7));
}

#[test]
#[allow(unsafe_code, reason = "an unsafe function is the point")]
fn unsafe_extern_and_raw_names() {
    #[keep]
    unsafe fn read(text: &str) -> u8 {
        // SAFETY: the caller gives a text that is not empty.
        *unsafe { text.as_bytes().get_unchecked(0) }
    }
    #[keep]
    extern "C" fn called_from_c(r#type: u8) -> u8 {
        r#type + 1
    }
    #[keep]
    fn r#match(r#fn: u8) -> u8 {
        r#fn
    }

    // SAFETY: the text is not empty.
    unsafe {
        assert_eq!((read("a"), read("a")), (b'a', b'a'));
    }
    assert_eq!((called_from_c(1), called_from_c(1), r#match(3), r#match(3)), (2, 2, 3, 3));
    assert_eq!(r#match.cache().info().hits, 1);
}

#[test]
fn functions_made_by_a_macro() {
    macro_rules! doubled {
        ($name:ident, $argument:ident: $ty:ty, $output:ty, $body:expr) => {
            #[keep(max = 3)]
            fn $name($argument: $ty) -> $output {
                $body
            }
        };
    }
    doubled!(length, text: &str, usize, text.len());
    doubled!(perhaps, n: u8, Option<u8>, n.checked_add(1));

    assert_eq!((length("abc"), length("abc"), perhaps(255), perhaps(255), perhaps(1)), (3, 3, None, None, Some(2)));
    assert_eq!((length.cache().info().hits, perhaps.cache().info().misses), (1, 3));
}

#[test]
fn impl_trait_arguments() {
    static RUNS: Runs = Runs::new();
    #[keep(key = shown.to_string())]
    fn show(shown: impl Display, _log: &mut impl Extend<u8>) -> String {
        RUNS.one();
        shown.to_string()
    }
    #[keep]
    fn both(a: impl Into<u64> + Copy + Eq + std::hash::Hash + Send + Sync + 'static, b: u64) -> u64 {
        RUNS.one();
        a.into() + b
    }

    assert_eq!(
        (show("7", &mut vec![]), show("7", &mut vec![]), show(7, &mut vec![])),
        ("7".into(), "7".into(), "7".into())
    );
    assert_eq!(RUNS.count(), 2, "each instantiation has its own cache");
    assert_eq!((both(1_u8, 2), both(1_u8, 2), both(1_u32, 2), RUNS.count()), (3, 3, 3, 4));
}

#[test]
fn unit_is_a_value() {
    static RUNS: Runs = Runs::new();
    #[keep(cache_unit)]
    fn once(_what: &str) {
        RUNS.one();
    }

    once("a");
    once("a");
    assert_eq!((RUNS.count(), once.cache().peek(("a",))), (1, Some(())));
}

#[test]
fn static_references_are_no_borrows() {
    #[keep]
    fn name(n: u8) -> &'static str {
        if n == 0 { "none" } else { "some" }
    }
    #[keep]
    fn action(name: &'static str) -> Option<fn(&str) -> usize> {
        (name == "len").then_some(str::len)
    }
    #[keep]
    fn shared(n: u8) -> Arc<dyn Fn(&str) -> String + Send + Sync> {
        Arc::new(move |text| format!("{text}{n}"))
    }

    assert_eq!((name(0), name(0), name.cache().info().hits), ("none", "none", 1));
    assert_eq!((action("len").unwrap()("abc"), action("other").is_none()), (3, true));
    assert_eq!((shared(1)("a"), shared(1)("b"), shared.cache().info().hits), ("a1".into(), "b1".into(), 1));
}

struct Tree<T>(Vec<T>);

#[keep(skip(self))]
impl<T: Clone + Send + Sync + 'static> Tree<T> {
    fn first<'a>(&'a self, _why: &'a str) -> Option<T> {
        self.0.first().cloned()
    }

    fn empty() -> Arc<Vec<T>> {
        Arc::default()
    }
}

impl<T: Clone + Send + Sync + 'static> Tree<T> {
    #[keep(key = self.0.len())]
    fn describe(&self) -> String {
        format!("{} of {}", self.0.len(), std::any::type_name::<T>())
    }
}

#[test]
fn a_generic_impl_has_a_cache_for_each_type() {
    assert_eq!(
        (Tree(vec![1]).first("a"), Tree(vec![2]).first("a"), Tree(vec!["x"]).first("a")),
        (Some(1), Some(1), Some("x"))
    );
    assert!(Arc::ptr_eq(&Tree::<u8>::empty(), &Tree::<u8>::empty()));
    assert!(Tree::<u16>::empty().is_empty());
    assert_eq!((Tree(vec![1_u8]).describe(), Tree(vec!['a']).describe()), ("1 of u8".into(), "1 of char".into()));
    assert_eq!(Tree::<u8>::describe.cache().peek((&Tree(vec![9]),)), Some("1 of u8".into()));
}

trait Named {
    fn name(&self) -> String;

    #[keep(key = self.name())]
    fn loud(&self) -> String {
        self.name().to_uppercase()
    }
}

impl Named for &str {
    fn name(&self) -> String {
        (*self).to_owned()
    }
}

#[test]
fn provided_methods() {
    assert_eq!(("a".loud(), "a".loud(), "b".loud()), ("A".into(), "A".into(), "B".into()));
    assert_eq!(<&str as Named>::loud.cache().info().hits, 1);
}

#[test]
fn futures_boxed_by_hand() {
    #[keep]
    fn later<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = Option<usize>> + Send + 'a>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            text.find('a')
        })
    }

    let call = |text| futures::executor::block_on(later(text));
    assert_eq!((call("ba"), call("ba"), call("b")), (Some(1), Some(1), None));
    assert_eq!((later.cache().info().hits, later.cache().peek(("ba",))), (1, Some(Some(1))));
}

#[test]
fn a_timed_cache_times_hits_too_and_a_cached_timer_runs_alone() {
    #[timed]
    #[keep]
    fn outside(n: u8) -> u8 {
        n
    }
    #[keep]
    #[timed]
    fn inside(n: u8) -> u8 {
        n
    }

    for _ in 0..3 {
        assert_eq!((outside(1), inside(1)), (1, 1));
    }
    assert_eq!((outside.timing().calls(), outside.cache().info().hits), (3, 2));
    assert_eq!((inside.timing().calls(), inside.cache().info().hits), (1, 2));
}

fn twice(next: impl FnOnce(u32) -> u32, n: u32) -> u32 {
    2 * next(n + 1)
}

#[test]
fn a_decorator_above_changes_what_the_cache_sees() {
    static RUNS: Runs = Runs::new();
    #[decorate(twice)]
    #[keep]
    fn above(n: u32) -> u32 {
        RUNS.one();
        n
    }
    #[keep]
    #[decorate(twice)]
    fn below(n: u32) -> u32 {
        RUNS.one();
        n
    }

    assert_eq!((above(1), above(1), below(1), below(1)), (4, 4, 4, 4));
    assert_eq!((above.cache().peek((2,)), below.cache().peek((1,)), RUNS.count()), (Some(2), Some(4), 2));
}

mod elsewhere {
    pub use festoon as toolkit;
}

#[test]
fn the_crate_may_have_another_name() {
    #[keep(crate = elsewhere::toolkit)]
    fn square(n: u32) -> u32 {
        n * n
    }

    assert_eq!((square(3), square(3), square.cache().info().hits), (9, 9, 1));
}

#[test]
fn cfg_attr_and_a_whole_module() {
    #[keep]
    mod inner {
        pub fn one(n: u8) -> u8 {
            n
        }

        #[festoon::skip]
        pub fn two(n: &mut u8) {
            *n += 1;
        }
    }
    #[cfg_attr(all(), keep(max = 7))]
    fn conditional(n: u8) -> u8 {
        n
    }

    inner::two(&mut 3);
    assert_eq!((inner::one(1), conditional(1)), (1, 1));
    assert_eq!((inner::one.cache().info().len, conditional.cache().info().capacity), (1, Some(7)));
}
