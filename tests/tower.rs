//! `festoon::tower`: policies around services, axum's among them.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::error_handling::HandleErrorLayer;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::routing::get;
use festoon::tower::{BoxError, Failed, PolicyLayer};
use festoon::{
    Breaker, BreakerState, Bulkhead, Fallback, Hedge, RateLimit, Refused, Retry, TimedOut, Timeout, Wait, policy,
    testing,
};
use futures::executor::block_on;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};

const SECOND: Duration = Duration::from_secs(1);

fn is_server_error(response: &Response<Body>) -> bool {
    response.status().is_server_error()
}

/// What a service says that is refused, or takes too long.
async fn told(error: BoxError) -> (StatusCode, HeaderMap) {
    let wait = error.downcast_ref::<Refused>().and_then(Refused::retry_after);
    let headers = wait.map(|wait| ("retry-after".parse().unwrap(), wait.as_secs().to_string().parse().unwrap()));
    let status = if error.is::<TimedOut>() { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, headers.into_iter().collect())
}

/// Answers 200 unless it is told to fail.
fn shop(failing: Arc<AtomicU32>) -> Router {
    let stock = async move || match failing.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
        Ok(_) => StatusCode::BAD_GATEWAY,
        Err(_) => StatusCode::OK,
    };
    Router::new().route("/stock", get(stock)).route("/slow", get(std::future::pending::<StatusCode>))
}

async fn ask(shop: &mut Router, path: &str) -> Response<Body> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    ServiceExt::<Request<Body>>::ready(shop).await.unwrap().call(request).await.unwrap()
}

#[test]
fn an_axum_service_behind_a_breaker_refuses_and_recovers() {
    let clock = testing::clock();
    let breaker = Arc::new(Breaker::new().minimum(2).open_for(30 * SECOND).probes(1));
    let layer = PolicyLayer::new(policy!(Arc::clone(&breaker), Timeout::new(SECOND))).failing(is_server_error);
    let failing = Arc::new(AtomicU32::new(2));
    let mut shop =
        shop(Arc::clone(&failing)).layer(ServiceBuilder::new().layer(HandleErrorLayer::new(told)).layer(layer));
    block_on(async {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(ask(&mut shop, "/stock").await.status().as_u16());
        }
        // The failures come through as they are.
        assert_eq!((statuses, breaker.state()), (vec![502, 502, 503], BreakerState::Open));
        clock.advance(10 * SECOND);
        assert_eq!(ask(&mut shop, "/stock").await.headers()["retry-after"], "20");
        clock.advance(20 * SECOND);
        assert_eq!(ask(&mut shop, "/stock").await.status(), StatusCode::OK);
        assert_eq!((breaker.state(), failing.load(Relaxed)), (BreakerState::Closed, 0));
    });
}

#[test]
fn an_axum_service_that_takes_too_long_is_cut_off() {
    let clock = testing::clock();
    let bulkhead = Arc::new(Bulkhead::new(1));
    let layer = PolicyLayer::new(policy!(Timeout::new(2 * SECOND), Arc::clone(&bulkhead)));
    let mut shop = shop(Arc::default()).layer(ServiceBuilder::new().layer(HandleErrorLayer::new(told)).layer(layer));
    let mut other = shop.clone();
    block_on(async {
        let slow = async { ask(&mut shop, "/slow").await.status() };
        let meanwhile = async {
            tokio::task::yield_now().await;
            let full = ask(&mut other, "/stock").await.status();
            clock.advance(2 * SECOND);
            full
        };
        let (slow, full) = futures::join!(slow, meanwhile);
        assert_eq!((slow, full), (StatusCode::GATEWAY_TIMEOUT, StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!((bulkhead.running(), ask(&mut other, "/stock").await.status()), (0, StatusCode::OK));
    });
}

/// A client's service, which has to be asked before each call. A clone has not been asked.
#[derive(Default)]
struct Client {
    calls: Arc<AtomicU32>,
    ready: bool,
}

impl Clone for Client {
    fn clone(&self) -> Self {
        Client { calls: Arc::clone(&self.calls), ready: false }
    }
}

impl Service<String> for Client {
    type Response = u32;
    type Error = std::io::Error;
    type Future = futures::future::Ready<std::io::Result<u32>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<std::io::Result<()>> {
        self.ready = true;
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: String) -> Self::Future {
        assert!(std::mem::take(&mut self.ready) && request == "tea", "called without being asked");
        let number = self.calls.fetch_add(1, Relaxed) + 1;
        let failed = !number.is_multiple_of(3);
        futures::future::ready(if failed { Err(std::io::Error::other("busy")) } else { Ok(number) })
    }
}

#[test]
fn a_client_retries_with_requests_that_are_cloned() {
    let clock = testing::clock();
    let client = Client::default();
    let retry =
        Retry::new().attempts(2).wait(Wait::fixed(SECOND)).when(|failed: &Failed<u32>| failed.to_string() == "busy");
    let layer = PolicyLayer::repeating(policy!(Fallback::new(0), retry, RateLimit::new(9, SECOND)));
    let mut service = layer.layer(client.clone());
    let mut ask = || block_on(async { service.ready().await.unwrap().call("tea".to_owned()).await.unwrap() });
    // Two attempts fail, then it falls back; the third call succeeds at once.
    assert_eq!((ask(), ask(), ask()), (0, 3, 0));
    assert_eq!((client.calls.load(Relaxed), clock.sleeps()), (5, vec![SECOND; 2]));
}

#[test]
fn a_client_hedges() {
    let clock = testing::clock();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let service = service_fn(move |_: u8| {
        let number = counted.fetch_add(1, Relaxed) + 1;
        async move {
            if number == 1 {
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(number)
        }
    });
    let service = PolicyLayer::repeating(Hedge::after(SECOND)).layer(service);
    let answer = block_on(async {
        let time = async {
            tokio::task::yield_now().await;
            clock.advance(SECOND);
        };
        futures::join!(service.oneshot(1), time).0
    });
    assert_eq!((answer.unwrap(), calls.load(Relaxed)), (2, 2));
}

#[test]
fn services_of_one_layer_share_its_policy() {
    let _clock = testing::clock();
    let layer = PolicyLayer::new(RateLimit::new(2, SECOND));
    let service = || layer.layer(service_fn(async |n: u32| Ok::<_, Infallible>(n)));
    let call = || block_on(service().oneshot(1));
    assert!(call().is_ok() && call().is_ok());
    assert!(call().unwrap_err().is::<Refused>());
    assert_eq!(layer.policy().refused(), 1);
}
