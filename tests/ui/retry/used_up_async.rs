use festoon::{retry, timed};

async fn send(url: String, bodies: Vec<u8>) -> Result<(), String> {
    Err(format!("{url} {bodies:?}"))
}

#[retry(clone(bodies))]
#[timed]
async fn post(url: String, bodies: Vec<u8>, n: &u32) -> Result<(), String> {
    println!("{n}");
    send(url, bodies).await
}

fn main() {}
