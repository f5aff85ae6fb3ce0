//! `#[registry(serde)]` compared with the real typetag: each can read what the other one writes.

use std::collections::BTreeMap;
use std::fmt::Debug;

use festoon::{Register, registry};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The same types for two traits, one of ours and one of typetag's.
macro_rules! traits {
    ($ours:ident $peer:ident ($($options:tt)*) ($($peer_options:tt)*)) => {
        #[registry($($options)*)]
        pub trait $ours: Debug {}

        #[typetag::serde($($peer_options)*)]
        pub trait $peer: Debug {}

        traits! { types $ours $peer
            Struct "struct", Nested "nested", Unit "unit", Empty "empty", Newtype "newtype", Text "text", Pair "pair",
            Choice "choice", Map "map", Maybe "maybe", Deep "deep",
        }
    };
    (types $ours:ident $peer:ident $($type:ident $name:literal),* $(,)?) => {$(
        #[festoon::register(name = $name)]
        impl $ours for $type {}

        #[typetag::serde(name = $name)]
        impl $peer for $type {}
    )*};
}

macro_rules! types {
    ($($item:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        $item
    )*};
}

types! {
    struct Struct {
        level: u32,
        name: String,
        big: u64,
    }
    struct Nested {
        inner: BTreeMap<String, Vec<Option<i64>>>,
        pair: (u8, f64),
    }
    struct Unit;
    struct Empty {}
    struct Newtype(u64);
    struct Text(String);
    struct Pair(i32, bool);
    struct Map(BTreeMap<String, u8>);
    struct Maybe(Option<u8>);
    struct Deep(Struct);
    enum Choice {
        #[default]
        Unit,
        New(u8),
        Tuple(u8, u8),
        Struct { a: u8, b: String },
    }
}

mod external {
    use super::*;
    traits!(Ours Peer (serde) ());
    super::both_ways!();
}

mod internal {
    use super::*;
    traits!(Ours Peer (serde(tag = "type"), default = "struct") (tag = "type", default_variant = "struct"));
    super::both_ways!();

    #[test]
    fn the_tag_may_come_last_or_not_at_all() {
        for text in [
            r#"{"level": 1, "type": "struct", "name": "x", "big": 18446744073709551615}"#,
            r#"{"level": 1, "name": "x", "big": 18446744073709551615}"#,
        ] {
            let ours: Box<dyn Ours> = serde_json::from_str(text).unwrap();
            let peer: Box<dyn Peer> = serde_json::from_str(text).unwrap();
            assert_eq!(format!("{ours:?}"), format!("{peer:?}"));
        }
    }
}

mod adjacent {
    use super::*;
    traits!(Ours Peer (serde(tag = "t", content = "c"), default = "pair") (tag = "t", content = "c", default_variant = "pair"));
    super::both_ways!();

    #[test]
    fn both_keys_come_in_any_order() {
        for text in [
            r#"{"c": {"level": 1, "name": "x", "big": 3}, "t": "struct"}"#,
            r#"{"x": [1], "t": "unit"}"#,
            r#"{"c": [7, true]}"#,
            r#"["newtype", 7]"#,
        ] {
            let ours: Box<dyn Ours> = serde_json::from_str(text).unwrap();
            let peer: Box<dyn Peer> = serde_json::from_str(text).unwrap();
            assert_eq!(format!("{ours:?}"), format!("{peer:?}"));
        }
        for text in ["{}", r#"{"t": "unit", "t": "unit"}"#, r#"{"c": 1, "c": 1}"#, r#"{"t": "struct"}"#] {
            assert!(serde_json::from_str::<Box<dyn Ours>>(text).is_err(), "{text}");
            assert!(serde_json::from_str::<Box<dyn Peer>>(text).is_err(), "{text}");
        }
    }
}

/// One of each shape.
fn samples() -> Vec<Sample> {
    let inner = BTreeMap::from([("a".to_owned(), vec![Some(-1), None]), ("b".to_owned(), vec![])]);
    let plain = Struct { level: 1, name: "x".into(), big: u64::MAX };
    vec![
        Sample::of(plain.clone()),
        Sample::of(Nested { inner, pair: (1, 0.5) }),
        Sample::of(Unit),
        Sample::of(Empty {}),
        Sample::of(Newtype(7)),
        Sample::of(Text("type".into())),
        Sample::of(Pair(-1, true)),
        Sample::of(Map(BTreeMap::from([("k".to_owned(), 1)]))),
        Sample::of(Maybe(Some(3))),
        Sample::of(Maybe(None)),
        Sample::of(Deep(plain)),
        Sample::of(Choice::Unit),
        Sample::of(Choice::New(1)),
        Sample::of(Choice::Tuple(1, 2)),
        Sample::of(Choice::Struct { a: 1, b: "y".into() }),
    ]
}

