//! `#[registry]`: looks up a type by its name among a thousand, and measures how long the index takes to build.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::harness::{Effort, Suite, median};

#[festoon::registry]
pub trait Codec {
    fn id(&self) -> u64;
}

/// A hand-written entry.
struct Entry {
    name: &'static str,
    new: fn() -> Box<dyn Codec>,
}

inventory::collect!(Entry);

macro_rules! types {
    ($($type:ident $name:literal)*) => {
        const NAMES: &[&str] = &[$($name),*];

        $(
            #[derive(Default, festoon::Register)]
            #[register(dyn Codec, name = $name)]
            pub struct $type;

            impl Codec for $type {
                fn id(&self) -> u64 {
                    1
                }
            }

            inventory::submit! {
                Entry { name: $name, new: || Box::new($type) }
            }
        )*
    };
}

include!(concat!(env!("OUT_DIR"), "/types.rs"));

type Index = HashMap<&'static str, &'static Entry, RandomState>;

fn build_index() -> Index {
    inventory::iter::<Entry>.into_iter().map(|entry| (entry.name, entry)).collect()
}

static INDEX: LazyLock<Index> = LazyLock::new(build_index);

/// Names in random order, at their own addresses: a name that a program looks up usually comes from its input.
static WANTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut random = fastrand::Rng::with_seed(3);
    (0..4096).map(|_| NAMES[random.usize(0..NAMES.len())].to_owned()).collect()
});

fn wanted(number: u64) -> &'static str {
    &WANTED[number as usize % 4096]
}

#[inline(never)]
fn foldhash_map(name: &str) -> Option<&'static Entry> {
    INDEX.get(name).copied()
}

#[inline(never)]
fn linear(name: &str) -> Option<&'static Entry> {
    inventory::iter::<Entry>.into_iter().find(|entry| entry.name == name)
}

#[inline(never)]
fn festoon(name: &str) -> Option<&'static festoon::Entry<dyn Codec>> {
    <dyn Codec>::registry().get(name)
}

#[inline(never)]
fn festoon_create(name: &str) -> u64 {
    <dyn Codec>::registry().create(name, ()).map_or(0, |codec| black_box(codec).id())
}

fn look_up() -> Suite {
    Suite::new("registry: a lookup by name among 1,000 types")
        .case("the name alone", wanted)
        .case("foldhash map", |number| foldhash_map(wanted(number)).is_some())
        .floor()
        .case("festoon get", |number| festoon(wanted(number)).is_some())
        .case("inventory, linear", |number| linear(wanted(number)).is_some())
}

fn create() -> Suite {
    Suite::new("registry: a lookup that creates the value (a type without fields)")
        .case("foldhash map", |number| foldhash_map(wanted(number)).map_or(0, |entry| black_box((entry.new)()).id()))
        .floor()
        .case("festoon create", |number| festoon_create(wanted(number)))
        .case("inventory, linear", |number| linear(wanted(number)).map_or(0, |entry| black_box((entry.new)()).id()))
}

pub fn suites() -> Vec<Suite> {
    vec![look_up(), create()]
}

/// The ways to build an index, by their names on the command line.
const INDEXES: &[(&str, &str, fn() -> usize)] = &[
    ("foldhash", "foldhash map over inventory", || build_index().len()),
    ("festoon", "festoon", || <dyn Codec>::registry().len()),
];

/// `festoon-bench --index NAME`: builds one index in a process that has not done so before. Prints nanoseconds.
pub fn print_index(name: &str) -> Option<()> {
    let (_, _, build) = INDEXES.iter().find(|(known, ..)| *known == name)?;
    let start = Instant::now();
    let len = build();
    let nanos = start.elapsed().as_nanos();
    assert_eq!(len, NAMES.len());
    println!("{nanos}");
    Some(())
}

pub fn index_table(effort: Effort) -> String {
    let mut table = "### registry: the index of 1,000 types, built once (a process each)\n\n".to_owned();
    table.push_str("| microseconds | median | min |\n|---|---:|---:|\n");
    for (name, title, _) in INDEXES {
        let micros: Vec<f64> = (0..3 * effort.rounds).filter_map(|_| index_in_a_child(name)).collect();
        let min = micros.iter().copied().fold(f64::INFINITY, f64::min);
        writeln!(table, "| {title} | {:.0} | {min:.0} |", median(micros.into_iter()))
            .expect("a String takes everything");
    }
    table + "\n"
}

fn index_in_a_child(name: &str) -> Option<f64> {
    let output = Command::new(std::env::current_exe().ok()?).args(["--index", name]).output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().parse::<f64>().ok()? / 1000.0)
}
