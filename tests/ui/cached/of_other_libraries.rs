use festoon::cached;

#[cached(maxsize = 100, time = 60, option = true, sync_writes = true, convert = "{ name.len() }")]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
