//! What is ready to use besides files: locks, variables, outputs, spans, transactions.

use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, RwLock};

use festoon::managers::{lock_file, redirect_stderr, redirect_stdout, remove_var, set_var, span, transaction};
use festoon::{Exit, Manager, with};

use super::{Failure, block_on, cancel_after, failure, is_send, panic_of, pause};

fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("festoon-{name}-{}", std::process::id()))
}

fn raised(mutex: &Mutex<u32>, way: &str) -> Result<u32, Failure> {
    with!(count = mutex.lock().unwrap() => {
        **count += 1;
        match way {
            "error" => return Err(failure("body")),
            "panic" => panic!("body"),
            _ => Ok(**count),
        }
    })
}

/// Case C: locks as managers.
#[test]
fn a_lock_is_given_back_after_success_and_errors_and_poisoned_by_panics() {
    let mutex = Mutex::new(0);
    assert_eq!((raised(&mutex, ""), raised(&mutex, "error")), (Ok(1), Err(failure("body"))));
    assert!(mutex.try_lock().is_ok());
    assert!(panic_of(|| raised(&mutex, "panic")).is_some());
    assert!(mutex.is_poisoned());
    mutex.clear_poison();
    let scope = || mutex.lock().unwrap().scope(|_| -> Result<(), Failure> { panic!("body") });
    assert_eq!(panic_of(scope).as_deref(), Some("body"));
    assert!(mutex.is_poisoned(), "also where the panic has been caught");
    let lock = RwLock::new(1);
    with!(read = lock.read().unwrap() => { assert_eq!(**read, 1) });
    with!(write = lock.write().unwrap() => { **write = 2 });
    let cell = RefCell::new(3);
    let sum = with!(borrowed = cell.borrow_mut() => { **borrowed += *lock.read().unwrap(); **borrowed });
    assert_eq!((sum, cell.try_borrow_mut().is_ok()), (5, true));
}

#[test]
fn tokios_locks() {
    let mutex = tokio::sync::Mutex::new(0);
    let add = async || {
        with!(count = mutex.lock().await => -> () { **count += 1; pause().await; });
    };
    block_on(is_send(add()));
    cancel_after(1, add());
    assert_eq!(*mutex.try_lock().unwrap(), 2);
}

#[test]
fn a_file_is_locked_by_one_or_shared_by_many() {
    let path = path("lock");
    lock_file(&path)
        .scope(|file| {
            file.write_all(b"mine")?;
            for again in [lock_file(&path).try_lock(), lock_file(&path).shared().try_lock()] {
                assert_eq!(again.scope(|_| io::Result::Ok(())).unwrap_err().kind(), ErrorKind::WouldBlock);
            }
            io::Result::Ok(())
        })
        .unwrap();
    let shared = || lock_file(&path).shared().try_lock().enter().unwrap();
    let (mut one, two) = (shared(), shared());
    let mut text = String::new();
    one.read_to_string(&mut text).unwrap();
    assert_eq!(text, "mine", "it is not cut off");
    let alone = || lock_file(&path).try_lock().scope(|_| Err::<(), _>(io::Error::other("body"))).unwrap_err();
    assert_eq!(alone().kind(), ErrorKind::WouldBlock);
    drop((one, two));
    assert_eq!((alone().to_string(), alone().to_string()), ("body".to_owned(), "body".to_owned()));
    assert!(panic_of(|| lock_file(&path).scope(|_| -> io::Result<()> { panic!("body") })).is_some());
    assert_eq!(alone().to_string(), "body");
    fs::remove_file(path).unwrap();
}

/// What belongs to the process is tested in one that has nothing else to do.
fn is_alone() -> bool {
    if std::env::var_os("FESTOON_ALONE").is_some() {
        return true;
    }
    let name = std::thread::current().name().unwrap().to_owned();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &name, "--nocapture", "--test-threads=1"]).env("FESTOON_ALONE", "1");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    false
}

/// Case C: effect at once or on entering, restored after errors, one within another.
#[test]
#[allow(unsafe_code, reason = "the function that is tested")]
fn a_variable_has_its_value_back() {
    if !is_alone() {
        return;
    }
    let now = || std::env::var("FESTOON_VARIABLE").ok();
    // SAFETY: nothing else runs in this process.
    let set = |value: &str| unsafe { set_var("FESTOON_VARIABLE", value) };
    set("a")
        .scope(|_| {
            assert_eq!(now().as_deref(), Some("a"));
            let inner =
                set("b").scope(|_| Err::<(), _>(failure(if now().as_deref() == Some("b") { "b" } else { "?" })));
            assert_eq!((inner, now().as_deref()), (Err(failure("b")), Some("a")));
            // SAFETY: the same.
            with!(unsafe { remove_var("FESTOON_VARIABLE") } => -> Result<(), Failure> { assert_eq!(now(), None) });
            assert!(panic_of(|| set("c").scope(|_| -> Result<(), Failure> { panic!("body") })).is_some());
            assert_eq!(now().as_deref(), Some("a"));
            Ok::<_, Failure>(())
        })
        .unwrap();
    assert_eq!(now(), None);
    drop(set("d"));
    assert_eq!(now(), None);
}

