//! Policies as layers for [`tower`](https://docs.rs/tower) services, and so for axum and tonic.
//!
//! ```
//! use festoon::tower::PolicyLayer;
//! use festoon::{Breaker, Bulkhead, policy};
//! use std::io;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! static PAYMENTS: Breaker = Breaker::new();
//!
//! let service = ServiceBuilder::new()
//!     .layer(PolicyLayer::new(policy!(&PAYMENTS, Bulkhead::new(10))))
//!     .service(service_fn(async |sku: &'static str| io::Result::Ok(sku.len())));
//!
//! # futures_executor::block_on(async {
//! assert_eq!(service.oneshot("tea").await.unwrap(), 3);
//! # });
//! ```
//!
//! The error of such a service is a [`BoxError`], like that of tower's own layers: the error of the inner service, a
//! [`Refused`], or a [`TimedOut`]. In axum,
//! [`HandleErrorLayer`](https://docs.rs/axum/latest/axum/error_handling/struct.HandleErrorLayer.html) turns it into a
//! response.

use std::error::Error;
use std::fmt::{Debug, Display, Formatter};
use std::future::poll_fn;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use crate::chain::{AsyncPolicy, CallsOnce};
use crate::refused::Refused;
use crate::sync::lock;
use crate::timeout::TimedOut;

/// Any error, as tower has it.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Wraps a service in a policy: a [`Breaker`](crate::Breaker), a [`RateLimit`](crate::RateLimit), or a chain built by
/// [`policy!`](crate::policy!). All services that this layer creates share the policy.
pub struct PolicyLayer<P, C = Never, M = Once> {
    policy: Arc<P>,
    fails: C,
    requests: PhantomData<fn() -> M>,
}

/// A service behind a policy; [`PolicyLayer`] creates it.
pub struct PolicyService<S, P, C = Never, M = Once> {
    service: S,
    layer: PolicyLayer<P, C, M>,
}

/// A failed call, as the policies around a service see it: `Retry::new().when(|failed: &Failed<Response>| ..)`.
#[derive(Debug)]
pub enum Failed<Response> {
    /// A response that [`PolicyLayer::failing`] counts as a failure. The caller still receives it as a response.
    Response(Response),
    /// An error of the service or of a policy.
    Error(BoxError),
}

impl<Response> From<Refused> for Failed<Response> {
    fn from(refused: Refused) -> Self {
        Failed::Error(refused.into())
    }
}

impl<Response> From<TimedOut> for Failed<Response> {
    fn from(error: TimedOut) -> Self {
        Failed::Error(error.into())
    }
}

impl<Response> Display for Failed<Response> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Failed::Response(_) => f.write_str("the response is a failure"),
            Failed::Error(error) => Display::fmt(error, f),
        }
    }
}

/// Which responses are failures: none.
#[derive(Debug, Clone, Copy)]
pub struct Never;

/// Which responses are failures: those that a closure names.
#[derive(Debug, Clone, Copy)]
pub struct When<F>(F);

/// Says which responses are failures: [`Never`] or [`When`].
pub trait Classify<Response> {
    /// Is it one?
    fn is_failure(&self, response: &Response) -> bool;
}

impl<Response> Classify<Response> for Never {
    fn is_failure(&self, _: &Response) -> bool {
        false
    }
}

impl<Response, F: Fn(&Response) -> bool> Classify<Response> for When<F> {
    fn is_failure(&self, response: &Response) -> bool {
        (self.0)(response)
    }
}

/// Each request is sent once.
#[derive(Debug)]
pub struct Once;

/// Each request may be sent several times, and is cloned for that.
#[derive(Debug)]
pub struct Again;

/// How often a request is sent: [`Once`] or [`Again`].
pub trait Requests<Request> {
    #[doc(hidden)]
    fn next(request: &mut Option<Request>) -> Option<Request>;
}

impl<Request> Requests<Request> for Once {
    fn next(request: &mut Option<Request>) -> Option<Request> {
        request.take()
    }
}

impl<Request: Clone> Requests<Request> for Again {
    fn next(request: &mut Option<Request>) -> Option<Request> {
        request.clone()
    }
}

impl<P: CallsOnce> PolicyLayer<P> {
    /// For policies that send each request at most once. For a [`Retry`](crate::Retry) or a [`Hedge`](crate::Hedge),
    /// use [`repeating`](PolicyLayer::repeating).
    #[must_use]
    pub fn new(policy: P) -> Self {
        PolicyLayer { policy: Arc::new(policy), fails: Never, requests: PhantomData }
    }
}