struct Sample(Box<dyn All>);

trait All: external::Ours + external::Peer + internal::Ours + internal::Peer + adjacent::Ours + adjacent::Peer {}

impl<A: external::Ours + external::Peer + internal::Ours + internal::Peer + adjacent::Ours + adjacent::Peer> All for A {}

impl Sample {
    fn of(value: impl All + 'static) -> Self {
        Sample(Box::new(value))
    }
}

/// Tests for the two traits of a module.
macro_rules! both_ways {
    () => {
        #[test]
        fn what_is_written_is_the_same() {
            for Sample(value) in samples() {
                let (ours, peer): (&dyn Ours, &dyn Peer) = (&*value, &*value);
                assert_eq!(serde_json::to_string(ours).unwrap(), serde_json::to_string(peer).unwrap());
                assert_eq!(rmp_serde::to_vec_named(ours).unwrap(), rmp_serde::to_vec_named(peer).unwrap());
                assert_eq!(rmp_serde::to_vec(ours).unwrap(), rmp_serde::to_vec(peer).unwrap());
            }
        }

        #[test]
        fn each_reads_what_the_other_writes() {
            for Sample(value) in samples() {
                let (ours, peer): (&dyn Ours, &dyn Peer) = (&*value, &*value);
                let debug = format!("{ours:?}");
                let text = serde_json::to_string(peer).unwrap();
                let read: Box<dyn Ours> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(format!("{read:?}"), debug, "{text}");
                let from_value: Box<dyn Ours> = serde_json::from_value(serde_json::from_str(&text).unwrap()).unwrap();
                assert_eq!(format!("{from_value:?}"), debug, "{text}");
                let read: Box<dyn Peer> = serde_json::from_str(&serde_json::to_string(ours).unwrap()).unwrap();
                assert_eq!(format!("{read:?}"), debug, "{text}");
                let packed = rmp_serde::to_vec_named(peer).unwrap();
                let read: Box<dyn Ours> = rmp_serde::from_slice(&packed).unwrap();
                assert_eq!(format!("{read:?}"), debug);
            }
        }

        #[test]
        fn an_unknown_name_is_told_with_what_is_near() {
            let text = serde_json::to_string(samples()[0].0.as_ref() as &dyn Ours).unwrap().replace("struct", "strict");
            let error = serde_json::from_str::<Box<dyn Ours>>(&text).unwrap_err().to_string();
            assert!(error.contains("`strict` is not registered for `dyn "), "{error}");
            assert!(error.contains("did you mean `struct`?"), "{error}");
        }
    };
}
use both_ways;

#[registry(serde(tag = "type"), case = insensitive)]
trait Shape: Debug + Send + Sync {
    fn area(&self) -> f64;
}

#[derive(Debug, Serialize, Deserialize, Register)]
#[register(dyn Shape, name = "square", alias("box"), deprecated("quad"), new = || Square { side: 1.0 })]
struct Square {
    side: f64,
}

impl Shape for Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

/// With the tag as a field of its own.
#[derive(Debug, Serialize, Deserialize, Register)]
#[register(dyn Shape, name = "Circle", no_new)]
#[serde(tag = "type")]
enum Circle {
    Circle { radius: f64 },
}

impl Shape for Circle {
    fn area(&self) -> f64 {
        let Circle::Circle { radius } = self;
        3.0 * radius * radius
    }
}

#[derive(Debug, Serialize)]
struct Stray;

impl Shape for Stray {
    fn area(&self) -> f64 {
        0.0
    }
}

#[test]
fn aliases_are_read_and_names_are_written() {
    for name in ["square", "BOX", "quad"] {
        let shape: Box<dyn Shape> = serde_json::from_value(json!({"type": name, "side": 2.0})).unwrap();
        assert!((shape.area() - 4.0).abs() < 1e-9);
        assert_eq!(serde_json::to_value(&shape).unwrap(), json!({"type": "square", "side": 2.0}));
    }
}

