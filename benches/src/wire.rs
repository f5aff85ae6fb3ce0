//! `#[registry(serde)]` compared with typetag: a trait object of one of two hundred types, read by its name.

use std::hint::black_box;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::harness::Suite;

#[festoon::registry(serde(tag = "type"))]
pub trait Ours {
    fn id(&self) -> u64;
}

#[typetag::serde(tag = "type")]
pub trait Peer {
    fn id(&self) -> u64;
}

/// One type for each number.
#[derive(Serialize, Deserialize)]
pub struct Message<const NUMBER: usize> {
    id: u64,
    level: u32,
}

macro_rules! messages {
    ($($number:literal $name:literal)*) => {
        const NAMES: &[&str] = &[$($name),*];

        $(
            #[festoon::register(name = $name, no_new)]
            impl Ours for Message<$number> {
                fn id(&self) -> u64 {
                    self.id
                }
            }

            #[typetag::serde(name = $name)]
            impl Peer for Message<$number> {
                fn id(&self) -> u64 {
                    self.id
                }
            }
        )*
    };
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The texts, in random order; with the tag first, or last.
fn texts(form: fn(&str) -> String) -> Vec<String> {
    let mut random = fastrand::Rng::with_seed(3);
    (0..1024).map(|_| form(NAMES[random.usize(0..NAMES.len())])).collect()
}

static FIRST: LazyLock<Vec<String>> =
    LazyLock::new(|| texts(|name| format!(r#"{{"type": "{name}", "id": 7, "level": 3}}"#)));
static LAST: LazyLock<Vec<String>> =
    LazyLock::new(|| texts(|name| format!(r#"{{"id": 7, "level": 3, "type": "{name}"}}"#)));

fn ours(text: &str) -> u64 {
    serde_json::from_str::<Box<dyn Ours>>(text).map_or(0, |it| black_box(it).id())
}

fn peer(text: &str) -> u64 {
    serde_json::from_str::<Box<dyn Peer>>(text).map_or(0, |it| black_box(it).id())
}

fn suite(title: &'static str, texts: fn(u64) -> &'static str) -> Suite {
    Suite::new(title)
        .case("typetag", move |number| peer(texts(number)))
        .floor()
        .case("festoon", move |number| ours(texts(number)))
}

pub fn suites() -> Vec<Suite> {
    vec![
        suite("registry: a trait object out of JSON, its tag first", |number| &FIRST[number as usize % 1024]),
        suite("registry: a trait object out of JSON, its tag last", |number| &LAST[number as usize % 1024]),
    ]
}
