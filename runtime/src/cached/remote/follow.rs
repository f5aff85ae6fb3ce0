//! Copies in this process's memory of values in a store: when a value changes there, its copy is dropped.

use crate::cached::core::Core;
use crate::cached::key::Same;
use crate::cached::store::Types;

/// A holder of copies.
pub(super) trait Follower: Send + Sync {
    /// Drops the copy of this key, or all of them.
    fn forget(&self, key: Option<&[u8]>);
}

impl<C: Types> Follower for Core<C>
where
    Self: Send + Sync,
{
    fn forget(&self, key: Option<&[u8]>) {
        match key {
            Some(key) => {
                if let Some(key) = self.link().and_then(|link| link.read_key(key)) {
                    self.common().invalidate(self.store(), self.hash(&Same(&key)), &key);
                }
            }
            None => self.forget_all(),
        }
    }
}

/// *Input:* a key, or nothing for all keys. *Output:* the message: its sender, the function, and the key.
pub(super) fn news(prefix: &str, key: Option<&[u8]>) -> Vec<u8> {
    let mut news = me().to_le_bytes().to_vec();
    news.extend(prefix.as_bytes());
    news.push(0);
    if let Some(key) = key {
        news.push(1);
        news.extend(key);
    }
    news
}

/// The message of another process: the function, and the key or nothing.
#[cfg(feature = "redis")]
pub(super) fn read(news: &[u8]) -> Option<(&str, Option<&[u8]>)> {
    let (who, news) = news.split_first_chunk()?;
    let end = news.iter().position(|byte| *byte == 0)?;
    let prefix = std::str::from_utf8(&news[..end]).ok()?;
    (u64::from_le_bytes(*who) != me()).then_some((prefix, news.get(end + 2..)))
}

/// This process's id among all users of the store.
fn me() -> u64 {
    static ME: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| fastrand::u64(..));
    *ME ^ u64::from(std::process::id()).rotate_left(32)
}

#[cfg(all(test, feature = "redis"))]
mod tests {
    use super::*;

    #[test]
    fn news_of_others_are_read() {
        let from_other = |mut news: Vec<u8>| {
            news[0] ^= 1;
            news
        };
        assert_eq!(read(&from_other(news("a:1:", Some(&[0, 7])))), Some(("a:1:", Some(&[0, 7][..]))));
        assert_eq!(read(&from_other(news("a:1:", Some(&[])))), Some(("a:1:", Some(&[][..]))));
        assert_eq!(read(&from_other(news("a:1:", None))), Some(("a:1:", None)));
        assert_eq!((read(&news("a:1:", None)), read(b"x"), read(&[0; 8])), (None, None, None));
    }
}
