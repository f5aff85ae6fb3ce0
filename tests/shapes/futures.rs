//! What futures contain, and when they start.

use super::*;

fn is_send_and_static<T: Send + 'static>(_: &T) {}

#[timed]
async fn sendable(text: String) -> Result<usize, String> {
    let length = text.len();
    pause().await;
    Ok(length + text.len())
}

async fn plain(text: String) -> Result<usize, String> {
    let length = text.len();
    pause().await;
    Ok(length + text.len())
}

#[test]
fn futures_stay_send_static_and_small() {
    let (decorated, plain) = (sendable(String::new()), plain(String::new()));
    is_send_and_static(&decorated);
    let (larger, size) = (size_of_val(&decorated), size_of_val(&plain));
    assert!(larger <= size + 64, "{} bytes, without the decorator {}", larger, size);
    drop((decorated, plain));
}
