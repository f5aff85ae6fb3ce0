//! `/metrics` for Prometheus, with axum: `cargo run --example metrics`, or with `-- --once` to print what it serves.

use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::{Router, routing::get};
use festoon::{cached, metrics, retry, timed};

#[timed]
#[cached(max = 1000)]
#[retry(attempts = 3)]
async fn price(sku: String) -> Result<usize, String> {
    if sku.is_empty() { Err("no such item".into()) } else { Ok(sku.len()) }
}

async fn shown_price(Path(sku): Path<String>) -> String {
    format!("{:?}\n", price(sku).await)
}

async fn served_metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::collect().to_prometheus())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    if std::env::args().any(|arg| arg == "--once") {
        let _ = (price("tea".into()).await, price("tea".into()).await);
        println!("{}", metrics::collect().to_prometheus());
        return Ok(());
    }
    let service = Router::new().route("/price/{sku}", get(shown_price)).route("/metrics", get(served_metrics));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 3000))).await?;
    println!("http://{0}/price/tea, http://{0}/metrics", listener.local_addr()?);
    axum::serve(listener, service).await
}
