use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
struct Job {
    #[managed(entered)]
    _value: NullContext<u8>,
}

fn main() {}