#[test]
fn a_tag_of_the_type_itself_is_written_once() {
    let circle: &(dyn Shape + Send + Sync) = &Circle::Circle { radius: 1.0 };
    assert_eq!(serde_json::to_string(circle).unwrap(), r#"{"type":"Circle","radius":1.0}"#);
}

#[test]
fn a_type_without_a_constructor_is_only_read() {
    let error = <dyn Shape>::registry().create("circle", ()).err().unwrap().to_string();
    assert!(error.ends_with("it has no constructor, and can only be deserialized"), "{error}");
}

#[test]
fn a_type_that_is_not_registered_cannot_be_written() {
    let error = serde_json::to_string(&Stray as &dyn Shape).unwrap_err().to_string();
    assert_eq!(error, "the type of this value is not registered for `dyn Shape`");
}

#[test]
fn trait_objects_are_read_inside_of_other_types() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Drawing {
        shapes: Vec<Box<dyn Shape>>,
        frame: Option<Box<dyn Shape>>,
    }
    let text = json!({"shapes": [{"type": "box", "side": 1.0}, {"side": 3.0, "type": "square"}], "frame": null});
    let drawing: Drawing = serde_json::from_value(text).unwrap();
    assert_eq!(drawing.shapes.iter().map(Box::as_ref).map(Shape::area).collect::<Vec<_>>(), [1.0, 9.0]);
    assert!(drawing.frame.is_none());
    for wrong in [json!({"side": 1.0}), json!({"type": 3}), json!([1]), json!({"type": "square", "side": "x"})] {
        assert!(serde_json::from_value::<Box<dyn Shape>>(wrong).is_err());
    }
}

#[registry(args(level: u32, name: Option<String>))]
trait Codec {
    fn describe(&self) -> String;
}

#[derive(Register)]
#[register(dyn Codec, name = "gzip", alias("gz"), new = Gzip, tag(kind = "lossless"))]
struct Gzip(#[field(min = 0)] u32, Option<String>);

impl Codec for Gzip {
    fn describe(&self) -> String {
        format!("{} {:?}", self.0, self.1)
    }
}

#[registry]
trait Plain {}

#[derive(Register, Default)]
#[register(dyn Plain, name = "plain")]
struct Simple;

impl Plain for Simple {}

#[test]
fn a_value_gives_the_name_and_the_arguments() {
    let create = |value: Value| {
        <dyn Codec>::registry().create_from(&value).map(|it| it.describe()).map_err(|error| error.to_string())
    };
    assert_eq!(create(json!({"gz": {"level": 6, "name": "x"}})), Ok("6 Some(\"x\")".to_owned()));
    assert_eq!(create(json!({"gzip": {"level": 6}})), Ok("6 None".to_owned()));
    assert_eq!(create(json!({"gzip": [6, null]})), Ok("6 None".to_owned()));
    let wrong = |what: &str| Err(format!("wrong arguments for `gzip`: {what}"));
    assert_eq!(
        create(json!({"gzip": {"level": -1}})),
        wrong("`level`, `-1`: invalid value: integer `-1`, expected u32")
    );
    assert_eq!(
        create(json!({"gzip": {"lvl": 1}})),
        wrong("there is no `lvl`; it takes level: u32, name: Option<String>")
    );
    assert_eq!(create(json!({"gzip": [1]})), wrong("[1]; it takes level: u32, name: Option<String>"));
    assert!(create(json!({"gzap": [1]})).unwrap_err().contains("did you mean `gzip`?"));
    assert!(create(json!([1])).unwrap_err().contains("expected `{\"name\": {\"argument\": ..}}`"));
    for plain in [json!("plain"), json!({"plain": null}), json!({"plain": {}}), json!({"plain": []})] {
        assert!(<dyn Plain>::registry().create_from(&plain).is_ok(), "{plain}");
    }
    assert!(<dyn Plain>::registry().create_from(&json!({"plain": [1]})).is_err());
}

#[test]
fn a_registry_is_json_and_a_table() {
    let json: Value = serde_json::from_str(&<dyn Codec>::registry().to_json()).unwrap();
    assert_eq!(
        (&json["registry"], &json["args"]),
        (&json!("dyn main::registry::wire::Codec"), &json!("level: u32, name: Option<String>"))
    );
    let gzip = &json["entries"][0];
    assert_eq!(
        (&gzip["name"], &gzip["aliases"], &gzip["tags"]),
        (&json!("gzip"), &json!(["gz"]), &json!({"kind": "lossless"}))
    );
    assert_eq!(gzip["fields"][0], json!({"name": "0", "type": "u32", "docs": "", "attributes": {"min": "0"}}));
    assert_eq!(gzip["line"], json!(<dyn Codec>::registry().get("gz").unwrap().line()));
    let table = <dyn Codec>::registry().to_string();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with(" name  aliases  about  type "), "{table}");
    assert!(lines[1].starts_with(" gzip  gz              main::registry::wire::Gzip  "), "{table}");
    assert!(lines[1].contains("wire.rs:") && lines[1].contains("(festoon-tests "), "{table}");
}
