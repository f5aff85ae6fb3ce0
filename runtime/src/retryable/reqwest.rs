//! The transient errors of reqwest.

use std::error::Error;
use std::io;

use reqwest::StatusCode;

use super::{Advice, Retryable};

/// Follows [`reqwest-retry`](https://docs.rs/reqwest-retry/latest/reqwest_retry/fn.default_on_request_failure.html): a
/// status of 408, 429 or 500 and above, a timeout, or a connection that could not be established, was reset, or closed
/// in the middle of a message. Here the body of a response counts as part of the message.
///
/// `Response::error_for_status` turns a status into an error, without the header `Retry-After`.
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
impl Retryable for reqwest::Error {
    fn advice(&self) -> Advice {
        let is_transient = match self.status() {
            Some(status) => is_transient_status(status),
            None => self.is_timeout() || self.is_connect() || is_broken(self),
        };
        if is_transient { Advice::Transient } else { Advice::Never }
    }
}

fn is_transient_status(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// Did the connection break?
fn is_broken(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(cause) = next {
        let hyper = cause.downcast_ref::<hyper::Error>();
        let io = cause.downcast_ref::<io::Error>();
        if hyper.is_some_and(|error| error.is_incomplete_message() || error.is_canceled())
            || io.is_some_and(|error| error.kind() != io::ErrorKind::Other && error.advice() == Advice::Transient)
        {
            return true;
        }
        next = cause.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn advice_on(status: u16) -> Advice {
        let response = http::Response::builder().status(status).body("").unwrap();
        reqwest::Response::from(response).error_for_status().unwrap_err().advice()
    }

    #[test]
    fn a_server_that_fails_or_is_busy_may_be_asked_again() {
        for status in [408, 429, 500, 502, 503, 504] {
            assert_eq!(advice_on(status), Advice::Transient, "{status}");
        }
        for status in [400, 401, 404, 409, 422] {
            assert_eq!(advice_on(status), Advice::Never, "{status}");
        }
    }

    /// The error of a request to a server that does this with its only connection.
    fn error_of(patience: Duration, serve: impl FnOnce(TcpListener) + Send + 'static) -> reqwest::Error {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || serve(listener));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().timeout(patience).build()?;
            client.get(url).send().await?.text().await
        });
        drop(runtime);
        server.join().unwrap();
        error.unwrap_err()
    }

    const LONG: Duration = Duration::from_secs(60);

    fn answer(listener: &TcpListener, answer: &[u8]) {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 1024]).unwrap();
        connection.write_all(answer).unwrap();
    }

    #[test]
    fn a_connection_that_breaks_is_transient() {
        assert_eq!(error_of(LONG, |listener| answer(&listener, b"")).advice(), Advice::Transient);
        let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc";
        assert_eq!(error_of(LONG, move |listener| answer(&listener, half)).advice(), Advice::Transient);
    }

    #[test]
    fn one_that_cannot_be_made_is_transient() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let error = runtime.block_on(client.get(format!("http://{port}")).send()).unwrap_err();
        assert!(error.is_connect());
        assert_eq!(error.advice(), Advice::Transient);
    }

    /// Finds no address for any name. Its error is of no type that is known to be transient.
    struct NoNames;

    impl reqwest::dns::Resolve for NoNames {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(std::future::ready(Err("no such name".into())))
        }
    }

    #[test]
    fn so_is_a_name_that_is_not_found() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = reqwest::Client::builder().no_proxy().dns_resolver(std::sync::Arc::new(NoNames)).build().unwrap();
        let error = runtime.block_on(client.get("http://festoon.invalid").send()).unwrap_err();
        assert_eq!(error.advice(), Advice::Transient, "{error:?}");
    }

    #[test]
    fn a_timeout_is_transient() {
        // The server reads until the client disconnects.
        let error = error_of(Duration::from_millis(50), |listener| {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read_to_end(&mut Vec::new());
        });
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(error.advice(), Advice::Transient);
    }

    #[test]
    fn a_request_that_makes_no_sense_is_not() {
        let error = reqwest::Client::new().get("no address").build().unwrap_err();
        assert_eq!(error.advice(), Advice::Never);
        let nonsense = error_of(LONG, |listener| answer(&listener, b"nonsense\r\n\r\n"));
        assert_eq!(nonsense.advice(), Advice::Never);
    }
}
