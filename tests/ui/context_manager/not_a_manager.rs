use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
struct Job {
    #[managed]
    value: u8,
}

fn main() {
    let _ = Job { value: 1 };
}
