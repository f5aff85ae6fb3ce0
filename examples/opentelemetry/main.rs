//! Spans of `#[timed(span)]` in OpenTelemetry. Start a collector, for example
//! `docker run -p 16686:16686 -p 4318:4318 jaegertracing/all-in-one`, then
//! `cargo run --manifest-path examples/opentelemetry/Cargo.toml`, and look at <http://localhost:16686>.
//! With `-- --once` it prints the spans instead.

use std::error::Error;

use festoon::{Each, offload, retry, timed};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The attempts are events in its span.
#[timed(span(fields(sku, { "error.type" } = Empty), err, outcome))]
#[retry(attempts = 3, wait = fixed(10ms))]
async fn price(sku: &str) -> Result<usize, String> {
    if sku == "gold" {
        tracing::Span::current().record("error.type", "no_such_item");
        return Err(format!("no such item: {sku}"));
    }
    Ok(sku.len())
}

/// On another thread, and still below its caller.
#[timed(span)]
#[offload]
fn printed(total: usize) -> String {
    format!("total: {total}")
}

#[timed(span(name = "checkout", fields(items = skus.len())))]
async fn checkout(skus: Vec<&'static str>) -> String {
    let prices = price.each(skus).limit(4).settle().await;
    let known = prices.into_iter().filter_map(|settled| settled.returned()?.ok());
    printed(known.sum()).await
}

fn provider(is_printed: bool) -> Result<SdkTracerProvider, Box<dyn Error>> {
    let builder = SdkTracerProvider::builder().with_resource(Resource::builder().with_service_name("shop").build());
    if is_printed {
        return Ok(builder.with_simple_exporter(opentelemetry_stdout::SpanExporter::default()).build());
    }
    Ok(builder.with_batch_exporter(SpanExporter::builder().with_http().build()?).build())
}

fn main() -> Result<(), Box<dyn Error>> {
    let provider = provider(std::env::args().any(|arg| arg == "--once"))?;
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("shop"));
    tracing_subscriber::registry().with(layer).init();
    let runtime = tokio::runtime::Runtime::new()?;
    println!("{}", runtime.block_on(checkout(vec!["tea", "gold", "salt"])));
    // What has not been sent yet is sent now.
    provider.shutdown()?;
    Ok(())
}
