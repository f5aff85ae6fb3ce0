use festoon::ContextManager;
use festoon::managers::NullContext;

#[derive(ContextManager)]
#[context(error = String)]
enum Job {
    One {
        #[managed(entered, skip_if = is_quiet)]
        value: NullContext<u8>,
    },
    Two {
        is_quiet: bool,
    },
}

fn main() {
    let _ = (Job::One { value: festoon::managers::nullcontext(1) }, Job::Two { is_quiet: true });
}
