//! `Hash`, `Eq` and `Clone` of a key or a value that are cached functions themselves, or call one.

use std::hash::{Hash, Hasher};

use festoon::{Decorated, cached, decorate};
use futures::executor::block_on;

/// Every function of it that can be is cached, as with a decorator on the whole crate.
struct Name(String);

impl Clone for Name {
    #[cached]
    fn clone(&self) -> Self {
        Name(self.text())
    }
}

impl PartialEq for Name {
    #[cached]
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

fn pass<A, R>(next: impl FnOnce(A) -> R, argument: A) -> R {
    next(argument)
}

#[cached]
impl Name {
    fn text(&self) -> String {
        self.0.clone()
    }

    #[cached(ttl = 5m)]
    async fn both(self, other: Name) -> String {
        std::future::ready(self.text() + &other.text()).await
    }

    #[cached(store = disk(file()), key = self.0)]
    fn itself(&self) -> Option<Kept> {
        Some(Kept(self.0.clone()))
    }
}

fn file() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("festoon-recursion-{}.redb", std::process::id()))
}

/// A function with layers above its cache.
#[decorate(pass)]
#[cached]
fn length(name: Name) -> usize {
    name.0.len()
}

#[derive(PartialEq, Debug, serde::Serialize, serde::Deserialize)]
struct Kept(String);

impl Clone for Kept {
    fn clone(&self) -> Self {
        Name(self.0.clone()).itself().unwrap_or(Kept(self.0.clone()))
    }
}

#[test]
fn they_run_their_bodies() {
    let _caches = festoon::testing::fresh_caches();
    let name = Name("ada".to_owned());
    assert_eq!((name.text(), name.text()), ("ada".to_owned(), "ada".to_owned()));
    let copy = name.clone().clone();
    assert!(copy == name && copy != Name("bob".to_owned()));
    assert_eq!(block_on(copy.clone().both(name.clone())), "adaada");
    assert_eq!((length(copy), name.itself(), name.itself()), (3, Some(Kept("ada".into())), Some(Kept("ada".into()))));
    assert_eq!((Name::text.cache().info().misses, Name::clone.cache().info().misses), (2, 1));
}

#[test]
fn handles_ask_and_forget() {
    let _caches = festoon::testing::fresh_caches();
    let name = Name("eve".to_owned());
    let length = |name: &Name| length(Name(name.0.clone()));
    assert_eq!((name.text(), length(&name)), ("eve".to_owned(), 3));
    assert_eq!(Name::text.cache().peek((&name,)).as_deref(), Some("eve"));
    assert!(Name::text.cache().invalidate((&name,)) && !Name::text.cache().contains((&name,)));
    assert!(super::recursion::length.cache().invalidate((name,)));
}
