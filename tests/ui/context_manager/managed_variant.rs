use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
#[context(error = String)]
enum Job {
    #[managed]
    One(NullContext<u8>),
    Two(#[managed(entered)] NullContext<u8>),
}

fn main() {
    let _ = (Job::One(festoon::managers::nullcontext(1)), Job::Two(festoon::managers::nullcontext(2)));
}
