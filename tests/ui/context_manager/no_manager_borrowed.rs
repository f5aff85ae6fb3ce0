use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
enum Job<'a> {
    Named(#[managed] Vec<&'a str>),
    Nothing,
}

fn main() {
    let _ = (Job::Named(vec![]), Job::Nothing);
}
