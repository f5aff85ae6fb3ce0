//! Every shape of function that a user may decorate, also compiled as Rust 2018 and 2021 by `editions/`.

use festoon::{Decorated, OutcomeKind, timed};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Runs a future that never has to wait for anything.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// Is pending once.
async fn pause() {
    let mut polled = false;
    std::future::poll_fn(|context| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn log(word: &'static str) {
    LOG.with(|log| log.borrow_mut().push(word));
}

fn take_log() -> Vec<&'static str> {
    LOG.with(|log| log.borrow_mut().drain(..).collect())
}

/// Writes its word when it is dropped.
struct Tell(&'static str);

impl Drop for Tell {
    fn drop(&mut self) {
        log(self.0);
    }
}

mod arguments {
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
}

mod borrows {
    use super::*;

    #[timed]
    fn first_mut(numbers: &mut Vec<u8>) -> &mut u8 {
        &mut numbers[0]
    }

    #[timed]
    fn get_mut(numbers: &mut Vec<u8>, at: usize) -> Option<&mut u8> {
        numbers.get_mut(at)
    }

    #[timed]
    fn try_mut(numbers: &mut Vec<u8>, at: usize) -> Result<&mut u8, usize> {
        let length = numbers.len();
        numbers.get_mut(at).ok_or(length)
    }

    #[timed]
    fn early<'a>(numbers: &'a Vec<u8>, other: &'a [u8]) -> Result<&'a [u8], ()> {
        if !numbers.is_empty() {
            return Ok(numbers);
        }
        Ok(other)
    }

    #[timed]
    async fn early_later(numbers: &Vec<u8>) -> Option<&[u8]> {
        if numbers.is_empty() {
            return None;
        }
        if numbers.len() > 1 {
            return Some(numbers);
        }
        Some(numbers)
    }

    #[timed]
    async fn write_later(number: &mut u8) -> Result<&mut u8, String> {
        *number += 1;
        pause().await;
        *number += 1;
        Ok(number)
    }

    #[timed]
    fn cow(text: &str) -> Cow<'_, str> {
        if text.is_empty() {
            return "empty".into();
        }
        Cow::Borrowed(text)
    }

    #[test]
    fn what_goes_in_borrowed_comes_out_borrowed() {
        let mut numbers = vec![1, 2];
        *first_mut(&mut numbers) = 3;
        *get_mut(&mut numbers, 1).unwrap() = 4;
        *try_mut(&mut numbers, 1).unwrap() += 1;
        assert_eq!(try_mut(&mut numbers, 9), Err(2));
        assert_eq!(early(&numbers, &[]), Ok(&[3, 5][..]));
        assert_eq!(now(early_later(&numbers)), Some(&[3, 5][..]));
        assert_eq!(cow("") + &*cow("a"), "emptya");
        let mut n = 1;
        let mut future = Box::pin(write_later(&mut n));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(matches!(future.as_mut().poll(&mut context), Poll::Ready(Ok(3))));
        assert_eq!(try_mut.timing().outcomes().error(), 1);
    }
}

mod returns {
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
        #[allow(dead_code)]
        pub struct Alias;
    }

    #[timed]
    fn shadowed_inside() -> Alias<u8> {
        #[allow(unused_imports)]
        use self::names::*;
        Ok(1)
    }

    #[timed]
    async fn shadowed_inside_later() -> Alias<u8> {
        #[allow(unused_imports)]
        use self::names::*;
        Ok(1)
    }

    #[test]
    fn imports_in_the_body_do_not_hide_the_return_type() {
        assert_eq!((shadowed_inside(), now(shadowed_inside_later())), (Ok(1), Ok(1)));
    }
}

mod kinds {
    use super::*;

    #[timed]
    extern "C" fn c_abi(n: u8) -> u8 {
        n + 1
    }

    #[test]
    fn the_abi_is_kept() {
        let function: extern "C" fn(u8) -> u8 = c_abi;
        assert_eq!(function(1), 2);
    }

    #[timed]
    #[track_caller]
    fn here() -> u32 {
        Location::caller().line()
    }

    #[timed]
    #[track_caller]
    fn here_result() -> Result<u32, String> {
        Ok(Location::caller().line())
    }

    #[test]
    fn the_caller_is_still_tracked() {
        assert_eq!((here(), here_result()), (line!(), Ok(line!())));
    }

    #[timed]
    fn largest<T, const N: usize>(numbers: [T; N]) -> Option<T>
    where
        T: Ord + Copy,
        [T; N]: Sized,
    {
        numbers.iter().copied().max()
    }

    struct Array<const N: usize>([u8; N]);

    #[timed]
    fn sized(array: Array<{ 1 + 1 }>) -> Array<{ 3 - 1 }> {
        array
    }

