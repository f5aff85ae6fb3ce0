//! `#[registry]` and `#[derive(Register)]`: types register themselves.
#![forbid(unsafe_code)]

mod command_line;
mod forms;
mod hooks;
mod kinds;
mod look_up;
mod patched;
mod singleton;
mod wire;

use std::any::TypeId;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use festoon::{CreateError, Entry, Problem, Register, registry};

#[registry(args(level: u32))]
pub trait Codec: Send + Sync {
    fn run(&self, text: &str) -> String;
}

mod codecs {
    use super::Codec;

    /// Upper case.
    ///
    ///   Indented.
    #[derive(festoon::Register)]
    #[register(dyn Codec, name = "upper", alias("up", "uc"), new = Upper::new, tag(kind = "case", loud = "yes"))]
    pub(super) struct Upper {
        /// How many times.
        pub level: u32,
        pub(super) r#type: Vec<Option<&'static str>>,
    }

    impl Upper {
        fn new(level: u32) -> Result<Self, String> {
            if level > 9 { Err(format!("level {level} is above 9")) } else { Ok(Upper { level, r#type: vec![] }) }
        }
    }

    impl Codec for Upper {
        fn run(&self, text: &str) -> String {
            text.to_uppercase().repeat(self.level as usize + self.r#type.len())
        }
    }

    pub mod deeper {
        use festoon::Register;

        #[derive(Register, Default)]
        #[register(dyn super::super::Codec, name = "zz_first", priority = 10)]
        #[register(dyn super::super::Codec, name = "zz_last", priority = -10)]
        pub enum Same {
            #[default]
            Only,
        }

        impl super::Codec for Same {
            fn run(&self, text: &str) -> String {
                text.to_owned()
            }
        }
    }
}

/// Its name is that of the type; it takes no arguments; it is in two registries.
#[derive(Register, Default)]
#[register(dyn Codec)]
#[register(dyn Quiet, name = "reverse")]
struct Reverse;

impl Codec for Reverse {
    fn run(&self, text: &str) -> String {
        text.chars().rev().collect()
    }
}

/// A registry without arguments, of a trait that is neither `Send` nor public.
#[registry]
trait Quiet {}

impl Quiet for Reverse {}

#[test]
fn a_type_is_made_by_its_name_or_alias() {
    let registry = <dyn Codec>::registry();
    assert_eq!(registry.create("upper", (2,)).unwrap().run("a"), "AA");
    assert_eq!(registry.create("uc", (1,)).unwrap().run("a"), "A");
    assert_eq!(registry.create("Reverse", (1,)).unwrap().run("ab"), "ba");
    assert!(<dyn Quiet>::registry().create("reverse", ()).is_ok());
    assert_eq!(<dyn Quiet>::registry().names(), ["reverse"]);
}

#[test]
fn the_arguments_can_be_shown() {
    assert_eq!(<dyn Codec>::registry().args(), "level: u32");
    assert_eq!(<dyn Quiet>::registry().args(), "");
}

#[test]
fn an_unknown_name_is_told_with_what_is_near_and_what_is_known() {
    let error = <dyn Codec>::registry().create("uper", (1,)).err().unwrap();
    assert!(matches!(&error, CreateError::Unknown { near: Some("upper"), name, .. } if name == "uper"), "{error:?}");
    assert_eq!(
        error.to_string(),
        "`uper` is not registered for `dyn main::registry::Codec`, did you mean `upper`?; registered names: `zz_first`, `Reverse`, `upper`, `zz_last`"
    );
    let near = |name: &str| match <dyn Codec>::registry().create(name, (1,)) {
        Err(CreateError::Unknown { near, .. }) => near,
        _ => panic!("{name} is known"),
    };
    assert_eq!(near("REVERSE"), Some("Reverse"));
    assert_eq!(near("upepr"), Some("upper"));
    assert_eq!(near("brotli"), None);
    assert_eq!(near(""), None);
}

#[test]
fn an_error_of_the_constructor_is_passed_on() {
    let error = <dyn Codec>::registry().create("up", (10,)).err().unwrap();
    assert_eq!(error.to_string(), "cannot create `upper`: level 10 is above 9");
    let entry = <dyn Codec>::registry().get("up").unwrap();
    assert_eq!(entry.create((10,)).err(), Some(error));
}

#[test]
fn the_order_is_by_priority_and_then_by_name() {
    let registry = <dyn Codec>::registry();
    assert_eq!(registry.names(), ["zz_first", "Reverse", "upper", "zz_last"]);
    assert_eq!(registry.iter().map(Entry::priority).collect::<Vec<_>>(), [10, 0, 0, -10]);
    assert_eq!(registry.into_iter().count(), registry.len());
}

#[test]
fn an_entry_describes_its_type() {
    let entry = <dyn Codec>::registry().get("up").unwrap();
    assert_eq!((entry.name(), entry.aliases()), ("upper", &["up", "uc"][..]));
    assert_eq!(entry.docs(), "Upper case.\n\n  Indented.");
    assert_eq!(entry.fields()[0].name, "level");
    assert_eq!((entry.fields()[0].type_name, entry.fields()[0].docs), ("u32", "How many times."));
    assert_eq!((entry.fields()[1].name, entry.fields()[1].type_name), ("type", "Vec<Option<&'static str>>"));
    assert_eq!(entry.module(), "main::registry::codecs");
    assert_eq!(entry.type_name(), "main::registry::codecs::Upper");
    assert_eq!((entry.tags(), entry.tag("loud")), (&[("kind", "case"), ("loud", "yes")][..], Some("yes")));
    assert!(entry.file().ends_with("registry.rs") && entry.line() > 1, "{entry:?}");
    assert_eq!((entry.package(), entry.version()), (Some("festoon-tests"), Some(env!("CARGO_PKG_VERSION"))));
    let text = entry.to_string();
    assert!(text.starts_with("\"upper\" (alias \"up\", \"uc\"): main::registry::codecs::Upper at "), "{text}");
}

#[test]
fn a_type_is_found_by_itself() {
    let registry = <dyn Codec>::registry();
    assert_eq!(registry.by_type::<codecs::Upper>().unwrap().name(), "upper");
    assert_eq!(registry.by_type::<codecs::deeper::Same>().unwrap().name(), "zz_first");
    assert_eq!(registry.by_type_id(TypeId::of::<Reverse>()).unwrap().name(), "Reverse");
    assert!(registry.by_type::<u8>().is_none());
}

#[test]
fn a_registry_that_is_in_order_passes_its_check() {
    <dyn Codec>::registry().check(&["upper", "up", "Reverse"]).unwrap();
    <dyn Quiet>::registry().check(&[]).unwrap();
}

#[registry]
trait Clash {}

/// Where the linker tells of it, it would be an error of the build: their names are not literals.
const SAME: &str = "same";

mod left {
    #[derive(festoon::Register, Default)]
    #[register(dyn super::Clash, name = super::SAME)]
    pub struct Left;
    impl super::Clash for Left {}
}

mod right {
    #[derive(festoon::Register, Default)]
    #[register(dyn super::Clash, name = "right", alias("same", "r"))]
    pub struct Right;
    impl super::Clash for Right {}
}

#[test]
fn duplicates_and_missing_names_are_reported_with_their_places() {
    let registry = <dyn Clash>::registry();
    let problems = registry.check(&["same", "rigth"]).unwrap_err();
    assert!(
        matches!(
            problems.iter().collect::<Vec<_>>()[..],
            [Problem::Missing { near: Some("right"), .. }, Problem::Duplicate { name, .. }] if name == "same"
        ),
        "{problems}"
    );
    let text = problems.to_string();
    for part in
        ["`rigth` is not registered, but `right` is", "`same` is registered twice: by main::registry::right::Right at "]
    {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(text.matches("registry.rs:").count(), 2 + registry.len(), "{text}");
    assert_eq!(format!("{problems:?}"), text, "`unwrap` shows it as it is");
    // The first in order has the name; the other keeps its own.
    assert_eq!(registry.get("same").unwrap().name(), "right");
    assert_eq!(registry.get("r").unwrap().name(), "right");
    assert_eq!(registry.len(), 2);
}

#[registry]
trait Picky {}

static ASKED: AtomicUsize = AtomicUsize::new(0);

#[derive(Register, Default)]
#[register(dyn Picky, name = "welcome", on_register = Self::welcome)]
struct Welcome;

impl Welcome {
    fn welcome(entry: &Entry<dyn Picky>) {
        assert_eq!(entry.name(), "welcome");
        ASKED.fetch_add(1, Relaxed);
    }
}

impl Picky for Welcome {}

#[derive(Register, Default)]
#[register(dyn Picky, name = "refused", on_register = |_| Err("not on this machine"))]
struct Refused;

impl Picky for Refused {}

#[test]
fn on_register_is_asked_once_and_may_refuse() {
    let registry = <dyn Picky>::registry();
    assert_eq!(registry.names(), ["welcome"]);
    assert!(registry.get("refused").is_none());
    assert_eq!(ASKED.load(Relaxed), 1);
    let problems = registry.check(&["welcome"]).unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("`refused` was rejected by its `on_register`: not on this machine (main::registry::Refused at ")
    );
}

#[registry]
trait Impatient {}

#[derive(Register, Default)]
#[register(dyn Impatient, on_register = |_| assert!(<dyn Impatient>::registry().is_empty()))]
struct Asks;

impl Impatient for Asks {}

#[test]
fn an_on_register_that_asks_its_own_registry_panics_instead_of_waiting() {
    let panic = std::panic::catch_unwind(|| <dyn Impatient>::registry().len()).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("uses the registry of `dyn main::registry::Impatient`"), "{text}");
}

mod plugin {
    use festoon::Register;
    use festoon_plugin::Format;

    /// For a trait of another crate.
    #[derive(Register)]
    #[register(dyn Format, name = "decimal", new = Self::new)]
    struct Decimal(String, usize);

    impl Decimal {
        fn new(prefix: String, width: usize) -> Result<Self, Box<dyn std::error::Error>> {
            let limit: usize = "20".parse()?;
            if width > limit { Err("too wide".into()) } else { Ok(Decimal(prefix, width)) }
        }
    }

    impl Format for Decimal {
        fn format(&self, number: u64) -> String {
            format!("{}{number:01$}", self.0, self.1)
        }
    }

    #[test]
    fn types_of_several_crates_meet_in_one_registry() {
        let registry = <dyn Format>::registry();
        assert_eq!(registry.names(), ["decimal", "hex"]);
        let text = |name: &str| registry.create(name, ("#".to_owned(), 4)).map(|it| it.format(42));
        assert_eq!((text("decimal").unwrap(), text("hex").unwrap()), ("#0042".to_owned(), "#002a".to_owned()));
        assert_eq!(registry.get("hex").unwrap().package(), Some("festoon-plugin"));
        assert_eq!(
            registry.create("decimal", (String::new(), 30)).err().unwrap().to_string(),
            "cannot create `decimal`: too wide"
        );
    }
}

#[registry]
trait Empty {}

#[test]
fn an_empty_registry_says_why_it_may_be_empty() {
    let registry = <dyn Empty>::registry();
    assert!(registry.is_empty() && registry.get("x").is_none());
    let error = registry.create("x", ()).err().unwrap().to_string();
    assert!(
        error.contains("a crate that is never named is not linked into the program: write `festoon::link!(plugin);`"),
        "{error}"
    );
    assert!(registry.check(&["x"]).unwrap_err().to_string().contains("nothing is registered"));
}

#[registry]
trait Local {}

#[test]
fn a_type_inside_of_a_function_is_registered_too() {
    #[derive(Register, Default)]
    #[register(dyn Local, name = LOCAL)]
    struct Inside;

    impl Local for Inside {}

    const LOCAL: &str = concat!("in", "side");

    assert_eq!(<dyn Local>::registry().names(), ["inside"]);
}

#[test]
fn types_made_by_macro_rules_are_registered() {
    #[registry]
    trait Unit {}

    macro_rules! units {
        ($($name:ident = $text:literal),*) => {$(
            #[derive(Register, Default)]
            #[register(dyn Unit, name = $text, crate = festoon)]
            struct $name;

            impl Unit for $name {}
        )*};
    }

    units!(Metre = "m", Second = "s");
    assert_eq!(<dyn Unit>::registry().names(), ["m", "s"]);
}
