use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
struct Job {
    #[managed]
    names: Vec<u8>,
    count: usize,
}

fn main() {
    let _ = Job { names: vec![], count: 0 };
}
