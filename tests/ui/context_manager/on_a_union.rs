use festoon::ContextManager;

#[derive(ContextManager)]
#[context(error = String)]
union Job {
    one: u8,
}

fn main() {
    let _ = Job { one: 1 };
}
