//! Registries with keys, with async constructors, and of traits of every shape.

use std::fmt::Debug;

use festoon::{Register, register, registry};
use futures::executor::block_on;

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
        "`Push(7)` is not registered for `dyn main::registry::kinds::Instruction`; registered names: `Push(2)`, `Push(1)`, `Pop`"
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
    assert_eq!(name("remote", ""), Err("cannot create `remote`: no url".to_owned()));
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
