//! `store = disk("path")`: what survives a restart, and what happens to a damaged or foreign file.

mod damage;

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use festoon::cache::{Disk, StoreError, StoreErrorKind};
use festoon::{Decorated, cached};

use super::Runs;
use super::server::{given, other_process, signal_process};
use crate::events;

/// A folder of a test's own.
struct Folder(OnceLock<PathBuf>);

impl Folder {
    const fn new() -> Self {
        Folder(OnceLock::new())
    }

    fn make(&self, name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("festoon-disk-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        self.0.set(folder.clone()).unwrap();
        folder
    }

    fn file(&self) -> PathBuf {
        self.0.get().unwrap().join("deep/cache.redb")
    }
}

#[test]
fn values_are_found_in_the_file() {
    static AT: Folder = Folder::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = disk(AT.file()))]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        RUNS.one();
        text.parse()
    }
    #[cached(store = disk(AT.file()))]
    async fn double(n: u32) -> u32 {
        RUNS.one();
        n * 2
    }

    let folder = AT.make("values");
    assert_eq!((parse("7"), parse("7"), parse("8"), RUNS.count()), (Ok(7), Ok(7), Ok(8), 2));
    assert!(parse("x").is_err() && parse("x").is_err());
    assert_eq!(RUNS.count(), 4);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!((runtime.block_on(double(4)), futures::executor::block_on(double(4)), RUNS.count()), (8, 8, 5));

    parse.cache().insert(("9",), Ok(90));
    assert_eq!((parse("9"), parse.cache().peek(("9",))), (Ok(90), Some(Ok(90))));
    assert!(parse.cache().invalidate(("9",)) && !parse.cache().invalidate(("9",)));
    assert_eq!((parse.cache().contains(("7",)), parse.cache().contains(("9",))), (true, false));
    parse.cache().clear();
    assert_eq!((parse.cache().contains(("7",)), parse.cache().contains(("8",))), (false, false));
    assert_eq!(futures::executor::block_on(double(4)), 8);
    let info = parse.cache().info();
    assert_eq!((RUNS.count(), info.store_errors, info.len, info.capacity), (5, 0, 0, None));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn values_expire_by_the_time_of_day() {
    static AT: Folder = Folder::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = disk(AT.file()), ttl = 5m)]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let folder = AT.make("ttl");
    let clock = festoon::testing::clock();
    square(3);
    clock.advance(Duration::from_secs(290));
    assert_eq!((square(3), RUNS.count()), (9, 1));
    clock.advance(Duration::from_secs(10));
    assert_eq!((square(3), RUNS.count()), (9, 2));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_entry_that_is_invalidated_while_it_is_computed_is_not_kept() {
    static AT: Folder = Folder::new();
    #[cached(store = disk(AT.file()))]
    fn square(n: u64) -> u64 {
        if n == 3 {
            square.cache().invalidate((3,));
        } else {
            square.cache().clear();
        }
        n * n
    }

    let folder = AT.make("invalidated");
    assert_eq!((square(3), square(4)), (9, 16));
    assert_eq!((square.cache().contains((3,)), square.cache().contains((4,))), (false, false));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_oldest_have_to_go() {
    static AT: Folder = Folder::new();
    #[cached(store = disk(AT.file(), max_size = 64kb))]
    fn bytes(n: usize) -> Vec<u8> {
        vec![7; n]
    }

    let folder = AT.make("size");
    let kept = || (9_000..9_040).filter(|n| bytes.cache().contains((*n,))).collect::<Vec<usize>>();
    (9_000..9_040).for_each(|n| drop(bytes(n)));
    assert_eq!(kept(), (9_033..9_040).collect::<Vec<usize>>());
    // It would not fit at all.
    assert_eq!(bytes(70_000).len(), 70_000);
    assert_eq!((kept().len(), bytes.cache().info().store_errors), (7, 1));
    bytes.cache().clear();
    (9_000..9_007).for_each(|n| drop(bytes(n)));
    assert_eq!(kept().len(), 7);
    std::fs::remove_dir_all(folder).unwrap();
}

fn given_file() -> PathBuf {
    given().unwrap().into()
}

#[cached(store = disk(given_file()))]
fn pid(n: u32) -> (u32, u32) {
    (n, std::process::id())
}

#[cached(store = disk(given_file()), on_store_error = fail)]
fn strict(n: u32) -> Result<u32, StoreError> {
    Ok(n)
}

/// Fills the file, and says what it holds.
#[test]
fn child() {
    if given().is_some() {
        let told = events::of(|| {
            let found = (0..200).filter(|n| pid(*n) != (*n, std::process::id())).count();
            (0..200).for_each(|n| assert_eq!(pid(n).0, n));
            println!("FOUND {found} ERRORS {}", pid.cache().info().store_errors);
        });
        println!("TOLD {told:?}");
    }
}

/// Holds the file until it is killed.
#[test]
fn holder() {
    if given().is_some() {
        println!("HELD {:?}", pid(1));
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

#[test]
fn strict_child() {
    if given().is_some() {
        println!("KIND {:?}", strict(1).unwrap_err().kind());
    }
}

fn start(test: &str, file: &Path) -> Child {
    other_process(&format!("cached::disk::{test}"), file.to_str().unwrap(), None)
}

fn said(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn values_survive_a_restart() {
    static AT: Folder = Folder::new();
    let folder = AT.make("restart");
    let file = AT.file();
    assert!(said(start("child", &file)).contains("FOUND 0 ERRORS 0"));
    assert!(said(start("child", &file)).contains("FOUND 200 ERRORS 0"));

    // A process that is killed leaves the file whole.
    let mut killed = start("holder", &file);
    wait_for(&mut killed, "HELD");
    signal_process("KILL", killed.id());
    killed.wait().unwrap();
    assert!(said(start("child", &file)).contains("FOUND 200 ERRORS 0"));
    std::fs::remove_dir_all(folder).unwrap();
}

/// Writes until it is killed.
#[test]
fn writer() {
    if given().is_some() {
        println!("WRITING {:?}", pid(0));
        (0..200).cycle().for_each(|n| {
            pid.cache().insert((n,), (n, std::process::id()));
        });
    }
}

/// Whatever it was doing: each value that is found is one that somebody has written, and the file is used on.
#[test]
fn a_process_that_is_killed_while_it_writes_leaves_the_file_whole() {
    static AT: Folder = Folder::new();
    let folder = AT.make("killed");
    for round in 0..5 {
        let mut killed = start("writer", &AT.file());
        wait_for(&mut killed, "WRITING");
        std::thread::sleep(Duration::from_millis(20 + round * 13));
        signal_process("KILL", killed.id());
        killed.wait().unwrap();
        let said = said(start("child", &AT.file()));
        assert!(said.contains("ERRORS 0") && said.contains("TOLD []"), "{said}");
    }
    assert_eq!(std::fs::read_dir(folder.join("deep")).unwrap().count(), 1, "nothing was moved aside");
    std::fs::remove_dir_all(folder).unwrap();
}

fn wait_for(child: &mut Child, word: &str) {
    use std::io::{BufRead, BufReader};
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(word)));
}

#[test]
fn a_second_process_runs_without_the_file() {
    static AT: Folder = Folder::new();
    let folder = AT.make("second");
    let mut first = start("holder", &AT.file());
    wait_for(&mut first, "HELD");
    let second = said(start("child", &AT.file()));
    assert!(second.contains("FOUND 0 ERRORS ") && !second.contains("ERRORS 0"), "{second}");
    assert!(second.contains("is in use by another process"), "{second}");
    assert!(said(start("strict_child", &AT.file())).contains(&format!("KIND {:?}", StoreErrorKind::Busy)));
    drop(first.stdin.take());
    first.wait().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn one_file_has_one_store_however_it_is_spelled() {
    static AT: Folder = Folder::new();
    static RUNS: Runs = Runs::new();
    fn through_a_link() -> PathBuf {
        AT.0.get().unwrap().join("link.redb")
    }
    fn spelled() -> PathBuf {
        AT.0.get().unwrap().join("deep/../deep/./cache.redb")
    }
    #[cached(store = disk(AT.file()))]
    fn one(n: u64) -> u64 {
        RUNS.one();
        n
    }
    #[cached(store = disk(through_a_link()))]
    fn two(n: u64) -> u64 {
        RUNS.one();
        n
    }
    #[cached(store = disk(spelled()))]
    fn three(n: u64) -> u64 {
        RUNS.one();
        n
    }

    let folder = AT.make("spelled");
    std::fs::create_dir_all(folder.join("deep")).unwrap();
    // It points to what is not there yet.
    std::os::unix::fs::symlink(AT.file(), through_a_link()).unwrap();
    for _ in 0..2 {
        assert_eq!((two(1), one(1), three(1)), (1, 1, 1));
    }
    let errors = [one.cache().info(), two.cache().info(), three.cache().info()].map(|info| info.store_errors);
    assert_eq!((RUNS.count(), errors), (3, [0, 0, 0]));
    assert!(through_a_link().is_symlink());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_path_that_cannot_be_is_no_reason_to_fail() {
    fn nowhere() -> Disk {
        Disk::new("/dev/null/cache.redb")
    }
    #[cached(store = nowhere())]
    fn square(n: u64) -> u64 {
        n * n
    }

    let told = events::of(|| assert_eq!((square(3), square(3)), (9, 9)));
    assert_eq!((told.len(), square.cache().info().store_errors), (1, 2));
    assert!(told[0].contains("/dev/null/cache.redb"), "{told:?}");
}

#[test]
fn a_refresh_whose_value_is_not_kept_takes_the_old_one_out() {
    static AT: Folder = Folder::new();
    static REFUSED: AtomicBool = AtomicBool::new(false);
    #[cached(store = disk(AT.file()), if = |_| !REFUSED.load(SeqCst))]
    fn double(n: u32) -> Result<u32, ()> {
        if n == 0 { Err(()) } else { Ok(2 * n) }
    }
    #[cached(store = disk(AT.file()))]
    async fn find(n: u32) -> Option<u32> {
        (!REFUSED.load(SeqCst)).then_some(n)
    }

    let folder = AT.make("refused");
    assert_eq!((double(7), futures::executor::block_on(find(7))), (Ok(14), Some(7)));
    double.cache().insert((0,), Ok(9));
    assert_eq!(
        (double.cache().refresh((0,)), double.cache().peek((0,))),
        (Err(()), Some(Ok(9))),
        "an error takes nothing"
    );
    REFUSED.store(true, SeqCst);
    assert_eq!((double.cache().refresh((7,)), double.cache().peek((7,))), (Ok(14), None));
    assert_eq!((futures::executor::block_on(find.cache().refresh((7,))), find.cache().peek((7,))), (None, None));
    std::fs::remove_dir_all(folder).unwrap();
}
