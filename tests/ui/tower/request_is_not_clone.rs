use festoon::Retry;
use festoon::tower::PolicyLayer;
use std::io;
use tower::{Layer, Service, service_fn};

struct Order;

fn serve(_: impl Service<Order>) {}

fn main() {
    let shop = service_fn(async |_: Order| io::Result::Ok(1));
    serve(PolicyLayer::repeating(Retry::new()).layer(shop));
}
