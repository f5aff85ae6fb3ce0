//! `#[interned]`: the result of a function is interned, whatever its body evaluates to.

use std::borrow::Cow;
use std::num::ParseIntError;

use allocation_counter::measure;
use async_trait::async_trait;
use festoon::{Decorated, Internable, Interned, cached, decorate, fallback, interned, retry, timed};
use futures::executor::block_on;

/// Of one value each, so that equal results are one pointer.
fn is_one<T: Internable + ?Sized>(one: &Interned<T>, other: &Interned<T>) -> bool {
    std::ptr::eq(one.as_ref(), other.as_ref()) || size_of_val(&**one) == 0
}

#[interned]
fn text(id: u32) -> Interned<str> {
    format!("label {}", id % 2)
}

#[interned]
fn borrowed(text: &str) -> Interned<str> {
    text.trim()
}

#[interned]
fn either(text: &str) -> Interned<str> {
    if text.is_empty() { Cow::Borrowed("nothing") } else { Cow::Owned(text.to_uppercase()) }
}

#[interned]
fn itself(text: &str) -> Interned<str> {
    if text.is_empty() {
        return Interned::default();
    }
    Interned::from(text)
}

#[interned]
fn path(depth: u16) -> Interned<[u16]> {
    (0..depth).collect::<Vec<_>>()
}

#[interned]
fn array() -> Interned<[u16]> {
    [0, 1]
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    town: String,
}

#[interned]
fn place(town: &str) -> Interned<Place> {
    Place { town: town.to_owned() }
}

#[interned]
fn generic<T: Internable + Clone, const N: usize>(values: &[T; N]) -> Interned<[T]> {
    values.clone()
}

#[test]
fn equal_results_are_one() {
    let (one, other) = (text(1), text(3));
    assert!(is_one(&one, &other) && one == other && &*one == "label 1");
    assert_ne!(one, text(2));
    assert_eq!((borrowed(" a "), either(""), either("b")), ("a".into(), "nothing".into(), "B".into()));
    assert_eq!((itself(""), itself("c")), (Interned::default(), "c".into()));
    assert!(is_one(&path(2), &array()) && path(2) == array());
    assert!(is_one(&place("Turku"), &place("Turku")));
    assert_eq!(*generic(&[1_u8, 2]), [1, 2]);
}

#[interned]
fn parsed(text: &str) -> Result<Interned<u64>, ParseIntError> {
    if text == "nothing" {
        return Ok(0);
    }
    let number: u64 = text.parse()?;
    Ok(number)
}

#[interned]
fn perhaps(text: Option<&str>) -> Option<Interned<str>> {
    Some(text?.to_owned())
}

#[interned]
fn nested(text: &str) -> Result<Option<Interned<str>>, String> {
    match text {
        "" => Ok(None),
        "!" => Err("no text".to_owned()),
        text => Ok(Some(text)),
    }
}

type Label = Interned<str>;
type Fallible<T> = Result<T, ParseIntError>;

#[interned]
fn by_alias(text: &str) -> Label {
    text
}

/// The alias tells nothing, so the body has to.
type Whole = Result<Interned<str>, u8>;

#[interned]
fn by_whole_alias(text: &str) -> Whole {
    if text.is_empty() { Err(1) } else { Ok::<&str, u8>(text) }
}

#[interned]
async fn by_alias_later(text: &str) -> Fallible<Interned<u64>> {
    std::future::ready(()).await;
    Ok(text.parse::<u64>()?)
}

#[test]
fn what_holds_a_result_is_passed_through() {
    assert_eq!((parsed("3"), parsed("nothing")), (Ok(Interned::new(3)), Ok(Interned::new(0))));
    assert!(parsed("x").is_err());
    assert_eq!((perhaps(Some("a")), perhaps(None)), (Some("a".into()), None));
    assert_eq!((nested("a"), nested("")), (Ok(Some("a".into())), Ok(None)));
    assert_eq!(nested("!"), Err("no text".to_owned()));
    assert_eq!((by_alias("a"), by_whole_alias("a"), by_whole_alias("")), ("a".into(), Ok("a".into()), Err(1)));
    assert_eq!(block_on(by_alias_later("4")), Ok(Interned::new(4)));
}

