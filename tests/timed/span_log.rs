//! A layer that writes down all that it is told about.

use std::fmt::{Debug, Display, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

/// All that a layer is told about, a line each.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(super) fn of(body: impl FnOnce()) -> Vec<String> {
        Log::filtered(LevelFilter::TRACE, body)
    }

    /// Of spans and events up to this level.
    pub(super) fn filtered(level: LevelFilter, body: impl FnOnce()) -> Vec<String> {
        let log = Log::default();
        tracing::subscriber::with_default(Registry::default().with(level).with(log.clone()), body);
        let lines = log.0.lock().unwrap();
        lines.clone()
    }

    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

/// ` field: kind = value ..`: also as what they are recorded.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn add(&mut self, field: &Field, kind: &str, value: impl Display) {
        let _ = write!(self.0, " {field}: {kind} = {value}");
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, "debug", format_args!("{value:?}"));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, "str", value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, "u64", value);
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, "i64", value);
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, "f64", value);
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, "bool", value);
    }
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, "error", value);
    }
}

fn about(metadata: &Metadata<'_>) -> String {
    let names: Vec<_> = metadata.fields().iter().map(|field| field.name()).collect();
    format!("{} {} [{}]", metadata.level(), metadata.target(), names.join(" "))
}

fn name<S: Subscriber + for<'a> LookupSpan<'a>>(id: &Id, context: &Context<'_, S>) -> &'static str {
    context.span(id).map_or("?", |span| span.name())
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let parent = context.span(id).and_then(|span| Some(span.parent()?.name())).unwrap_or("none");
        self.add(format!("new {} in {parent}, {}{}", name(id, &context), about(attributes.metadata()), fields.0));
    }
    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        self.add(format!("record {}{}", name(id, &context), fields.0));
    }
    fn on_follows_from(&self, id: &Id, cause: &Id, context: Context<'_, S>) {
        self.add(format!("{} follows from {}", name(id, &context), name(cause, &context)));
    }
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let span = context.event_span(event).map_or("none", |span| span.name());
        self.add(format!("event in {span}, {}{}", about(event.metadata()), fields.0));
    }
    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.add(format!("close {}", name(&id, &context)));
    }
}
