//! The order of a stack: the top decorator is the outermost. Each layer of these tests logs when it is entered (`a`)
//! and left (`-a`).

use festoon::{AsyncDecorator, Call, Decorated, Decorator, decorate, timed};
use futures::executor::block_on;
use std::cell::RefCell;

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(word: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(word.into()));
}

fn take_log() -> String {
    LOG.take().join(" ")
}

/// A layer that logs its name.
struct Log(&'static str);

impl<R> Decorator<R> for Log {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        log(self.0);
        let value = next();
        log(format!("-{}", self.0));
        value
    }
}

impl<F: Future> AsyncDecorator<F> for Log {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        log(self.0);
        let value = next.await;
        log(format!("-{}", self.0));
        value
    }
}

const A: Log = Log("a");
const B: Log = Log("b");
const C: Log = Log("c");
const D: Log = Log("d");

mod four {
    use super::*;

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[decorate(layer = C)]
    #[decorate(layer = D)]
    fn plain() {
        log("body");
    }

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[decorate(layer = C)]
    #[decorate(layer = D)]
    async fn later() -> Result<(), String> {
        log("body");
        Ok(())
    }

    #[test]
    fn read_from_top_to_bottom() {
        plain();
        assert_eq!(take_log(), "a b c d body -d -c -b -a");
        block_on(later()).unwrap();
        assert_eq!(take_log(), "a b c d body -d -c -b -a");
    }
}

mod mixed {
    use super::*;
    use festoon::decorate as around;

    /// Everything at once.
    #[decorate(layer = A)]
    #[inline]
    #[around(layer = B)]
    #[must_use]
    #[cfg_attr(all(), festoon::decorate(layer = C), allow(clippy::unnecessary_wraps, reason = "a layer needs it"))]
    #[timed(name = "mixed")]
    #[cfg_attr(not(all()), decorate(layer = Log("never")))]
    #[festoon::decorate(layer = D)]
    #[doc(alias = "everything")]
    fn plain() -> u8 {
        log("body");
        1
    }

    #[test]
    fn renamed_conditional_and_among_other_attributes() {
        assert_eq!((plain(), take_log().as_str()), (1, "a b c d body -d -c -b -a"));
        assert_eq!(plain.timing().calls(), 1);
    }
}

mod strangers {
    use super::*;
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber, instrument};

    /// Logs entering and leaving of spans.
    struct Spans;

    impl Subscriber for Spans {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {}
        fn enter(&self, _: &Id) {
            log("span");
        }
        fn exit(&self, _: &Id) {
            log("-span");
        }
    }

    fn traced<R>(run: impl FnOnce() -> R) -> (R, String) {
        let value = tracing::subscriber::with_default(Spans, run);
        (value, take_log())
    }

    #[decorate(layer = A)]
    #[instrument]
    #[decorate(layer = B)]
    fn between() {
        log("body");
    }

    #[decorate(layer = A)]
    #[timed]
    #[instrument]
    fn below() -> Result<u8, String> {
        log("body");
        Ok(1)
    }

    #[decorate(layer = A)]
    #[instrument(ret)]
    async fn below_later() -> u8 {
        log("body");
        1
    }

    #[instrument]
    #[decorate(layer = A)]
    fn above() {
        log("body");
    }

    #[test]
    fn attributes_of_others_are_inside_wherever_they_stand() {
        assert_eq!(traced(below), (Ok(1), "a span body -span -a".to_owned()));
        assert_eq!(traced(|| block_on(below_later())).0, 1);
        assert_eq!(traced(between).1, "a b span body -span -b -a");
        assert_eq!(traced(above).1, "a span body -span -a");
        assert_eq!(below.timing().calls(), 1);
    }

    #[test]
    fn an_instrumented_future_is_inside_too() {
        let log = traced(|| block_on(below_later())).1;
        assert!(log.starts_with("a span body -span") && log.ends_with("-a"), "{log}");
    }
}

mod blocks {
    use super::*;

    struct Shop;

    #[decorate(layer = A)]
    #[timed(name = "the block's")]
    #[decorate(layer = B)]
    impl Shop {
        fn plain(&self) {
            log("body");
        }

        #[decorate(layer = C)]
        #[inline]
        fn own(&self) {
            log("body");
        }

        #[timed(name = "its own")]
        fn own_timed(&self) {
            log("body");
        }

        #[festoon::skip]
        #[decorate(layer = C)]
        fn left_out(&self) {
            log("body");
        }

        async fn later(&mut self) -> Result<&mut Self, ()> {
            log("body");
            Ok(self)
        }
    }

    #[test]
    fn the_blocks_are_outside_of_the_functions_own() {
        Shop.plain();
        assert_eq!(take_log(), "a b body -b -a");
        Shop.own();
        assert_eq!(take_log(), "a b c body -c -b -a");
        Shop.left_out();
        assert_eq!(take_log(), "c body -c");
        assert!(block_on(Shop.later()).is_ok());
        assert_eq!(take_log(), "a b body -b -a");
    }

