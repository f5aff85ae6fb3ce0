//! By default, by text, by value, in any case; and in which order.

use festoon::{Problem, Register, registry};

use crate::events;

#[registry(case = insensitive, default = "Gzip", args(level: u8, label: String))]
trait Codec {
    fn describe(&self) -> String;
}

#[derive(Register)]
#[register(dyn Codec, name = "Gzip", alias("gz:9"), deprecated("gunzip", "g-zip"), new = Gzip)]
struct Gzip(u8, String);

impl Codec for Gzip {
    fn describe(&self) -> String {
        format!("{} {}", self.0, self.1)
    }
}

#[derive(Default)]
struct Unregistered;

impl Codec for Unregistered {
    fn describe(&self) -> String {
        String::new()
    }
}

#[test]
fn the_default_is_created_without_a_name() {
    assert_eq!(<dyn Codec>::registry().create_default((1, "x".to_owned())).unwrap().describe(), "1 x");
    <dyn Codec>::registry().check(&[]).unwrap();
    let _patched = <dyn Codec>::registry().patched(|patch| _ = patch.remove("GZIP"));
    assert!(<dyn Codec>::registry().create_default((1, String::new())).is_err());
    let problems = <dyn Codec>::registry().check(&[]).unwrap_err();
    assert!(matches!(problems.iter().next(), Some(Problem::Missing { name, .. }) if name == "Gzip"));
}

#[test]
fn names_may_be_of_any_case() {
    let registry = <dyn Codec>::registry();
    for name in ["gzip", "GZIP", "Gzip", "GZ:9"] {
        assert_eq!(registry.get(name).unwrap().name(), "Gzip");
    }
    assert!(registry.get("gzi").is_none());
}

#[test]
fn an_entry_is_found_by_a_value() {
    let registry = <dyn Codec>::registry();
    let codec = registry.create_default((1, String::new())).unwrap();
    assert_eq!(registry.of(&*codec).unwrap().name(), "Gzip");
    assert!(registry.of(&Unregistered).is_none());
    assert!(registry.of(Box::leak(Box::new(Unregistered))).is_none());
}

#[test]
fn a_deprecated_alias_works_and_warns_once() {
    let registry = <dyn Codec>::registry();
    let patched = registry.patched(|_| {});
    let told = events::of(|| {
        assert_eq!(registry.get("gunzip").unwrap().name(), "Gzip");
        assert!(registry.contains("GUNZIP"));
        assert!(registry.get("g-zip").is_some());
    });
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("the name `gunzip` is deprecated: use `Gzip`"), "{told:?}");
    drop(patched);
    assert_eq!(registry.get("Gzip").unwrap().deprecated_aliases(), ["gunzip", "g-zip"]);
}

#[test]
fn a_text_gives_the_name_and_the_arguments() {
    let registry = <dyn Codec>::registry();
    let parsed = |text: &str| registry.parse(text).map(|codec| codec.describe()).map_err(|error| error.to_string());
    assert_eq!(parsed("gzip:3,fast"), Ok("3 fast".to_owned()));
    assert_eq!(parsed(" gz:9 : 3 , a\\, b "), Ok("3 a, b".to_owned()), "a name with a colon");
    assert_eq!(parsed("gzip:3,"), Ok("3 ".to_owned()));
    let wrong = |what: &str| Err(format!("wrong arguments for `Gzip`: {what}"));
    assert_eq!(parsed("gzip"), wrong("it takes 2 (level: u8, label: String), and got 0"));
    assert_eq!(parsed("gzip:1,2,3"), wrong("it takes 2 (level: u8, label: String), and got 3"));
    assert_eq!(parsed("gzip:300,x"), wrong("`level`, `300`: number too large to fit in target type"));
    assert_eq!(
        parsed("gzap:1").unwrap_err(),
        "`gzap` is not registered for `dyn main::registry::look_up::Codec`, did you mean `Gzip`?; registered names: `Gzip`"
    );
}

#[test]
fn an_environment_variable_gives_the_text() {
    let registry = <dyn Codec>::registry();
    assert!(registry.from_env("FESTOON_TEST_UNSET_CODEC").unwrap().is_none());
    // Cargo sets it for every test.
    let error = registry.from_env("CARGO_PKG_NAME").err().unwrap().to_string();
    assert!(
        error.starts_with(
            "the environment variable `CARGO_PKG_NAME`: `festoon-tests` is not registered for `dyn main::"
        ),
        "{error}"
    );
}

#[registry]
trait Layer {}

macro_rules! layers {
    ($($name:ident($($option:tt)*))*) => {$(
        #[derive(Register, Default)]
        #[register(dyn Layer, $($option)*)]
        struct $name;

        impl Layer for $name {}
    )*};
}

layers! {
    Auth(name = "auth", after("log", "nobody"))
    Body(name = "body", priority = 5)
    Cors(name = "cors", alias("c"), before("body"))
    Log(name = "log", before("c"))
    Zip(name = "zip", priority = 9, after("auth"))
}

#[test]
fn before_and_after_stand_above_the_priority() {
    let registry = <dyn Layer>::registry();
    assert_eq!(registry.names(), ["log", "auth", "zip", "cors", "body"]);
    registry.check(&[]).unwrap();
    assert_eq!(registry.get("auth").unwrap().before_and_after(), (&[][..], &["log", "nobody"][..]));
}

#[registry]
trait Ring {}

macro_rules! ring {
    ($($name:ident($($option:tt)*))*) => {$(
        #[derive(Register, Default)]
        #[register(dyn Ring, $($option)*)]
        struct $name;

        impl Ring for $name {}
    )*};
}

ring! {
    One(name = "one", before("two"))
    Two(name = "two", before("three"))
    Three(name = "three", before("one"))
    Behind(name = "behind", after("three"))
    Free(name = "zzz")
}

#[test]
fn a_circle_is_told() {
    let registry = <dyn Ring>::registry();
    assert_eq!(registry.names(), ["zzz", "behind", "one", "three", "two"]);
    let problems = registry.check(&[]).unwrap_err().to_string();
    assert!(
        problems.contains("each of these has to come before the next one, in a cycle: `one`, `two`, `three`, `one`"),
        "{problems}"
    );
}
