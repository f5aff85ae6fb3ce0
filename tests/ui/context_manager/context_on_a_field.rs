use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
struct Job {
    #[context(error = String)]
    #[managed(entered)]
    value: NullContext<u8>,
}

fn main() {
    let _ = Job { value: festoon::managers::nullcontext(1) };
}
