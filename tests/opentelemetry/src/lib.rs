//! Spans of `#[timed(span)]` in OpenTelemetry: through `tracing-opentelemetry` and its exporter over HTTP, as a collector
//! receives them.
#![cfg(test)]

mod collector;

use std::task::{Context, Waker};

use festoon::{Each, offload, retry, timed};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;

use collector::{Client, Collector, Span};

/// What the collector receives of this future.
fn exported(future: impl Future<Output = ()>) -> Vec<Span> {
    let collector = Collector::start();
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(Client)
        .with_protocol(Protocol::HttpJson)
        .with_endpoint(format!("http://{}/v1/traces", collector.address))
        .build()
        .unwrap();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("shop"));
    let subscriber = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .on_thread_start({
            // Worker threads live as long as the runtime: their subscriber is set once.
            let subscriber = subscriber.clone();
            move || std::mem::forget(tracing::dispatcher::set_default(&subscriber))
        })
        .build()
        .unwrap();
    tracing::dispatcher::with_default(&subscriber, || runtime.block_on(future));
    drop(runtime);
    provider.shutdown().unwrap();
    collector.spans()
}

#[track_caller]
fn find<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    let found: Vec<&Span> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "spans called {name} among {spans:#?}");
    found[0]
}

#[offload(pool = tokio)]
#[timed(span)]
fn digest(text: String) -> usize {
    text.len()
}

#[timed(span)]
async fn square(n: u64) -> u64 {
    tokio::task::yield_now().await;
    n * n
}

#[timed(span(fields(sku)))]
async fn checkout(sku: &str) -> u64 {
    let length = digest(sku.to_owned()).await as u64;
    square.each([length]).limit(1).spawn().collect::<Vec<_>>().await[0]
}

#[test]
fn work_on_other_threads_and_in_tasks_has_its_caller_as_parent() {
    let spans = exported(async {
        assert_eq!(checkout("tea").await, 9);
    });
    let (root, digest, square) = (find(&spans, "checkout"), find(&spans, "digest"), find(&spans, "square"));
    assert_eq!((root.parent.as_str(), spans.len()), ("", 3));
    for below in [digest, square] {
        assert_eq!((&below.parent, &below.trace), (&root.id, &root.trace), "{below:?}");
        assert!(below.start >= root.start && below.end <= root.end);
    }
    assert_eq!(root.attribute("sku"), Some("tea"));
}

#[timed(span(err, outcome, fields({ "code.function.name" } = "shop::pay", { "error.type" } = Empty)))]
#[retry(attempts = 3, wait = fixed(1ms))]
async fn pay(fails: u32) -> Result<u32, std::num::ParseIntError> {
    let attempt = festoon::attempt().number;
    let text = if attempt <= fails { "x" } else { "7" };
    let paid = text.parse();
    if paid.is_err() {
        tracing::Span::current().record("error.type", "ParseIntError");
    }
    paid
}

#[test]
fn a_retried_call_is_one_span_whose_attempts_are_events() {
    let spans = exported(async {
        assert_eq!(pay(2).await, Ok(7));
    });
    let span = find(&spans, "pay");
    let names: Vec<&str> = span.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["retrying", "retrying", "recovered"]);
    assert_eq!(span.events[1].attribute("attempt"), Some("2"));
    assert!(span.events[0].attribute("error").unwrap().contains("invalid digit"), "{span:?}");
    assert_eq!((spans.len(), span.attribute("outcome"), span.is_error), (1, Some("success"), false));
}

#[test]
fn a_failed_call_is_an_error_with_its_type_and_the_place_in_the_source() {
    let spans = exported(async {
        pay(9).await.unwrap_err();
    });
    let span = find(&spans, "pay");
    assert!(span.is_error, "{span:?}");
    assert_eq!((span.attribute("outcome"), span.attribute("error.type")), (Some("error"), Some("ParseIntError")));
    assert_eq!(span.attribute("code.function.name"), Some("shop::pay"));
    assert!(span.attribute("code.file.path").unwrap().ends_with("src/lib.rs"), "{span:?}");
    let last = span.events.last().unwrap();
    assert!(last.attribute("exception.message").unwrap().contains("invalid digit"), "{last:?}");
    assert_eq!(span.events.iter().filter(|event| event.name == "gave up").count(), 1);
}

#[test]
fn a_cancelled_call_ends_its_span() {
    #[timed(span(outcome))]
    async fn hangs() {
        std::future::pending().await
    }
    let spans = exported(async {
        let mut call = Box::pin(hangs());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    });
    assert_eq!(find(&spans, "hangs").attribute("outcome"), Some("cancelled"));
}
