//! Several applications on one server: how their values are kept apart, and the warning if they are not.

use std::sync::OnceLock;

use festoon::cached;

use super::server::{self, given, other_process};
use crate::events;

static AT: OnceLock<String> = OnceLock::new();

fn address() -> String {
    given().unwrap_or_else(|| AT.get().unwrap().clone())
}

#[cached(store = redis(address(), timeout = 20s))]
fn square(n: u64) -> u64 {
    n * n
}

#[cached(store = redis(address(), timeout = 20s), prefix = format!("own{}", 1), version = 3)]
fn own(n: u64) -> u64 {
    n * n
}

/// What the other processes do.
#[test]
fn child() {
    if given().is_some() {
        let told = events::of(|| assert_eq!((square(3), square(3), square(4), own(3)), (9, 9, 16, 9)));
        println!("TOLD {told:?}");
    }
}

#[test]
fn setting_child() {
    if given().is_some() {
        festoon::cache::set_prefix("set");
        assert_eq!((square(3), own(3)), (9, 9));
    }
}

fn run(test: &str, server: &server::Server, prefix: Option<&str>) -> String {
    let name = format!("cached::applications::{test}");
    let output = other_process(&name, &server.url(), prefix).wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// What the names of all entries begin with.
fn names(server: &server::Server) -> Vec<String> {
    let mut names: Vec<String> = server.command("KEYS *}");
    names.sort();
    names.iter().map(|name| name.split("::").next().unwrap().to_owned()).collect()
}

#[test]
fn names_begin_with_the_prefix_and_the_package() {
    let Some(server) = server::start() else { return };
    run("child", &server, None);
    let here = env!("CARGO_PKG_VERSION_MAJOR");
    let (package, test) = (format!("festoon-tests@{here}"), "main");
    let of = |prefix: &str| format!("{prefix}:{package}:{test}");
    assert_eq!(names(&server), [of("festoon"), of("festoon"), of("own1")]);
    run("child", &server, Some("staging"));
    run("setting_child", &server, Some("staging"));
    let all = [of("festoon"), of("festoon"), of("own1"), of("set"), of("staging"), of("staging")];
    assert_eq!(names(&server), all);
}

/// As if a package of the same name, built elsewhere, had written it.
fn written_by_another(server: &server::Server, name: &str) {
    let mut entry: Vec<u8> = server.command(&format!("GET {name}"));
    entry[10] ^= 1;
    let sum = xxhash_rust::xxh3::xxh3_64(&entry[10..]).to_le_bytes();
    entry[2..10].copy_from_slice(&sum);
    server.ask::<()>(redis::cmd("SET").arg(name).arg(entry));
}

#[test]
fn values_of_another_application_are_told_of_once() {
    let Some(server) = server::start() else { return };
    assert!(run("child", &server, None).contains("TOLD []"));
    assert!(run("child", &server, Some("staging")).contains("TOLD []"));
    for name in server.command::<Vec<String>>("KEYS *}") {
        written_by_another(&server, &name);
    }
    let told = run("child", &server, None);
    assert_eq!(told.matches("WARN").count(), 1, "{told}");
    assert!(told.contains("FESTOON_CACHE_PREFIX") && told.contains("applications::square"), "{told}");
    // Whoever names a prefix has said who shares it.
    assert!(run("child", &server, Some("staging")).contains("TOLD []"));
}

/// Functions of one path, which blocks and macros make.
mod twins {
    use std::sync::OnceLock;

    use festoon::cached;

    use super::server;

    static AT: OnceLock<String> = OnceLock::new();

    macro_rules! twin {
        ($answer:literal) => {{
            #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
            fn twin(n: u64) -> u64 {
                n + $answer
            }
            twin
        }};
    }

    macro_rules! both {
        ($one:literal, $other:literal) => {
            (
                {
                    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
                    fn inner(n: u64) -> u64 {
                        n + $one
                    }
                    inner
                },
                {
                    #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
                    fn inner(n: u64) -> u64 {
                        n + $other
                    }
                    inner
                },
            )
        };
    }

    fn blocks() -> (fn(u64) -> u64, fn(u64) -> u64) {
        let one = {
            #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
            fn block(n: u64) -> u64 {
                n + 10
            }
            block
        };
        let other = {
            #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
            fn block(n: u64) -> u64 {
                n + 20
            }
            block
        };
        (one, other)
    }

    fn methods() -> (u64, u64) {
        let one = {
            struct Shop;
            impl Shop {
                #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
                fn price(n: u64) -> u64 {
                    n + 10
                }
            }
            Shop::price(1)
        };
        let other = {
            struct Shop;
            impl Shop {
                #[cached(store = redis(AT.get().unwrap(), timeout = 20s))]
                fn price(n: u64) -> u64 {
                    n + 20
                }
            }
            Shop::price(1)
        };
        (one, other)
    }

    #[test]
    fn two_functions_of_one_path_never_share() {
        let Some(server) = server::start() else { return };
        AT.set(server.url()).unwrap();
        for _ in 0..2 {
            let (one, other) = blocks();
            assert_eq!((one(1), other(1)), (11, 21));
            assert_eq!((twin!(30)(1), twin!(40)(1)), (31, 41));
            let (one, other) = both!(50, 60);
            assert_eq!((one(1), other(1)), (51, 61));
            assert_eq!(methods(), (11, 21));
        }
        // Both blocks, both methods and both calls of the macro; two of one line share nothing, and keep nothing.
        assert_eq!(server.names().len(), 6, "{:#?}", server.names());
    }
}
