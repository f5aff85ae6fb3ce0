#![deny(deprecated)]
use festoon::{cached, circuit_breaker, fallback, rate_limit, retry};

#[retry(attempts = 2)]
#[circuit_breaker]
#[fallback(80)]
fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

#[rate_limit(10 / 1s)]
#[cached]
fn ask(question: &str) -> Option<usize> {
    question.find('?')
}

fn main() {}