    #[test]
    fn generics_have_one_row() {
        assert_eq!((largest([1, 3, 2]), largest(["a", "b"])), (Some(3), Some("b")));
        assert_eq!(largest::<u8, 3>.timing().calls(), 2);
        assert_eq!(sized(Array([1, 2])).0, [1, 2]);
    }

    #[timed]
    fn fib(mut n: u64) -> u64 {
        if n < 2 {
            return n;
        }
        n -= 1;
        fib(n) + fib(n - 1)
    }

    #[timed]
    fn deep(n: u32) -> Result<u32, String> {
        if n == 0 { Ok(0) } else { Ok(deep(n - 1)? + 1) }
    }

    #[test]
    fn recursion() {
        assert_eq!((fib(10), deep(1000)), (55, Ok(1000)));
        assert_eq!((fib.timing().calls(), deep.timing().calls()), (177, 1001));
    }

    #[timed]
    fn inner_attributes() -> u8 {
        #![allow(unused_variables)]
        #![allow(clippy::let_unit_value)]
        let unused = 1;
        2
    }

    #[timed]
    async fn inner_attributes_later() -> Result<u8, ()> {
        #![allow(unused_variables)]
        let unused = 1;
        Ok(2)
    }

    #[timed]
    fn braces_first() -> u8 {
        {}
        1
    }

    #[timed]
    fn nothing() {}

    #[timed]
    async fn nothing_later() {}

    #[test]
    fn odd_bodies() {
        assert_eq!((inner_attributes(), now(inner_attributes_later()), braces_first()), (2, Ok(2), 1));
        nothing();
        now(nothing_later());
        assert_eq!((nothing.timing().calls(), nothing_later.timing().calls()), (1, 1));
    }
}

mod methods {
    use super::*;

    #[derive(Default)]
    struct Shop {
        price: u8,
        names: HashMap<u8, String>,
    }

    #[timed]
    impl Shop {
        const LIMIT: u8 = { 3 };

        fn price(&self) -> u8 {
            self.price
        }

        fn set(&mut self, price: u8) -> Result<&mut Self, u8> {
            self.price = price;
            if price > Self::LIMIT { Err(price) } else { Ok(self) }
        }

        fn name_mut(&mut self, id: u8) -> Option<&mut String> {
            self.names.get_mut(&id)
        }

        fn into_price(mut self) -> u8 {
            self.price += 1;
            self.price
        }

        fn shared(self: Arc<Self>) -> usize {
            Arc::strong_count(&self)
        }

        fn pinned(self: Pin<&mut Self>) -> u8 {
            self.get_mut().price
        }

        async fn name(&self, id: u8) -> Cow<'_, str> {
            pause().await;
            match self.names.get(&id) {
                Some(name) => name.into(),
                None => "nameless".into(),
            }
        }

        async fn load(&mut self, price: u8) -> Result<&mut Self, String> {
            self.price = price;
            Ok(self)
        }

        async fn consume(self: Arc<Self>) -> u8 {
            self.price
        }

        const fn limit() -> u8 {
            Self::LIMIT
        }

        #[festoon::skip]
        fn left_out(&self) -> u8 {
            self.price
        }

