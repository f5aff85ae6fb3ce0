//! A deadline that travels with a request, in with axum and out with reqwest: a client allows 500 ms, and both services
//! behind it stop when that time is over, however many retries they have left.
//!
//! The header contains the remaining time, like `grpc-timeout`, and not the time of the deadline: clocks of machines
//! differ.
use std::error::Error;
use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve};
use festoon::{Timeout, retry};
use tokio::net::TcpListener;

const HEADER: &str = "x-deadline-ms";

type BoxError = Box<dyn Error + Send + Sync>;

/// In: the remaining time of a request becomes the deadline of everything that its handler calls.
async fn obey(request: Request, next: Next) -> Response {
    let millis = request.headers().get(HEADER).and_then(|value: &HeaderValue| value.to_str().ok()?.parse().ok());
    let Some(left) = millis.map(Duration::from_millis) else { return next.run(request).await };
    let answer = Timeout::new(left).limit(next.run(request)).await;
    answer.unwrap_or_else(|late| (StatusCode::GATEWAY_TIMEOUT, late.to_string()).into_response())
}

/// Out: sends the remaining time along.
async fn ask(url: &str) -> Result<String, BoxError> {
    let mut request = reqwest::Client::new().get(url);
    if let Some(left) = festoon::time_left() {
        request = request.header(HEADER, left.as_millis().to_string());
    }
    Ok(request.send().await?.error_for_status()?.text().await?)
}

#[retry(attempts = 100, wait = fixed(50ms), timeout = 120ms)]
async fn stock(url: &str) -> Result<String, BoxError> {
    println!("  gateway: attempt {} with {:?} left", festoon::attempt().number, festoon::time_left());
    ask(url).await
}

/// Hangs, and prints how much time it was given.
async fn hang() -> String {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    println!("    stock: call {} with {:?} left", CALLS.fetch_add(1, Relaxed) + 1, festoon::time_left());
    pending().await
}

async fn start(router: Router) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { serve(listener, router.layer(from_fn(obey))).await });
    Ok(url)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let behind = start(Router::new().route("/", get(hang))).await?;
    let gateway = async move || match stock(&behind).await {
        Ok(text) => (StatusCode::OK, text),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()),
    };
    let gateway = start(Router::new().route("/", get(gateway))).await?;

    let started = Instant::now();
    let answer = festoon::deadline(Duration::from_millis(500), ask(&gateway)).await;
    println!("client: {:?} after {:?}", answer.map_err(|error| error.to_string()), started.elapsed());
    Ok(())
}
