use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
#[context(error = String)]
#[managed]
struct Job(NullContext<u8>);

fn main() {
    let _ = Job(festoon::managers::nullcontext(1));
}