    #[test]
    fn the_functions_own_wins_over_the_same_of_the_block() {
        Shop.own_timed();
        assert_eq!(take_log(), "a b body -b -a");
        assert_eq!(Shop::own_timed.timing().calls(), 1);
        let report = festoon::timing::report().to_string();
        assert!(report.contains("its own"), "{report}");
    }

    #[decorate(layer = A)]
    mod outer {
        #![allow(clippy::items_after_statements, reason = "decorators expand to statements")]

        use super::*;

        const WORD: &str = "body";

        pub fn plain() {
            log(WORD);
        }

        #[decorate(layer = B)]
        pub mod inner {
            use super::*;

            pub(in crate::stack::blocks) fn plain() {
                log("body");
            }

            #[decorate(layer = C)]
            pub trait Prices {
                fn required(&self);

                #[decorate(layer = D)]
                fn provided(&self) {
                    self.required();
                }
            }

            pub struct Array<const N: usize>;

            impl Prices for Array<{ 1 + 1 }> {
                fn required(&self) {
                    log("body");
                }
            }
        }

        #[festoon::skip]
        pub mod left_out {
            pub fn plain() {
                super::log("body");
            }
        }
    }

    #[test]
    fn modules_are_decorated_all_the_way_down() {
        use outer::inner::Prices as _;
        outer::plain();
        assert_eq!(take_log(), "a body -a");
        outer::inner::plain();
        assert_eq!(take_log(), "a b body -b -a");
        outer::inner::Array::<2>.provided();
        assert_eq!(take_log(), "a b c d a b body -b -a -d -c -b -a");
        outer::left_out::plain();
        assert_eq!(take_log(), "body");
    }
}

mod traits {
    use super::*;
    use async_trait::async_trait;

    trait Prices {
        fn required(&self) -> u8;

        #[decorate(layer = A)]
        #[timed]
        #[decorate(layer = B)]
        fn provided(&self) -> u8 {
            log("body");
            self.required()
        }
    }

    struct Shop(u8);

    impl Prices for Shop {
        #[decorate(layer = C)]
        #[decorate(layer = D)]
        fn required(&self) -> u8 {
            self.0
        }
    }

    #[test]
    fn methods_of_traits() {
        assert_eq!((Shop(3).provided(), take_log().as_str()), (3, "a b body c d -d -c -b -a"));
        assert_eq!(Shop::provided.timing().calls(), 1);
    }

    #[async_trait]
    trait Loads {
        async fn method(&self) -> u8;
        async fn block_below(&self) -> u8;
        async fn block_above(&self) -> u8;

        #[decorate(layer = A)]
        #[decorate(layer = B)]
        async fn provided(&self) -> u8 {
            log("body");
            1
        }
    }