struct Shop {
    names: Vec<String>,
}

#[interned]
impl Shop {
    fn last(&self) -> Option<Interned<str>> {
        self.names.last().map(String::as_str)
    }

    fn renamed(&mut self, name: &str) -> Interned<str> {
        name.clone_into(&mut self.names[0]);
        &*self.names[0]
    }

    async fn joined(self) -> Interned<str> {
        std::future::ready(()).await;
        self.names.join(" ")
    }

    #[festoon::skip]
    fn len(&self) -> usize {
        self.names.len()
    }
}

trait Named {
    fn name(&self) -> Interned<str>;

    #[interned]
    fn twice(&self) -> Interned<str> {
        format!("{0}{0}", self.name())
    }
}

impl Named for Shop {
    #[interned]
    fn name(&self) -> Interned<str> {
        &*self.names[0]
    }
}

#[async_trait]
trait Loads {
    async fn load(&self) -> Interned<str>;
}

#[async_trait]
impl Loads for Shop {
    /// `async_trait` writes the type of the result into the body, so the body has to evaluate to that.
    #[interned]
    async fn load(&self) -> Interned<str> {
        std::future::ready(()).await;
        Interned::from(&*self.names[0])
    }
}

#[test]
fn methods() {
    let mut shop = Shop { names: vec!["Gull".to_owned(), "Crake".to_owned()] };
    assert_eq!((shop.last(), shop.len(), shop.renamed("Tern")), (Some("Crake".into()), 2, "Tern".into()));
    assert_eq!((shop.name(), shop.twice(), block_on(shop.load())), ("Tern".into(), "TernTern".into(), "Tern".into()));
    assert_eq!(block_on(shop.joined()), Interned::from("Tern Crake"));
}

#[interned]
fn boxed(text: String) -> std::pin::Pin<Box<dyn Future<Output = Interned<str>> + Send>> {
    Box::pin(async move {
        std::future::ready(()).await;
        text + "!"
    })
}

#[test]
fn futures_stay_what_they_were() {
    fn is_send<T: Send + 'static>(future: T) -> T {
        future
    }
    assert_eq!(block_on(is_send(boxed("a".to_owned()))), Interned::from("a!"));
    assert_eq!(block_on(is_send(by_alias_later("5"))), Ok(Interned::new(5)));
}

/// The result is what all decorators above it see: a hit is another reference to the same value.
#[timed]
#[cached]
#[retry(wait = fixed(1ns))]
#[interned]
fn stacked(id: u32) -> Result<Interned<str>, String> {
    if festoon::attempt().number == 1 { Err("at first".to_owned()) } else { Ok(format!("stacked {id}")) }
}

/// What is below sees what the body evaluates to.
#[interned]
#[decorate(louder)]
#[fallback("nobody".to_owned())]
fn upper(id: u32) -> Option<Interned<str>> {
    (id > 0).then(|| format!("name {id}"))
}

fn louder(next: impl FnOnce(u32) -> Option<String>, id: u32) -> Option<String> {
    next(id).map(|text| text.to_uppercase())
}

#[test]
fn its_place_in_a_stack_decides_what_others_see() {
    let (one, other) = (stacked(1).unwrap(), stacked(1).unwrap());
    assert!(is_one(&one, &other) && &*one == "stacked 1");
    assert_eq!((stacked.cache().info().hits, stacked.retries().recovered, stacked.timing().calls()), (1, 1, 2));
    assert_eq!((upper(1), upper(0)), (Some("NAME 1".into()), Some("NOBODY".into())));
}

#[test]
fn a_known_result_allocates_nothing() {
    let _in_use = borrowed("Spotted Crake");
    let hits = measure(|| assert_eq!(&*borrowed("  Spotted Crake"), "Spotted Crake"));
    assert_eq!(hits.count_total, 0);
}

#[test]
fn more_types_become_interned() {
    let text: Interned<str> = "Ruff".into();
    assert_eq!(Interned::<str>::from(Box::<str>::from("Ruff")), text);
    assert_eq!(Interned::<str>::from(Cow::Borrowed("Ruff")), text);
    assert_eq!(Interned::<[u8]>::from(Box::<[u8]>::from([1, 2])), Interned::from([1, 2]));
}
