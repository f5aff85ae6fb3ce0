//! `Interned`: known strings, a thousand names and one hot one.

use std::sync::{Arc, LazyLock};

use festoon::Interned;
use internment::ArcIntern;
use lasso::ThreadedRodeo;

use crate::harness::Suite;

/// In random order, at their own addresses.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut random = fastrand::Rng::with_seed(9);
    (0..4096).map(|_| format!("user.{:04}.name", random.u32(0..1000))).collect()
});

static RODEO: LazyLock<ThreadedRodeo> = LazyLock::new(|| {
    let rodeo = ThreadedRodeo::default();
    NAMES.iter().for_each(|name| _ = rodeo.get_or_intern(name));
    rodeo
});

fn name(number: u64, hot: bool) -> &'static str {
    if hot { &NAMES[0] } else { &NAMES[number as usize % 4096] }
}

/// All names are in use as long as the suite runs.
fn known(title: &str, hot: bool) -> Suite {
    let festoon: Arc<Vec<Interned<str>>> = Arc::new(NAMES.iter().map(|name| (&**name).into()).collect());
    let interned: Arc<Vec<ArcIntern<str>>> = Arc::new(NAMES.iter().map(|name| ArcIntern::from(&**name)).collect());
    NAMES.iter().for_each(|name| _ = ustr::ustr(name));
    Suite::new(title)
        .case("festoon", move |number| {
            let _in_use = &festoon;
            drop(Interned::from(name(number, hot)));
        })
        .case("internment ArcIntern", move |number| {
            let _in_use = &interned;
            drop(ArcIntern::<str>::from(name(number, hot)));
        })
        .case("lasso ThreadedRodeo, never freed", move |number| RODEO.get_or_intern(name(number, hot)))
        .case("ustr, never freed", move |number| ustr::ustr(name(number, hot)))
}

pub fn suites() -> Vec<Suite> {
    vec![known("intern: one of 1,000 names that are in use, and its drop", false), known("intern: one hot name", true)]
}
