//! `#[timed(span)]` under a real subscriber: the registry of `tracing-subscriber`, with a layer that records what any
//! layer would see.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use festoon::testing::{self, Handle};
use festoon::{Decorated, timed};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use super::a_turn;

/// What happened to the spans, a line each.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    /// Everything that `body` does, as a subscriber sees it.
    fn of(body: impl FnOnce()) -> Vec<String> {
        let log = Log::default();
        tracing::subscriber::with_default(Registry::default().with(log.clone()), body);
        let lines = log.0.lock().unwrap();
        lines.clone()
    }
}

/// ` field=value ..`
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        use std::fmt::Write;
        let _ = write!(self.0, " {field}={value:?}");
    }
}

/// `outer>inner`
fn path<S: Subscriber + for<'a> LookupSpan<'a>>(id: &Id, context: &Context<'_, S>) -> String {
    let scope = context.span_scope(id).unwrap().from_root();
    scope.map(|span| span.name()).collect::<Vec<_>>().join(">")
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        self.add(format!("new {}{}", path(id, &context), fields.0));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.add(format!("enter {}", path(id, &context)));
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.add(format!("exit {}", path(id, &context)));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.add(format!("close {}", path(&id, &context)));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let span = event.parent().cloned().or_else(|| context.current_span().id().cloned());
        self.add(format!("event in {}", span.map_or_else(String::new, |id| path(&id, &context))));
    }
}

#[test]
fn sync_calls_nest() {
    #[timed(span)]
    fn outer() -> Result<u32, ()> {
        inner();
        Ok(1)
    }
    #[timed(span)]
    fn inner() {
        tracing::info!("here");
    }
    let log = Log::of(|| assert_eq!(outer(), Ok(1)));
    let expected = [
        "new outer",
        "enter outer",
        "new outer>inner",
        "enter outer>inner",
        "event in outer>inner",
        "exit outer>inner",
        "close outer>inner",
        "exit outer",
        "close outer",
    ];
    assert_eq!(log, expected);
    assert_eq!((outer.timing().calls(), inner.timing().calls()), (1, 1));
}

#[test]
fn async_calls_are_in_their_span_while_they_are_polled() {
    #[timed(span)]
    async fn outer() -> Result<(), ()> {
        inner().await;
        Ok(())
    }
    #[timed(span)]
    async fn inner() {
        a_turn().await;
        tracing::info!("here");
    }
    #[timed(span)]
    async fn beside() {
        a_turn().await;
    }
    let both = async { futures::join!(outer(), beside()) };
    let log = Log::of(|| assert_eq!(futures::executor::block_on(both), (Ok(()), ())));
    let spans = |line: &&String| !line.starts_with("close");
    let first_turn =
        ["new outer", "enter outer", "new outer>inner", "enter outer>inner", "exit outer>inner", "exit outer"];
    assert_eq!(log.iter().filter(spans).take(6).collect::<Vec<_>>(), first_turn);
    let of_the_other: Vec<_> = log.iter().filter(|line| line.ends_with("beside")).collect();
    assert_eq!(&of_the_other[..4], ["new beside", "enter beside", "exit beside", "enter beside"], "{log:?}");
    assert!(log.contains(&"event in outer>inner".to_owned()), "{log:?}");
    assert_eq!(log.iter().filter(|line| line.starts_with("close")).count(), 3, "{log:?}");
}

#[test]
fn name_arguments_level_and_target_are_those_asked_for() {
    struct Meta(Arc<Mutex<Vec<(Level, String)>>>);
    impl<S: Subscriber> Layer<S> for Meta {
        fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            let metadata = attributes.metadata();
            self.0.lock().unwrap().push((*metadata.level(), metadata.target().to_owned()));
        }
    }
    #[timed(span, name = "shop.price", args(id, sku.len()))]
    fn price(id: u32, sku: &str) -> u32 {
        let _ = sku;
        id
    }
    #[timed(span = debug, target = "shop")]
    async fn r#match(_: u32) {}
    let seen = Arc::default();
    let log = Log::default();
    tracing::subscriber::with_default(Registry::default().with(Meta(Arc::clone(&seen))).with(log.clone()), || {
        price(7, "tea");
        futures::executor::block_on(r#match(1));
    });
    let lines = log.0.lock().unwrap();
    assert_eq!(lines[0], "new shop.price id=7 sku.len()=3");
    assert!(lines.contains(&"new match".to_owned()), "{lines:?}");
    let expected = [(Level::INFO, module_path!().to_owned()), (Level::DEBUG, "shop".to_owned())];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_slow_call_is_told_about_in_its_span() {
    #[timed(span, warn_over = 10ms, args(clock.elapsed()))]
    fn slow(clock: &Handle) {
        clock.advance(Duration::from_millis(20));
    }
    let clock = testing::clock();
    let log = Log::of(|| slow(&clock));
    assert!(log.contains(&"event in slow".to_owned()), "{log:?}");
}

#[test]
fn futures_in_spans_move_between_threads() {
    struct Shop(u32);
    #[timed(span)]
    impl Shop {
        async fn price(&self, sku: &str) -> Result<u32, String> {
            tokio::task::yield_now().await;
            Ok(self.0 + u32::try_from(sku.len()).map_err(|error| error.to_string())?)
        }
        #[track_caller]
        fn line(&self) -> u32 {
            self.0 * std::panic::Location::caller().line()
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let spawned = runtime.block_on(async { tokio::spawn(async { Shop(1).price("tea").await }).await });
    assert_eq!(spawned.unwrap(), Ok(4));
    assert_eq!(Shop(1).line(), line!());
}

#[test]
fn without_a_subscriber_it_is_measured_all_the_same() {
    #[timed(span)]
    fn work() -> ! {
        panic!("as asked")
    }
    assert!(std::panic::catch_unwind(|| work()).is_err());
    assert_eq!(work.timing().outcomes().panic(), 1);
}
