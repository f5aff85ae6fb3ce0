use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
#[context(error = String)]
struct Job {
    #[managed(enterd)]
    value: NullContext<u8>,
}

fn main() {
    let _ = Job { value: festoon::managers::nullcontext(1) };
}
