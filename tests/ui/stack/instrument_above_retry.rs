#![deny(deprecated)]
use festoon::{cached, retry, timed};
use tracing::instrument;

#[instrument]
#[retry(attempts = 2)]
fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

#[timed]
#[instrument(skip_all)]
#[cached]
async fn ask(question: &str) -> Option<usize> {
    question.find('?')
}

#[retry(attempts = 2)]
#[instrument]
fn meant(text: &str) -> Option<u16> {
    text.parse().ok()
}

#[allow(deprecated)]
#[instrument]
#[retry(attempts = 2)]
fn allowed(text: &str) -> Option<u16> {
    text.parse().ok()
}

fn main() {}