impl<P> PolicyLayer<P, Never, Again> {
    /// For policies that may send a request several times, such as a [`Retry`](crate::Retry) or a
    /// [`Hedge`](crate::Hedge). Requests are cloned. Each attempt after the first one waits until a clone of the
    /// service is ready.
    #[must_use]
    pub fn repeating(policy: P) -> Self {
        PolicyLayer { policy: Arc::new(policy), fails: Never, requests: PhantomData }
    }
}

impl<P, M> PolicyLayer<P, Never, M> {
    /// Which responses count as failures, such as those with a status of 500 or above; none by default. The caller
    /// receives the last one unchanged.
    #[must_use]
    pub fn failing<Response, F: Fn(&Response) -> bool>(self, fails: F) -> PolicyLayer<P, When<F>, M> {
        PolicyLayer { policy: self.policy, fails: When(fails), requests: PhantomData }
    }
}

impl<P, C, M> PolicyLayer<P, C, M> {
    /// The policy, for example to read its statistics.
    #[must_use]
    pub fn policy(&self) -> &P {
        &self.policy
    }
}

impl<P, C: Clone, M> Clone for PolicyLayer<P, C, M> {
    fn clone(&self) -> Self {
        PolicyLayer { policy: Arc::clone(&self.policy), fails: self.fails.clone(), requests: PhantomData }
    }
}

impl<S: Clone, P, C: Clone, M> Clone for PolicyService<S, P, C, M> {
    fn clone(&self) -> Self {
        PolicyService { service: self.service.clone(), layer: self.layer.clone() }
    }
}

impl<P: Debug, C, M> Debug for PolicyLayer<P, C, M> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolicyLayer").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl<S: Debug, P: Debug, C, M> Debug for PolicyService<S, P, C, M> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolicyService").field("service", &self.service).field("layer", &self.layer).finish()
    }
}

impl<S, P, C: Clone, M> Layer<S> for PolicyLayer<P, C, M> {
    type Service = PolicyService<S, P, C, M>;

    fn layer(&self, service: S) -> Self::Service {
        PolicyService { service, layer: self.clone() }
    }
}

impl<S, P, C, M, Request> Service<Request> for PolicyService<S, P, C, M>
where
    S: Service<Request, Response: Send, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static,
    P: AsyncPolicy<Result<S::Response, Failed<S::Response>>> + Send + 'static,
    C: Classify<S::Response> + Clone + Send + Sync + 'static,
    M: Requests<Request> + 'static,
    Request: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let PolicyLayer { policy, fails, .. } = self.layer.clone();
        let spare = self.service.clone();
        // The instance that was polled ready has to be the one that is called.
        let ready = mem::replace(&mut self.service, spare.clone());
        let calls = Mutex::new(Calls::<S, Request, M> {
            ready: Some(ready),
            spare,
            request: Some(request),
            requests: PhantomData,
        });
        Box::pin(async move {
            let outcome = policy.run_async(|| {
                let next = lock(&calls).next();
                attempt(next, &fails)
            });
            match outcome.await {
                Ok(response) | Err(Failed::Response(response)) => Ok(response),
                Err(Failed::Error(error)) => Err(error),
            }
        })
    }
}

/// The calls that one request may lead to.
struct Calls<S, Request, M> {
    ready: Option<S>,
    spare: S,
    request: Option<Request>,
    requests: PhantomData<fn() -> M>,
}

/// A service, whether it is ready, and a request.
struct Next<S, Request> {
    service: S,
    is_ready: bool,
    request: Request,
}

impl<S: Clone, Request, M: Requests<Request>> Calls<S, Request, M> {
    fn next(&mut self) -> Option<Next<S, Request>> {
        let request = M::next(&mut self.request)?;
        let ready = self.ready.take();
        Some(Next { is_ready: ready.is_some(), service: ready.unwrap_or_else(|| self.spare.clone()), request })
    }
}

async fn attempt<S, Request>(
    next: Option<Next<S, Request>>,
    fails: &impl Classify<S::Response>,
) -> Result<S::Response, Failed<S::Response>>
where
    S: Service<Request, Error: Into<BoxError>>,
{
    let failed = |error: S::Error| Failed::Error(error.into());
    let Some(Next { mut service, is_ready, request }) = next else {
        return Err(Failed::Error("a policy that implements `CallsOnce` called a second time".into()));
    };
    if !is_ready {
        poll_fn(|context| service.poll_ready(context)).await.map_err(failed)?;
    }
    let response = service.call(request).await.map_err(failed)?;
    if fails.is_failure(&response) { Err(Failed::Response(response)) } else { Ok(response) }
}
