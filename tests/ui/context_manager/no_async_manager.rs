use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
struct Job {
    #[managed(async)]
    names: Vec<u8>,
}

fn main() {
    let _ = Job { names: vec![] };
}
