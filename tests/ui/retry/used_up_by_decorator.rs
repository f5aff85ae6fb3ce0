use festoon::{decorate, retry};

fn logged(next: impl FnOnce(String) -> Option<u32>, url: String) -> Option<u32> {
    next(url)
}

#[retry]
#[decorate(logged)]
fn post(url: String) -> Option<u32> {
    url.len().try_into().ok()
}

fn main() {}
