use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
struct Job {
    _value: u8,
}

fn main() {}
