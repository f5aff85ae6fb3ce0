//! The transient gRPC statuses.

use std::time::Duration;

use tonic::{Code, Status};

use super::{Advice, Retryable};

/// Only `UNAVAILABLE`, according to [AIP-194](https://google.aip.dev/194). A server's
/// [`grpc-retry-pushback-ms`](https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback) replaces the
/// wait, or forbids a retry.
#[cfg_attr(docsrs, doc(cfg(feature = "tonic")))]
impl Retryable for Status {
    fn advice(&self) -> Advice {
        match (self.code(), self.metadata().get("grpc-retry-pushback-ms")) {
            (Code::Unavailable, None) => Advice::Transient,
            (Code::Unavailable, Some(pushback)) => {
                let millis = pushback.to_str().ok().and_then(|text| text.parse().ok());
                millis.map_or(Advice::Never, |millis| Advice::After(Duration::from_millis(millis)))
            }
            _ => Advice::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed_back(status: Status, millis: &str) -> Advice {
        let mut status = status;
        status.metadata_mut().insert("grpc-retry-pushback-ms", millis.parse().unwrap());
        status.advice()
    }

    #[test]
    fn unavailable_is_transient_and_nothing_else() {
        assert_eq!(Status::unavailable("").advice(), Advice::Transient);
        for code in [Code::DeadlineExceeded, Code::ResourceExhausted, Code::Aborted, Code::Internal, Code::NotFound] {
            assert_eq!(Status::new(code, "").advice(), Advice::Never, "{code}");
        }
    }

    #[test]
    fn a_server_may_push_back() {
        let wait = Advice::After(Duration::from_millis(1500));
        assert_eq!(pushed_back(Status::unavailable(""), "1500"), wait);
        assert_eq!(pushed_back(Status::unavailable(""), "-1"), Advice::Never);
        assert_eq!(pushed_back(Status::unavailable(""), "soon"), Advice::Never);
        assert_eq!(pushed_back(Status::internal(""), "1500"), Advice::Never);
    }
}
