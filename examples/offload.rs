//! CPU-bound work off the executor and on every core: `cargo run --example offload`.

use std::sync::Arc;

use festoon::{Decorated, offload, timed};

/// How often each letter occurs; `#[timed]` above includes the wait for a thread.
#[timed]
#[offload]
fn letters(text: Arc<str>) -> [u32; 26] {
    let mut counts = [0; 26];
    for byte in text.bytes().filter(u8::is_ascii_alphabetic) {
        counts[usize::from(byte.to_ascii_lowercase() - b'a')] += 1;
    }
    counts
}

struct Text(String);

impl Text {
    /// `&self` cannot move to another thread; `Arc<Self>` can.
    #[offload(pool = tokio)]
    fn words(self: Arc<Self>) -> usize {
        self.0.split_whitespace().count()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let text: Arc<str> = include_str!("offload.rs").repeat(100).into();
    let document = Arc::new(Text(text.to_string()));
    // All three run at the same time, while this thread continues.
    let (all, half, words) =
        tokio::join!(letters(Arc::clone(&text)), letters(text[..text.len() / 2].into()), document.words());
    println!("{} e's, half of the text has {}, {words} words", all[4], half[4]);
    println!("{} calls, {:?} on average", letters.timing().calls(), letters.timing().mean());
}
