use festoon::yield_;

fn number() {
    yield_!(3);
}

fn main() {}
