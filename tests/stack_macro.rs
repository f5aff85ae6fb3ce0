//! `stack!`: several decorators under one name.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use async_trait::async_trait;
use festoon::{Decorated, decorate, stack};
use futures::executor::block_on;

/// Puts these around what a function of one argument gives.
fn wrapped<N: FnOnce(&str) -> String>(left: char, right: char) -> impl FnOnce(N, &str) -> String {
    move |next, text| format!("{left}{}{right}", next(text))
}

/// The same for async functions.
async fn wrapped_later(next: impl AsyncFnOnce(&str) -> String, text: &str) -> String {
    format!("<{}>", next(text).await)
}

pub(crate) mod named {
    festoon::stack! {
        /// Round, then square. `timed` is festoon's, though nobody imports it here or where it is used.
        pub(crate) brackets =
            #[timed]
            #[decorate(crate::stack_macro::wrapped('(', ')'))]
            #[decorate(crate::stack_macro::wrapped('[', ']'))]
    }

    festoon::stack! { pub later = #[timed] #[decorate(crate::stack_macro::wrapped_later)] }
}

// Before it is defined, and by its path.
use named::brackets;

#[test]
fn the_layers_stand_in_their_order_where_the_stack_stood() {
    #[decorate(wrapped('a', 'z'))]
    #[decorate(brackets!)]
    #[inline]
    #[decorate(wrapped('{', '}'))]
    fn id(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!(id("x"), "a([{x}])z");
    assert_eq!(id.timing().calls(), 1);
}

#[test]
fn by_its_path_and_through_cfg_attr() {
    #[cfg_attr(all(), decorate(named::brackets!))]
    fn path(text: &str) -> String {
        text.to_owned()
    }
    #[decorate(crate::stack_macro::named::later!)]
    async fn absolute(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!((path("x").as_str(), block_on(absolute("y")).as_str()), ("([x])", "<y>"));
}

struct Words;

impl Words {
    /// A method, with a receiver and a pattern in its body.
    #[decorate(brackets!)]
    fn one(&self, text: &str) -> String {
        let (Self, copy) = (self, text);
        copy.to_owned()
    }

    #[decorate(named::later!)]
    async fn two(&mut self, text: &str) -> String {
        text.to_owned()
    }
}

trait Says {
    #[decorate(brackets!)]
    fn provided(&self, text: &str) -> String {
        text.to_owned()
    }
    fn required(&self, text: &str) -> String;
}

impl Says for Words {
    #[decorate(brackets!)]
    fn required(&self, text: &str) -> String {
        text.to_owned()
    }
}

#[async_trait]
trait SaysLater {
    async fn later(&self, text: &str) -> String;
}

#[async_trait]
impl SaysLater for Words {
    #[decorate(named::later!)]
    async fn later(&self, text: &str) -> String {
        text.to_owned()
    }
}

#[test]
fn on_methods_and_in_traits() {
    let texts = [Words.one("a"), Words.provided("b"), Words.required("c")];
    assert_eq!(texts, ["([a])", "([b])", "([c])"]);
    assert_eq!([block_on(Words.two("d")), block_on(Words.later("e"))], ["<d>", "<e>"]);
    assert_eq!((Words::one.timing().calls(), <Words as Says>::required.timing().calls()), (1, 1));
}

#[test]
fn on_a_whole_block_a_functions_own_decorators_stay() {
    struct Block;
    #[decorate(brackets!)]
    impl Block {
        fn one(text: &str) -> String {
            text.to_owned()
        }

        #[decorate(wrapped('{', '}'))]
        fn two(text: &str) -> String {
            text.to_owned()
        }

        #[festoon::skip]
        fn three(text: &str) -> String {
            text.to_owned()
        }
    }
    assert_eq!([Block::one("a"), Block::two("b"), Block::three("c")], ["([a])", "([{b}])", "c"]);
    assert_eq!(Block::one.timing().calls(), 1);
    let three = std::panic::catch_unwind(|| Block::three.timing().calls());
    assert_eq!(three.ok(), if cfg!(debug_assertions) { None } else { Some(0) });
}

#[test]
fn a_stack_may_hold_stacks_and_other_attributes() {
    stack! { outer = #[decorate(wrapped('<', '>'))] #[decorate(brackets!)] #[tracing::instrument] #[must_use] }
    #[decorate(outer!)]
    fn id(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!(id("x"), "<([x])>");
}

#[test]
fn each_use_has_its_own_state() {
    struct Counter(AtomicU32);
    impl festoon::Decorator<u32> for Counter {
        fn call(&self, _: festoon::Call<u32>, next: impl FnOnce() -> u32) -> u32 {
            next() + self.0.fetch_add(1, Relaxed)
        }
    }
    stack! { counted = #[decorate(layer = Counter(AtomicU32::new(0)))] }
    #[decorate(counted!)]
    fn ten() -> u32 {
        10
    }
    #[decorate(counted!)]
    fn twenty() -> u32 {
        20
    }
    assert_eq!([ten(), ten(), twenty()], [10, 11, 20]);
}

#[test]
fn functions_of_macros_take_stacks() {
    macro_rules! make {
        ($vis:vis $name:ident $text:ident $body:block) => {
            #[decorate(brackets!)]
            $vis fn $name($text: &str) -> String $body
        };
    }
    make!(pub made text { text.to_owned() });
    assert_eq!(made("x"), "([x])");
}

mod raw {
    festoon::stack! { pub r#type = #[timed] }
}

#[test]
fn a_public_stack_may_have_a_raw_name() {
    #[decorate(raw::r#type!)]
    fn raw(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!((raw("x").as_str(), raw.timing().calls()), ("x", 1));
}

#[test]
fn a_public_stack_is_used_in_other_crates() {
    #[decorate(festoon_lints::stack::public!)]
    fn here(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!((here("x").as_str(), here.timing().calls()), ("x", 1));
}

mod whole {
    use std::cell::Cell;

    use festoon::{Decorated, decorate, testing};

    thread_local! {
        static RUNS: Cell<u32> = const { Cell::new(0) };
    }

    festoon::stack! { pub(super) resilient = #[timed] #[cached(ttl = 5m)] #[retry(attempts = 5, wait = fixed(1s))] }

    #[decorate(resilient!)]
    fn price(sku: &str) -> Result<usize, String> {
        RUNS.set(RUNS.get() + 1);
        if RUNS.get().is_multiple_of(3) { Ok(sku.len()) } else { Err("busy".to_owned()) }
    }

    #[test]
    fn timed_around_cached_around_retry() {
        let clock = testing::clock();
        assert_eq!((price("abc"), price("abc"), RUNS.get()), (Ok(3), Ok(3), 3));
        clock.advance(std::time::Duration::from_secs(301));
        assert_eq!((price("abc"), RUNS.get()), (Ok(3), 6));
        assert_eq!((price.timing().calls(), price.cache().info().hits, price.retries().retried), (3, 1, 4));
    }
}
