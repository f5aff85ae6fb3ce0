//! What can be registered, and in what kinds of registries.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use festoon::{Register, register, registry};
use futures::executor::block_on;

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
    assert_eq!(run("of-trait", 5), "`of-trait` cannot be made: too high");
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
    assert_eq!(run("static", 0), "`static` cannot be made: there is only the one instance");
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

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Code {
    Push(u8),
    Pop,
}

impl Code {
    const fn push(number: u8) -> Self {
        Code::Push(number)
    }
}

#[registry(key = Code, default = Code::Pop)]
trait Instruction {
    fn run(&self, stack: &mut Vec<u8>);
}

#[derive(Register, Default)]
#[register(dyn Instruction, key = Code::Pop)]
struct Pop;

impl Instruction for Pop {
    fn run(&self, stack: &mut Vec<u8>) {
        stack.pop();
    }
}

#[derive(Register)]
#[register(dyn Instruction, key = Code::push(1), alias(Code::Push(10)), new = || Push(1))]
#[register(dyn Instruction, key = Code::Push(2), deprecated(Code::Push(20)), before(Code::Push(1)), new = || Push(2))]
struct Push(u8);

impl Instruction for Push {
    fn run(&self, stack: &mut Vec<u8>) {
        stack.push(self.0);
    }
}

#[test]
fn the_keys_may_be_of_any_type() {
    let registry = <dyn Instruction>::registry();
    let mut stack = Vec::new();
    for code in [Code::Push(10), Code::Push(2), Code::Push(1), Code::Pop] {
        registry.create(&code, ()).unwrap().run(&mut stack);
    }
    assert_eq!(stack, [1, 2]);
    assert_eq!(registry.names(), [&Code::Push(2), &Code::Push(1), &Code::Pop]);
    let error = registry.create(&Code::Push(7), ()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`dyn main::registry::forms::Instruction` knows no `Push(7)`; it knows `Push(2)`, `Push(1)`, `Pop`"
    );
    registry.create_default(()).unwrap().run(&mut stack);
    assert_eq!(stack, [1]);
    registry.check(&[&Code::Pop]).unwrap();
    assert!(registry.get(&Code::Push(1)).unwrap().to_string().starts_with("Push(1) (alias Push(10)): "));
    let _patched = registry.patched(|patch| _ = patch.set(&Code::Push(7), |()| Box::new(Push(77))));
    registry.create(&Code::Push(7), ()).unwrap().run(&mut stack);
    assert_eq!(stack, [1, 77]);
}

#[registry(async_new, args(url: String), default = "remote")]
trait Store: Send + Sync {
    fn name(&self) -> String;
}

#[derive(Register)]
#[register(dyn Store, name = "remote", new = Remote::connect)]
struct Remote(String);

impl Remote {
    async fn connect(url: String) -> Result<Self, String> {
        std::future::ready(()).await;
        if url.is_empty() { Err("no url".to_owned()) } else { Ok(Remote(url)) }
    }
}

impl Store for Remote {
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// Its constructor is not async.
#[derive(Register, Default)]
#[register(dyn Store, name = "local")]
#[register(dyn Store, name = "local-named", new = Local)]
#[register(dyn Store, name = "local-maybe", new = |url: String| async move { Local(url) })]
struct Local(String);

impl Store for Local {
    fn name(&self) -> String {
        format!("local {}", self.0)
    }
}

#[register(dyn Store, name = "constant")]
const NOWHERE: Local = Local(String::new());

#[test]
fn constructors_may_be_async() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let registry = <dyn Store>::registry();
    let name = |name: &str, url: &str| {
        block_on(send(registry.create_async(name, (url.to_owned(),))))
            .map(|store| store.name())
            .map_err(|e| e.to_string())
    };
    assert_eq!(name("remote", "x"), Ok("x".to_owned()));
    assert_eq!(name("remote", ""), Err("`remote` cannot be made: no url".to_owned()));
    assert_eq!(name("local", "x"), Ok("local ".to_owned()));
    assert_eq!(name("local-named", "x"), Ok("local x".to_owned()));
    assert_eq!(name("local-maybe", "x"), Ok("local x".to_owned()));
    assert_eq!(name("constant", "x"), Ok("local ".to_owned()));
    assert!(name("remotely", "").unwrap_err().contains("did you mean `remote`?"));
    assert_eq!(block_on(registry.create_default_async(("y".to_owned(),))).unwrap().name(), "y");
    let _patched = registry.patched(|patch| _ = patch.set("remote", |(url,)| Box::new(Local(format!("fake {url}")))));
    assert_eq!(name("remote", "x"), Ok("local fake x".to_owned()));
}

/// Shapes of traits that have a `dyn`.
#[registry(args(seed: u32))]
trait Shapes: Debug
where
    Self: Send,
{
    type Item<'a>: Clone
    where
        Self: Sized + 'a;
    fn boxed(self: Box<Self>) -> u32;
    fn shared(self: std::sync::Arc<Self>) -> u32;
    fn pinned(self: std::pin::Pin<&mut Self>) -> u32;
    fn generic<T>(&self, value: T) -> T
    where
        Self: Sized,
    {
        value
    }
    fn made(seed: u32) -> Self
    where
        Self: Sized;
    fn lends<'a>(&'a self, text: &'a str) -> &'a str {
        text
    }
}

#[derive(Debug)]
struct Shaped(u32);

#[register(name = "shaped", new = <Self as Shapes>::made)]
impl Shapes for Shaped {
    type Item<'a> = &'a str;

    fn boxed(self: Box<Self>) -> u32 {
        self.0
    }

    fn shared(self: std::sync::Arc<Self>) -> u32 {
        self.0 + 1
    }

    fn pinned(self: std::pin::Pin<&mut Self>) -> u32 {
        self.0 + 2
    }

    fn made(seed: u32) -> Self {
        Shaped(seed)
    }
}

#[test]
fn traits_of_every_shape_that_has_a_dyn_have_registries() {
    let make = || <dyn Shapes>::registry().create("shaped", (7,)).unwrap();
    assert_eq!(make().boxed(), 7);
    assert_eq!(std::sync::Arc::<dyn Shapes>::from(make()).shared(), 8);
    assert_eq!(Box::into_pin(make()).as_mut().pinned(), 9);
    assert_eq!(make().lends("x"), "x");
    assert_eq!(Shaped(1).generic::<<Shaped as Shapes>::Item<'_>>("y"), "y");
}

/// Types without a size implement it too.
#[registry]
trait Measured {
    fn size(&self) -> usize;
}

impl Measured for str {
    fn size(&self) -> usize {
        self.len()
    }
}

impl<M: Measured + ?Sized> Measured for &M {
    fn size(&self) -> usize {
        (**self).size()
    }
}

#[register(dyn Measured, singleton)]
const TEXT: &str = "festoon";

#[test]
fn a_borrowed_value_is_of_its_own_type() {
    let registry = <dyn Measured>::registry();
    assert_eq!(registry.singleton("TEXT").unwrap().size(), 7);
    assert_eq!(registry.of(&"x").map(festoon::Entry::name), Some("TEXT"));
}
