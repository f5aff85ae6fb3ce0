use festoon::context_manager;

#[context_manager]
struct Opened;

fn main() {}
