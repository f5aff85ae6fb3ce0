use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
enum Job {
    One,
}

fn main() {
    let _ = Job::One;
}
