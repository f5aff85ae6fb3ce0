use festoon::tower::PolicyLayer;
use festoon::{Breaker, Retry, policy};

static PAYMENTS: Breaker = Breaker::new();

fn main() {
    let _layer = PolicyLayer::new(policy!(Retry::new(), &PAYMENTS));
}
