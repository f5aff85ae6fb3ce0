//! `#[cached]`.

use festoon::cached;
use std::num::ParseIntError;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Plain.
#[cached]
#[must_use]
pub fn plain(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Nothing in, nothing out.
#[cached(max = 8, ttl = 5ms, cache_unit)]
pub fn quiet() {}

/// An argument that the body does not use.
#[cached]
#[must_use]
pub fn unasked(_word: String) -> u8 {
    1
}

/// The same.
#[cached]
pub async fn unasked_later(_word: String) -> u8 {
    1
}

/// # Errors
/// When it is no number.
#[cached(unbounded, ttl = Duration::from_millis(5))]
pub fn result(text: &str, maybe: Option<&Path>) -> Result<u8, ParseIntError> {
    let number: u8 = text.parse()?;
    if maybe.is_some() {
        return Ok(4);
    }
    Ok(number)
}

/// Generic, with a pattern and a `mut` argument.
#[cached(cache_none)]
pub fn generic<T, const N: usize>((first, second): (T, T), mut rest: Vec<T>) -> Option<[T; N]>
where
    T: Ord + Clone + std::hash::Hash + Send + Sync + 'static,
{
    rest.push(first);
    rest.push(second);
    rest.try_into().ok()
}

/// Arguments that cannot be named.
#[cached(key = numbers.clone().into_iter().collect::<Vec<u8>>())]
#[must_use]
pub fn opaque(numbers: impl IntoIterator<Item = u8> + Clone) -> usize {
    numbers.into_iter().count()
}

/// # Errors
/// When it is no number.
#[cached]
pub async fn later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    result(text, None)
}

/// Async without a value.
#[cached(cache_unit)]
pub async fn later_quiet(_number: u8) {
    std::future::ready(()).await;
}

/// Boxed by hand.
#[cached]
#[must_use]
pub fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move {
        std::future::ready(()).await;
        text.len()
    })
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thing(u8, String);

#[cached]
impl Thing {
    /// By reference.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.0
    }

    /// By value.
    #[must_use]
    pub fn take(self) -> u8 {
        self.0
    }

    /// Shared.
    #[must_use]
    pub fn shared(self: Arc<Self>, number: u8) -> u8 {
        self.0.saturating_add(number)
    }

    /// Changed.
    #[cached(skip(self))]
    pub fn change(&mut self, number: u8) -> u8 {
        self.0 = number;
        number
    }

    /// By what it says.
    #[cached(key = (self.0, word.trim()))]
    #[must_use]
    pub async fn said(&self, word: &str) -> String {
        std::future::ready(()).await;
        word.to_owned()
    }
}

/// Kept outside of the process.
#[cached(store = tiered(memory(max = 3), redis("redis://localhost")), ttl = 5m, version = 2)]
pub async fn shared(number: u8, word: &str) -> Option<String> {
    std::future::ready(()).await;
    Some(format!("{number} {word}"))
}

/// Kept in a file.
///
/// # Errors
/// When the file cannot be asked.
#[cached(store = disk("numbers.redb"), on_store_error = fail)]
pub fn filed<T>(number: &T) -> Result<String, festoon::cache::StoreError>
where
    T: Clone + Eq + std::hash::Hash + Send + Sync + ToString + serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    Ok(number.to_string())
}

/// Boxed by `async_trait`.
#[async_trait::async_trait]
pub trait Later {
    /// Looks it up.
    async fn look_up(&self, text: &str) -> Option<u8>;
}

#[async_trait::async_trait]
impl Later for Thing {
    #[cached]
    async fn look_up(&self, text: &str) -> Option<u8> {
        text.parse().ok()
    }
}

/// Made anew in the background.
///
/// # Errors
/// When there is nothing.
#[cached(ttl = 5m, stale = 1m, refresh_ahead = 10s, stale_if_error = 1h, jitter = 1s, skip(things))]
pub fn refreshed(things: &[u8], word: Option<&str>, mut number: u8) -> Result<u8, String> {
    number = number.saturating_add(1);
    things.first().copied().or_else(|| word.map(|_| number)).ok_or_else(|| "nothing".to_owned())
}

/// The same, later.
#[cached(ttl = 5m, stale = 1m, negative_ttl = 5s)]
pub async fn refreshed_later(word: &str, (left, right): (u8, u8)) -> Option<u8> {
    std::future::ready(()).await;
    word.parse::<u8>().ok()?.checked_add(left)?.checked_add(right)
}

/// Of values that say so themselves.
#[cached(ttl = |kept| Duration::from_secs(u64::from(*kept)), if = |kept| *kept > 3, tti = 5m, tags("numbers"))]
#[must_use]
pub fn told(number: u8) -> u8 {
    number
}

/// By weight.
#[cached(weigh = String::len, max_weight = 1mb)]
#[must_use]
pub fn weighed(number: u8) -> String {
    number.to_string()
}

/// For a thread.
#[cached(scope = thread, max = 10)]
#[must_use]
pub fn of_a_thread<T: ToString + Clone + Eq + std::hash::Hash + Send + Sync + 'static>(number: &T) -> String {
    number.to_string()
}

/// With a memo.
#[derive(Debug, Default)]
pub struct Keeps {
    /// What it has given.
    memo: festoon::Memo,
}

impl Keeps {
    /// For an instance.
    #[cached(scope = instance, field = memo, ttl = 5m)]
    #[must_use]
    pub fn length(&self, word: &str) -> usize {
        word.len()
    }

    /// The same, later.
    #[cached(scope = instance, field = memo, key = word.trim())]
    pub async fn length_later(&mut self, word: &str) -> usize {
        std::future::ready(()).await;
        word.len()
    }
}
