const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);

#[festoon::retry(wait = PAUSE)]
fn find(name: &str) -> Option<usize> {
    Some(name.len())
}

fn main() {}
