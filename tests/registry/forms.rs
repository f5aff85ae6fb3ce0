//! What can be registered.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use festoon::{Register, register, registry};

#[registry(args(level: u32))]
trait Codec: Send + Sync {
    fn run(&self) -> String;
}

/// On the type itself, without a derive.
#[register(dyn Codec, name = "attribute", new = Self::new)]
#[register(dyn Codec, name = "attribute-again", new = |level| Attribute { level: level + 1 })]
struct Attribute {
    /// How much.
    #[field(min = 0, label = "Level")]
    level: u32,
}

impl Attribute {
    fn new(level: u32) -> Self {
        Attribute { level }
    }
}

impl Codec for Attribute {
    fn run(&self) -> String {
        format!("attribute {}", self.level)
    }
}

#[register(dyn Codec, new = |level| if level == 0 { Level::Low } else { Level::High })]
#[derive(Debug)]
enum Level {
    Low,
    High,
}

impl Codec for Level {
    fn run(&self) -> String {
        format!("{self:?}")
    }
}

/// Below the derive, the attribute is the derive's.
#[derive(Register, Default)]
#[register(dyn Codec, name = "derived")]
struct Derived;

impl Codec for Derived {
    fn run(&self) -> String {
        "derived".to_owned()
    }
}

struct OfTrait(u32);

impl OfTrait {
    fn new(level: u32) -> Result<Self, String> {
        if level < 5 { Ok(OfTrait(level)) } else { Err("too high".to_owned()) }
    }
}

/// The trait is known.
#[register(name = "of-trait", new = Self::new)]
impl Codec for OfTrait {
    fn run(&self) -> String {
        format!("of trait {}", self.0)
    }
}

#[derive(Default)]
struct Inherent;

#[register(dyn Codec)]
impl Inherent {
    fn text(&self) -> String {
        let Inherent = self;
        "inherent".to_owned()
    }
}

impl Codec for Inherent {
    fn run(&self) -> String {
        self.text()
    }
}

/// Types of others.
#[register(dyn Codec, name = "vec", new = |level| vec![0; level as usize])]
impl Codec for Vec<u8> {
    fn run(&self) -> String {
        format!("{} bytes", self.len())
    }
}

impl Codec for HashMap<String, u32> {
    fn run(&self) -> String {
        format!("a map of {}", self.len())
    }
}

#[register(dyn Codec, name = "map")]
type Map = HashMap<String, u32>;

#[derive(Register, Default)]
#[register(dyn Codec, for = Buffer<u8, 2>, name = "bytes")]
#[register(dyn Codec, for = Buffer<char, 3>, name = "chars", new = Self::full)]
struct Buffer<T, const N: usize> {
    content: Vec<T>,
}

impl<T: Default + Clone, const N: usize> Buffer<T, N> {
    fn full() -> Self {
        Buffer { content: vec![T::default(); N] }
    }
}

#[register(for = Wrapper<'static, u64>, name = "wrapped", new = || Wrapper(&7))]
impl<T: Debug + Send + Sync> Codec for Wrapper<'_, T> {
    fn run(&self) -> String {
        format!("{:?}", self.0)
    }
}

struct Wrapper<'a, T>(&'a T);

impl<T: Send + Sync, const N: usize> Codec for Buffer<T, N> {
    fn run(&self) -> String {
        format!("{} of {N}", self.content.len())
    }
}

/// A function that makes one.
#[register(dyn Codec, for = OfTrait, name = "made-by-a-function")]
fn made(level: u32) -> Result<OfTrait, String> {
    OfTrait::new(level + 1)
}

#[register(dyn Codec, singleton)]
const FIXED: OfTrait = OfTrait(42);

static COUNTER: Counter = Counter(AtomicUsize::new(0));

struct Counter(AtomicUsize);

impl Codec for Counter {
    fn run(&self) -> String {
        self.0.fetch_add(1, Relaxed).to_string()
    }
}

