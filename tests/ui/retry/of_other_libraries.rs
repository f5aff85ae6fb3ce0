use festoon::retry;

#[retry(tries = 3, delay = 1s, backoff = 2, exceptions = (Fault), on_retry = log)]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