        #[inline]
        fn associated(n: u8) -> Self {
            Shop { price: n, ..Self::default() }
        }
    }

    #[test]
    fn every_receiver() {
        let mut shop = Shop::associated(2);
        assert_eq!(shop.price() + shop.left_out() + Shop::limit(), 7);
        assert!(shop.set(3).is_ok() && shop.set(4).is_err());
        assert_eq!(shop.name_mut(1), None);
        assert_eq!(Pin::new(&mut shop).pinned(), 4);
        assert_eq!(now(shop.load(2)).map(|shop| shop.price), Ok(2));
        assert_eq!(shop.into_price(), 3);
        let shop = Arc::new(Shop::default());
        assert_eq!((shop.clone().shared(), now(shop.consume())), (2, 0));
        assert_eq!(Shop::price.timing().calls(), 1);
        let left_out = catch_unwind(|| Shop::left_out.timing().calls());
        assert_eq!(left_out.ok(), if cfg!(debug_assertions) { None } else { Some(0) });
        assert_eq!(Shop::set.timing().outcomes().error(), 1);
    }

    #[test]
    fn futures_of_methods_borrow_as_they_did() {
        let shop = Shop::default();
        let mut future = Box::pin(shop.name(1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(matches!(future.as_mut().poll(&mut context), Poll::Ready(name) if name == "nameless"));
    }

    trait Prices {
        fn one(&self) -> u8;

        #[timed]
        fn two(&self) -> u8 {
            self.one() * 2
        }

        async fn later(&self) -> u8;
    }

    #[timed]
    impl Prices for Shop {
        fn one(&self) -> u8 {
            self.price
        }

        async fn later(&self) -> u8 {
            self.one()
        }
    }

    #[timed]
    impl<T> Prices for [T]
    where
        T: Clone,
    {
        fn one(&self) -> u8 {
            1
        }

        async fn later(&self) -> u8 {
            self.two()
        }
    }

    #[test]
    fn traits() {
        let shop = Shop::associated(5);
        assert_eq!((shop.two(), [1_u8][..].two(), now([1_u8][..].later())), (10, 2, 2));
        assert_eq!(now(shop.later()), 5);
        assert_eq!(<Shop as Prices>::one.timing().calls(), 2);
        assert_eq!(<Shop as Prices>::two.timing().calls(), 3);
    }
}

mod boxed {
    use super::*;

    #[timed]
    fn by_hand(n: u8) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
        log("before");
        let next = n + 1;
        Box::pin(async move {
            log("inside");
            if next == 0 {
                return Err("zero".into());
            }
            Ok(next)
        })
    }

    #[timed]
    fn bare(n: &u8) -> impl Future<Output = u8> + '_ {
        let next = *n + 1;
        async move {
            pause().await;
            next
        }
    }

    #[timed]
    #[allow(unused_qualifications)]
    fn without_move() -> Pin<Box<dyn Future<Output = u8>>> {
        std::boxed::Box::pin(async { 5 })
    }

    #[test]
    fn the_work_is_measured_and_not_the_boxing() {
        let future = by_hand(1);
        assert_eq!((take_log(), by_hand.timing().calls()), (vec!["before"], 0));
        assert_eq!((now(future), take_log(), by_hand.timing().calls()), (Ok(2), vec!["inside"], 1));
        assert_eq!(now(without_move()), 5);
        let mut future = Box::pin(bare(&1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(future.as_mut().poll(&mut context).is_ready());
        assert_eq!(without_move.timing().polls(), 1);
    }
}

mod endings {
    use super::*;

    #[timed]
    fn breaks(n: u8) -> Result<u8, String> {
        assert!(n > 0, "on purpose");
        Ok(n)
    }

    #[timed]
    fn breaks_in_drop(n: u8) -> u8 {
        struct Breaks;
        impl Drop for Breaks {
            fn drop(&mut self) {
                panic!("on purpose");
            }
        }
        let _breaks = Breaks;
        n
    }

    #[timed]
    async fn breaks_later(n: u8) -> u8 {
        pause().await;
        assert!(n > 0, "on purpose");
        n
    }

    #[test]
    fn panics_are_counted_and_pass_through() {
        assert!(catch_unwind(|| breaks(0)).is_err());
        assert!(catch_unwind(|| breaks_in_drop(0)).is_err());
        let mut future = Box::pin(breaks_later(0));
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context))).is_err());
        for outcomes in
            [breaks.timing().outcomes(), breaks_in_drop.timing().outcomes(), breaks_later.timing().outcomes()]
        {
            assert_eq!((outcomes.count(OutcomeKind::Panic), outcomes.total()), (1, 1));
        }
    }

    #[timed]
    async fn waits(_tell: Tell) -> u8 {
        pause().await;
        1
    }

    #[test]
    fn a_future_may_be_dropped_at_any_time() {
        drop(waits(Tell("unpolled")));
        assert_eq!((take_log(), waits.timing().calls()), (vec!["unpolled"], 0));
        let mut future = Box::pin(waits(Tell("polled")));
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(future);
        assert_eq!(take_log(), ["polled"]);
        assert_eq!(waits.timing().outcomes().count(OutcomeKind::Cancelled), 1);
    }

    struct Temporary;

    impl Temporary {
        fn get(&self) -> u8 {
            1
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            log("temporary");
        }
    }

    macro_rules! twins {
        ($(#[$timed:meta])? $module:ident) => {
            mod $module {
                use super::*;

                $(#[$timed])?
                pub fn plain(_a: Tell, _: Tell, _b: Tell) -> u8 {
                    let _local = Tell("local");
                    Temporary.get()
                }

                $(#[$timed])?
                pub fn result(a: Tell, _: Tell, b: Tell) -> Result<u8, ()> {
                    let _local = (Tell("local"), &b, &a);
                    Ok(Temporary.get())
                }

                $(#[$timed])?
                pub async fn later(a: Tell, _: Tell, b: Tell) -> Result<u8, ()> {
                    let _local = (Tell("local"), &b, &a);
                    Ok(Temporary.get())
                }
            }
        };
    }

    twins!(undecorated);
    twins!(
        #[timed]
        decorated
    );

    #[test]
    fn things_are_dropped_in_the_same_order() {
        macro_rules! order {
            ($run:expr) => {{
                let _ = $run(Tell("a"), Tell("nameless"), Tell("b"));
                take_log()
            }};
        }
        assert_eq!(order!(decorated::plain), order!(undecorated::plain));
        // Where a closure or a future holds the body, the arguments still come last; among themselves they may differ.
        let settled = |mut order: Vec<&'static str>| {
            order[2..].sort_unstable();
            order
        };
        assert_eq!(settled(order!(decorated::result)), settled(order!(undecorated::result)));
        let later = |a, nameless, b| now(undecorated::later(a, nameless, b));
        let decorated = |a, nameless, b| now(decorated::later(a, nameless, b));
        assert_eq!(settled(order!(decorated)), settled(order!(later)));
    }
}

mod made_by_macros {
    use super::*;

    macro_rules! make {
        ($(#[$attr:meta])* $vis:vis $name:ident, $ty:ty, $value:expr) => {
            $(#[$attr])*
            #[timed]
            $vis fn $name(extra: $ty) -> $ty {
                extra + $value * 2
            }
        };
    }

    make!(/// One.
        pub(super) one, u8, 1 + 1);
    make!(two, u16, 2);

    macro_rules! binds {
        ($name:ident, $value:expr, $negative:expr) => {
            #[timed]
            fn $name() -> (i32, i32, f64, i32, Vec<i32>) {
                let list = [0, 1, 2, 3, 4, 5];
                (
                    -$value,
                    $negative.abs(),
                    f64::from($value as i32 * 2),
                    list[$value as usize],
                    ($value..$value + 1).collect(),
                )
            }
        };
    }

    binds!(bound, 1 + 1, -3_i32);

    macro_rules! typed {
        ($name:ident, $ty:ty, $ret:ty) => {
            #[timed]
            fn $name<'a>(value: &'a $ty) -> Result<&'a $ty, $ret> {
                Ok(value)
            }

            const _: () = {
                #[timed]
                fn future() -> $ret {
                    Box::pin(async move { 1 })
                }
                let _ = future;
            };
        };
    }

    typed!(typed, dyn Display + Send, Pin<Box<dyn Future<Output = u8>>>);

    macro_rules! with_body {
        ($name:ident $body:block) => {
            #[timed(name = stringify!($name))]
            fn $name() -> Result<u8, String> $body
        };
    }

    with_body!(bodied {
        let n: u8 = "3".parse().map_err(|_| "no".to_owned())?;
        Ok(n)
    });

    macro_rules! decorate_item {
        ($item:item) => {
            #[timed]
            $item
        };
    }

    decorate_item! {
        /// With its own attributes.
        #[inline]
        fn whole(n: u8) -> u8 {
            n
        }
    }

    struct Shop;

    decorate_item! {
        impl Shop {
            fn price(&self) -> u8 {
                3
            }
        }
    }

    macro_rules! module {
        ($name:ident { $($item:item)* }) => {
            #[timed]
            pub mod $name {
                $($item)*
            }
        };
    }

    module!(inner {
        pub const LIMIT: u8 = 3;
        pub fn f() -> u8 { LIMIT }
        pub async fn g() -> Result<u8, ()> { Ok(LIMIT) }
    });

    macro_rules! limited {
        ($limit:expr, $name:literal) => {
            #[timed(warn_over = $limit, name = $name)]
            fn limited() -> u8 {
                1
            }
        };
    }

    limited!(std::time::Duration::from_secs(1), "limited");

    #[test]
    fn functions_from_macros() {
        assert_eq!((one(1), two(1)), (5, 5));
        assert_eq!(bound(), (-2, 3, 4.0, 2, vec![2]));
        assert_eq!(typed(&1).map_err(drop).map(ToString::to_string), Ok("1".to_owned()));
        assert_eq!((one.timing().calls(), two.timing().calls()), (1, 1));
        assert_eq!((bodied(), whole(1), Shop.price(), inner::f(), now(inner::g())), (Ok(3), 1, 3, 3, Ok(3)));
        assert_eq!((bodied.timing().calls(), whole.timing().calls(), Shop::price.timing().calls()), (1, 1, 1));
        assert_eq!((inner::f.timing().calls(), inner::g.timing().calls()), (1, 1));
        assert_eq!((limited(), limited.timing().calls()), (1, 1));
    }
}

mod futures {
    use super::*;

    fn is_send_and_static<T: Send + 'static>(_: &T) {}

    #[timed]
    async fn sendable(text: String) -> Result<usize, String> {
        let length = text.len();
        pause().await;
        Ok(length + text.len())
    }

    async fn plain(text: String) -> Result<usize, String> {
        let length = text.len();
        pause().await;
        Ok(length + text.len())
    }

    #[test]
    fn futures_stay_send_static_and_small() {
        let (decorated, plain) = (sendable(String::new()), plain(String::new()));
        is_send_and_static(&decorated);
        let (larger, size) = (size_of_val(&decorated), size_of_val(&plain));
        assert!(larger <= size + 64, "{} bytes, without the decorator {}", larger, size);
        drop((decorated, plain));
    }
}