#[register(dyn Codec, name = "static")]
static STATIC: Counter = Counter(AtomicUsize::new(10));

fn run(name: &str, level: u32) -> String {
    match <dyn Codec>::registry().create(name, (level,)) {
        Ok(codec) => codec.run(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn types_are_registered_by_a_derive_or_by_the_attribute() {
    assert_eq!((run("attribute", 1), run("attribute-again", 1)), ("attribute 1".into(), "attribute 2".into()));
    assert_eq!((run("Level", 0), run("Level", 1)), ("Low".into(), "High".into()));
    assert_eq!(run("derived", 1), "derived");
    let entry = <dyn Codec>::registry().get("attribute").unwrap();
    assert_eq!(entry.docs(), "On the type itself, without a derive.");
    assert_eq!((entry.fields()[0].name, entry.fields()[0].docs), ("level", "How much."));
    assert_eq!(entry.fields()[0].attributes, [("min", "0"), ("label", "Level")]);
}

#[test]
fn impl_blocks_are_registered() {
    assert_eq!((run("of-trait", 2), run("Inherent", 0)), ("of trait 2".into(), "inherent".into()));
    assert_eq!(run("of-trait", 5), "cannot create `of-trait`: too high");
    assert_eq!(<dyn Codec>::registry().get("of-trait").unwrap().docs(), "The trait is known.");
}

#[test]
fn foreign_types_and_instances_of_generic_ones_are_registered() {
    assert_eq!((run("vec", 3), run("map", 0)), ("3 bytes".into(), "a map of 0".into()));
    assert_eq!((run("bytes", 0), run("chars", 0)), ("0 of 2".into(), "3 of 3".into()));
    assert_eq!(run("wrapped", 0), "7");
    let registry = <dyn Codec>::registry();
    assert_eq!(registry.by_type::<Buffer<u8, 2>>().unwrap().name(), "bytes");
    assert_eq!(registry.by_type::<Map>().unwrap().name(), "map");
}

#[test]
fn functions_constants_and_statics_are_registered() {
    let registry = <dyn Codec>::registry();
    assert_eq!(run("made-by-a-function", 1), "of trait 2");
    assert_eq!(
        (run("FIXED", 0), registry.singleton("FIXED").unwrap().run()),
        ("of trait 42".into(), "of trait 42".into())
    );
    assert!(std::ptr::addr_eq(registry.singleton("FIXED").unwrap(), registry.singleton("FIXED").unwrap()));
    let one = registry.singleton("static").unwrap();
    assert_eq!((one.run(), STATIC.run(), COUNTER.run()), ("10".into(), "11".into(), "0".into()));
    assert_eq!(run("static", 0), "cannot create `static`: there is only the one instance");
}

/// Plug-ins that are functions.
#[registry]
trait Command: Fn(&str) -> String + Send + Sync {}

impl<F: Fn(&str) -> String + Send + Sync> Command for F {}

/// Says hello.
#[register(dyn Command)]
fn greet(name: &str) -> String {
    format!("hello, {name}")
}

#[register(dyn Command, name = "shout", alias("cry"), tag(loud = true))]
fn shout(name: &str) -> String {
    name.to_uppercase()
}

#[test]
fn a_plug_in_may_be_a_function() {
    let registry = <dyn Command>::registry();
    assert_eq!(registry.names(), ["greet", "shout"]);
    assert_eq!(registry.create("greet", ()).unwrap()("ada"), "hello, ada");
    assert_eq!(registry.singleton("cry").unwrap()("ada"), "ADA");
    let entry = registry.get("cry").unwrap();
    assert_eq!((entry.tag("loud"), entry.docs()), (Some("true"), ""));
    assert_eq!(registry.get("greet").unwrap().docs(), "Says hello.");
    assert!(entry.type_name().ends_with("::shout"), "{}", entry.type_name());
    assert_eq!(registry.of(&shout).unwrap().name(), "shout");
}