    macro_rules! loads {
        ($(#[$attr:meta])* for $ty:ty) => {
            $(#[$attr])*
            impl Loads for $ty {
                #[decorate(layer = C)]
                #[timed]
                #[decorate(layer = D)]
                async fn method(&self) -> u8 {
                    log("body");
                    1
                }
                async fn block_below(&self) -> u8 {
                    log("body");
                    2
                }
                async fn block_above(&self) -> u8 {
                    log("body");
                    3
                }
            }
        };
    }

    loads!(#[async_trait] #[decorate(layer = A)] #[decorate(layer = B)] for u8);
    loads!(#[decorate(layer = A)] #[decorate(layer = B)] #[async_trait] for u16);
    loads!(#[decorate(layer = A)] #[async_trait] #[decorate(layer = B)] for u32);

    #[test]
    fn async_trait_in_any_order() {
        fn each(loads: &(dyn Loads + Sync)) {
            assert_eq!((block_on(loads.method()), take_log().as_str()), (1, "a b c d body -d -c -b -a"));
            assert_eq!((block_on(loads.block_below()), take_log().as_str()), (2, "a b body -b -a"));
            assert_eq!((block_on(loads.block_above()), take_log().as_str()), (3, "a b body -b -a"));
            assert_eq!((block_on(loads.provided()), take_log().as_str()), (1, "a b body -b -a"));
        }
        each(&1_u8);
        each(&1_u16);
        each(&1_u32);
        assert_eq!(<u8 as Loads>::method.timing().calls(), 1);
    }
}

/// A test may be decorated itself, under any harness.
mod tests {
    use super::*;

    #[test]
    #[decorate(layer = A)]
    #[decorate(layer = B)]
    fn below_test() {
        assert_eq!(take_log(), "a b");
    }

    #[decorate(layer = A)]
    #[decorate(layer = B)]
    #[test]
    fn above_test() {
        assert_eq!(take_log(), "a b");
    }

    #[decorate(layer = A)]
    #[tokio::test]
    #[decorate(layer = B)]
    async fn around_tokio_test() {
        tokio::task::yield_now().await;
        assert_eq!(take_log(), "a b");
    }

    #[tokio::test]
    #[timed]
    async fn below_tokio_test() -> Result<(), String> {
        tokio::task::yield_now().await;
        Ok(())
    }

    #[decorate(layer = A)]
    #[test]
    #[should_panic = "on purpose"]
    #[timed]
    fn should_panic() {
        panic!("on purpose: {}", take_log());
    }
}

/// Functions that await one another, under the default `recursion_limit`.
mod chains {
    use super::*;
    use std::pin::Pin;

    type Boxed = Pin<Box<dyn Future<Output = Result<u32, String>> + Send>>;

    /// Each function awaits the next one, as `$next` says.
    macro_rules! chain {
        ($await:ident: $first:ident $($rest:ident)*) => {
            chain!(@ $await ($first $($rest)*) ($($rest)* last));
        };
        (@ $await:ident ($($name:ident)*) ($($next:ident)*)) => {$(
            #[timed]
            async fn $name() -> Result<u32, String> {
                Ok($await!($next()) + 1)
            }
        )*};
    }

    macro_rules! direct {
        ($call:expr) => {
            $call.await?
        };
    }

    macro_rules! boxed {
        ($call:expr) => {{
            let next: Boxed = Box::pin($call);
            next.await?
        }};
    }

    async fn last() -> Result<u32, String> {
        Ok(0)
    }

    // The compiler allows 33 of them in one another without any decorator.
    chain!(direct: g00 g01 g02 g03 g04 g05 g06 g07 g08 g09 g10 g11);

    // 128 uses of one generic function inside of one another are the compiler's limit, boxes or not.
    chain!(boxed:
        f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24
        f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f43 f44 f45 f46 f47 f48 f49
        f50 f51 f52 f53 f54 f55 f56 f57 f58 f59 f60 f61 f62 f63 f64 f65 f66 f67 f68 f69 f70 f71 f72 f73 f74
        f75 f76 f77 f78 f79 f80 f81 f82 f83 f84 f85 f86 f87 f88 f89 f90 f91 f92 f93 f94 f95 f96 f97 f98 f99
    );

    macro_rules! sync_chain {
        ($first:ident $($rest:ident)*) => {
            sync_chain!(@ ($first $($rest)*) ($($rest)* sync_last));
        };
        (@ ($($name:ident)*) ($($next:ident)*)) => {$(
            #[timed]
            fn $name(n: u32) -> Result<u32, String> {
                Ok($next(n)? + 1)
            }
        )*};
    }

    fn sync_last(n: u32) -> Result<u32, String> {
        Ok(n)
    }

    sync_chain!(
        s000 s001 s002 s003 s004 s005 s006 s007 s008 s009 s010 s011 s012 s013 s014 s015 s016 s017 s018 s019
        s020 s021 s022 s023 s024 s025 s026 s027 s028 s029 s030 s031 s032 s033 s034 s035 s036 s037 s038 s039
        s040 s041 s042 s043 s044 s045 s046 s047 s048 s049 s050 s051 s052 s053 s054 s055 s056 s057 s058 s059
        s060 s061 s062 s063 s064 s065 s066 s067 s068 s069 s070 s071 s072 s073 s074 s075 s076 s077 s078 s079
        s080 s081 s082 s083 s084 s085 s086 s087 s088 s089 s090 s091 s092 s093 s094 s095 s096 s097 s098 s099
        s100 s101 s102 s103 s104 s105 s106 s107 s108 s109 s110 s111 s112 s113 s114 s115 s116 s117 s118 s119
        s120 s121 s122 s123 s124 s125 s126 s127 s128 s129 s130 s131 s132 s133 s134 s135 s136 s137 s138 s139
        s140 s141 s142 s143 s144 s145 s146 s147 s148 s149 s150 s151 s152 s153 s154 s155 s156 s157 s158 s159
        s160 s161 s162 s163 s164 s165 s166 s167 s168 s169 s170 s171 s172 s173 s174 s175 s176 s177 s178 s179
        s180 s181 s182 s183 s184 s185 s186 s187 s188 s189 s190 s191 s192 s193 s194 s195 s196 s197 s198 s199
    );

    fn send<F: Future + Send + 'static>(future: F) -> F {
        future
    }

    #[test]
    fn deep_ones_compile_and_stay_send() {
        assert_eq!(block_on(send(g00())), Ok(12));
        assert_eq!(block_on(send(f00())), Ok(100));
        assert_eq!(s000(1), Ok(201));
        assert_eq!((f00.timing().calls(), f99.timing().calls()), (1, 1));
    }
}
