//! `on_register`: what a hook changes, which one comes first, and who keeps a name that is used twice.

use std::sync::Mutex;

use festoon::{CreateError, Entry, Register, registry};

static CALLS: Mutex<Vec<(&str, &str)>> = Mutex::new(Vec::new());

#[registry(on_register = asked)]
trait Watched {}

fn asked(entry: &mut Entry<dyn Watched>) {
    CALLS.lock().unwrap().push(("trait", entry.name()));
    entry.add_tag("seen", "yes");
}

/// The hook of the trait alone.
#[derive(Register, Default)]
#[register(dyn Watched, name = "plain")]
struct Plain;

impl Watched for Plain {}

/// Both hooks.
#[derive(Register, Default)]
#[register(dyn Watched, name = "amended", alias("first"), on_register = Self::amend)]
struct Amended;

impl Watched for Amended {}

impl Amended {
    fn amend(entry: &mut Entry<dyn Watched>) {
        CALLS.lock().unwrap().push(("type", entry.name()));
        assert_eq!(entry.tag("seen"), Some("yes"), "the hook of the trait comes first");
        entry.add_alias("second");
        entry.set_priority(-1);
    }
}

#[test]
fn both_hooks_are_called_in_order_and_what_they_change_stays() {
    let watched = <dyn Watched>::registry();
    assert_eq!(watched.names(), ["plain", "amended"], "by the priority that the hook has set");
    let calls = CALLS.lock().unwrap().clone();
    let of = |name| calls.iter().filter(|(_, it)| *it == name).map(|(who, _)| *who).collect::<Vec<_>>();
    assert_eq!((of("plain"), of("amended")), (vec!["trait"], vec!["trait", "type"]));

    let amended = watched.get("second").expect("the alias that the hook has added");
    assert_eq!((amended.name(), amended.aliases(), amended.priority()), ("amended", &["first", "second"][..], -1));
    assert_eq!((watched.get("first").map(Entry::name), amended.tag("seen")), (Some("amended"), Some("yes")));
    assert!(watched.iter().all(|entry| entry.tag("seen").is_some()));
}

#[registry(duplicates)]
trait Shared {}

/// Of each name two, the better one above and below the other: whichever the linker finds first.
#[derive(Register, Default)]
#[register(dyn Shared, name = "down", priority = 1)]
#[register(dyn Shared, name = "up", priority = -1)]
struct Above;

#[derive(Register, Default)]
#[register(dyn Shared, name = "down", priority = -1)]
#[register(dyn Shared, name = "up", priority = 1)]
struct Below;

impl Shared for Above {}
impl Shared for Below {}

#[test]
fn of_two_the_first_in_order_gets_the_name() {
    let shared = <dyn Shared>::registry();
    assert_eq!(shared.len(), 4);
    let owner = |name| shared.get(name).unwrap().type_name().rsplit("::").next().unwrap();
    assert_eq!((owner("down"), owner("up")), ("Above", "Below"));
}

#[registry]
trait Named {
    fn number(&self) -> u8;
}

#[derive(Register, Default)]
#[register(dyn Named, name = "lowercase", alias("minuscule"))]
struct Lower;

impl Named for Lower {
    fn number(&self) -> u8 {
        1
    }
}

struct Fake;

impl Named for Fake {
    fn number(&self) -> u8 {
        2
    }
}

#[test]
fn a_near_alias_is_suggested() {
    let error = <dyn Named>::registry().create("minuscul", ()).err().unwrap();
    assert!(matches!(error, CreateError::Unknown { near: Some("minuscule"), .. }), "{error}");
}

#[test]
fn a_patch_takes_over_an_alias_of_another_type() {
    let named = <dyn Named>::registry();
    let patched = named.patched(|patch| _ = patch.set("minuscule", |()| Box::new(Fake)));
    let number = |name| named.create(name, ()).unwrap().number();
    assert_eq!((number("minuscule"), number("lowercase")), (2, 1));
    drop(patched);
    assert_eq!(number("minuscule"), 1);
}