#[test]
fn an_output_goes_somewhere_else() {
    if !is_alone() {
        return;
    }
    let (out, inner) = (path("out"), path("inner"));
    let append = || File::options().append(true).create(true).open(&out);
    let manager = redirect_stdout(append().unwrap());
    println!("before");
    let ended = manager.scope(|_| {
        print!("one ");
        redirect_stdout(File::create(&inner)?).scope(|_| io::stdout().write_all(b"within"))?;
        Command::new("echo").arg("two").status()?;
        redirect_stderr(append()?).scope(|_| {
            eprintln!("three");
            Ok::<_, io::Error>(())
        })?;
        println!("four");
        Err::<(), _>(io::Error::other("body"))
    });
    assert_eq!(ended.unwrap_err().to_string(), "body");
    println!("after");
    assert_eq!(fs::read_to_string(&out).unwrap(), "one two\nthree\nfour\n");
    assert_eq!(fs::read_to_string(&inner).unwrap(), "within");
    let panic =
        panic_of(|| redirect_stdout(File::create(&inner).unwrap()).scope(|_| -> io::Result<()> { panic!("x") }));
    assert!(panic.is_some());
    println!("not there");
    assert_eq!(fs::read_to_string(&inner).unwrap(), "");
    let guard = redirect_stdout(File::create(&inner).unwrap()).enter().unwrap();
    println!("there");
    drop(guard);
    println!("not there");
    assert_eq!(fs::read_to_string(&inner).unwrap(), "there\n");
    fs::remove_file(out).and_then(|()| fs::remove_file(inner)).unwrap();
}

/// Writes down what spans record.
#[derive(Default)]
struct Records(Mutex<Vec<String>>);

impl tracing::field::Visit for &Records {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push(format!("{field}={value:?}"));
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for &'static Records {
    fn on_record(
        &self,
        _: &tracing::span::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        values.record(&mut { *self });
    }
}

#[test]
fn a_span_is_the_current_one_within_and_records_how_it_ended() {
    use tracing_subscriber::layer::SubscriberExt;
    let records: &'static Records = Box::leak(Box::default());
    let current = || tracing::Span::current().id();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(records), || {
        let made = || tracing::info_span!("parse", outcome = tracing::field::Empty);
        let parse = |text: &str| {
            span(made()).scope(|span| {
                assert_eq!((current(), current().is_some()), (span.id(), true));
                text.parse::<u8>()
            })
        };
        assert!(parse("3").is_ok() && parse("x").is_err());
        assert!(panic_of(|| span(made()).scope(|_| -> Result<(), Failure> { panic!("body") })).is_some());
        assert_eq!(current(), None);
        assert!(span(tracing::info_span!("plain")).scope(|_| Ok::<_, Failure>(())).is_ok(), "without the field");
    });
    let told = ["success", "error", "panic"].map(|how| format!("outcome={how:?}"));
    assert_eq!(*records.0.lock().unwrap(), told);
}

/// A table whose rows are there after a commit.
#[derive(Default)]
struct Table(Cell<u8>, Cell<&'static str>);

struct Row<'t>(&'t Table, u8);

impl Row<'_> {
    fn commit(self) -> Result<(), Failure> {
        self.0.1.set("commit");
        if self.1 == 0 {
            return Err(failure("commit"));
        }
        self.0.0.set(self.1);
        Ok(())
    }

    fn rollback(self) -> Result<(), Failure> {
        self.0.1.set("rollback");
        Ok(())
    }
}

fn insert(table: &Table, row: u8, way: &str) -> Result<(), Failure> {
    with!(tx = transaction(Row(table, 9), Row::commit, Row::rollback) => {
        tx.1 = row;
        match way {
            "error" => return Err(failure("body")),
            "panic" => panic!("body"),
            _ => {}
        }
    });
    Ok(())
}

#[test]
fn a_transaction_is_committed_after_success_and_rolled_back_otherwise() {
    let table = Table::default();
    assert_eq!(insert(&table, 1, ""), Ok(()));
    assert_eq!((table.0.get(), table.1.get()), (1, "commit"));
    assert_eq!(insert(&table, 0, ""), Err(failure("commit")));
    assert_eq!(insert(&table, 2, "error"), Err(failure("body")));
    assert_eq!((table.0.get(), table.1.replace("")), (1, "rollback"));
    assert!(panic_of(|| insert(&table, 2, "panic")).is_some());
    assert_eq!((table.0.get(), table.1.replace("")), (1, "rollback"));
    let dropped = async {
        with!(transaction(Row(&table, 2), Row::commit, Row::rollback) => -> Result<(), Failure> { pause().await; });
        Ok::<_, Failure>(())
    };
    cancel_after(1, dropped);
    assert_eq!((table.0.get(), table.1.get()), (1, "rollback"));
}
