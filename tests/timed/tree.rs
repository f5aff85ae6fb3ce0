//! `timing::record_tree`: who called whom.

use std::future::pending;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use festoon::timing::Tree;
use festoon::{Each, offload};

use super::*;

/// The switch is one for the process.
pub(super) struct Recorded(#[allow(dead_code, reason = "dropped at the end")] MutexGuard<'static, ()>);

pub(super) fn recorded() -> Recorded {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    timing::record_tree(true);
    Recorded(lock)
}

impl Drop for Recorded {
    fn drop(&mut self) {
        timing::record_tree(false);
    }
}

fn tree() -> Tree {
    timing::report().tree().clone()
}

/// Indented names with calls, and total, self and elapsed time in milliseconds.
fn shown(tree: &Tree) -> Vec<String> {
    let millis = |time: Duration| (time + Duration::from_micros(500)).as_millis();
    let nodes = tree.nodes().iter();
    let line = nodes.map(|node| {
        let [total, own, elapsed] = [node.total, node.self_time, node.elapsed].map(millis);
        format!("{}{} {} {total} {own} {elapsed}", " ".repeat(node.depth), node.name, node.calls)
    });
    line.collect()
}

#[timed(name = "leaf")]
fn leaf(clock: &Handle, millis: u32) {
    takes(clock, millis);
}

#[test]
fn a_function_has_a_place_below_each_of_its_callers() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "one")]
    fn one(clock: &Handle) {
        takes(clock, 1);
        leaf(clock, 10);
        leaf(clock, 10);
    }
    #[timed(name = "two")]
    fn two(clock: &Handle) {
        one(clock);
        leaf(clock, 100);
        takes(clock, 2);
    }
    two(test.clock());
    two(test.clock());
    one(test.clock());
    let tree = tree();
    let expected = [
        "two 2 246 4 246",
        " leaf 2 200 200 200",
        " one 2 42 2 42",
        "  leaf 4 40 40 40",
        "one 1 21 1 21",
        " leaf 2 20 20 20",
    ];
    assert_eq!(shown(&tree), expected);
    assert_eq!(tree.get(&["two", "one", "leaf"]).unwrap().calls, 4);
    assert!(tree.get(&["leaf"]).is_none() && tree.get(&[]).is_none());
    assert_eq!(tree.to_folded().lines().count(), 6);
    let line = tree.to_folded().lines().find(|line| line.starts_with("two;one;leaf ")).unwrap().to_owned();
    let nanos: u64 = line.rsplit(' ').next().unwrap().parse().unwrap();
    assert_about(Duration::from_nanos(nanos), MS * 40);
    let text = tree.to_string();
    assert_eq!(text.lines().next().unwrap(), " function  calls   total    self  elapsed");
    assert!(text.lines().nth(4).unwrap().starts_with("     leaf      4  "), "{text}");
}

#[test]
fn recursion_is_folded_and_its_time_counts_once() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "down")]
    fn down(clock: &Handle, levels: u32) {
        takes(clock, 1);
        if levels > 1 {
            down(clock, levels - 1);
        }
    }
    #[timed(name = "even")]
    fn even(clock: &Handle, n: u32) {
        takes(clock, 1);
        if n > 0 {
            odd(clock, n - 1);
        }
    }
    #[timed(name = "odd")]
    fn odd(clock: &Handle, n: u32) {
        takes(clock, 10);
        if n > 0 {
            even(clock, n - 1);
        }
    }
    down(test.clock(), 50);
    even(test.clock(), 3);
    assert_eq!(shown(&tree()), ["down 50 50 50 50", "even 2 22 2 22", " odd 2 20 20 21"]);
}

#[test]
fn panics_and_errors_count_where_they_were_called() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "guarded")]
    fn guarded(clock: &Handle) {
        let _ = catch_unwind(AssertUnwindSafe(|| fails(clock)));
        leaf(clock, 1);
    }
    #[timed(name = "fails")]
    fn fails(clock: &Handle) -> Result<(), ()> {
        takes(clock, 5);
        panic!("as asked")
    }
    guarded(test.clock());
    assert_eq!(shown(&tree()), ["guarded 1 6 0 6", " fails 1 5 5 5", " leaf 1 1 1 1"]);
}

#[timed(name = "sleeper")]
async fn sleeper(clock: &Handle, millis: u32) {
    takes(clock, millis);
    a_turn().await;
    takes(clock, millis);
}

#[test]
fn async_calls_have_the_time_of_their_polls_and_keep_their_place_on_other_threads() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "task")]
    async fn task(clock: Handle) {
        takes(&clock, 100);
        sleeper(&clock, 1).await;
    }
    let mut future = Box::pin(task(test.clock().handle()));
    assert!(poll_once(future.as_mut()).is_pending());
    takes(test.clock(), 1000);
    let handle = test.handle();
    std::thread::spawn(move || {
        handle.run(|| {
            #[timed(name = "worker")]
            fn worker(future: std::pin::Pin<&mut (dyn Future<Output = ()> + Send)>) {
                assert!(poll_once(future).is_ready());
            }
            worker(future.as_mut());
        });
    })
    .join()
    .unwrap();
    assert_eq!(shown(&tree()), ["task 1 102 100 1102", " sleeper 1 2 2 1002", "worker 1 0 0 1"]);
}

#[test]
fn what_runs_concurrently_is_at_most_the_total() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "both")]
    async fn both(clock: &Handle) {
        ::futures::join!(sleeper(clock, 3), sleeper(clock, 4), other(clock));
    }
    #[timed(name = "other")]
    async fn other(clock: &Handle) {
        sleeper(clock, 5).await;
    }
    ::futures::executor::block_on(both(test.clock()));
    let tree = tree();
    // Each waits while the others are polled.
    let expected = ["both 1 24 0 24", " sleeper 2 14 14 36", " other 1 10 0 22", "  sleeper 1 10 10 22"];
    assert_eq!(shown(&tree)[..1], expected[..1]);
    let inside: Duration = tree.nodes().iter().filter(|node| node.depth == 1).map(|node| node.total).sum();
    assert!(inside <= tree.nodes()[0].total, "{tree}");
    assert_eq!(tree.get(&["both", "sleeper"]).unwrap().calls, 2);
    assert_about(tree.get(&["both", "other", "sleeper"]).unwrap().self_time, MS * 10);
}

#[test]
fn a_cancelled_call_counts_where_it_started() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "hangs")]
    async fn hangs(clock: &Handle) {
        takes(clock, 7);
        pending::<()>().await;
    }
    #[timed(name = "starter")]
    fn starter(future: std::pin::Pin<&mut impl Future<Output = ()>>) {
        assert!(poll_once(future).is_pending());
    }
    let mut future = Box::pin(hangs(test.clock()));
    starter(future.as_mut());
    takes(test.clock(), 1);
    drop(future);
    assert_eq!(shown(&tree()), ["starter 1 7 0 7", " hangs 1 7 7 8"]);
}

#[test]
fn offloaded_work_and_tasks_are_below_their_caller() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[offload]
    #[timed(name = "hash")]
    fn hash(clock: Handle) {
        leaf(&clock, 20);
    }
    #[timed(name = "square")]
    async fn square(n: u32) -> u32 {
        n * n
    }
    #[timed(name = "request")]
    async fn request(clock: &Handle) {
        hash(clock.handle()).await;
        let squares: Vec<u32> = square.each(0..3).limit(2).spawn().collect().await;
        assert_eq!(squares.iter().sum::<u32>(), 5);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(request(test.clock()));
    let tree = tree();
    assert_eq!(tree.get(&["request", "square"]).unwrap().calls, 3, "{tree}");
    assert_about(tree.get(&["request", "hash", "leaf"]).unwrap().total, 20 * MS);
    assert_eq!(tree.nodes().iter().filter(|node| node.depth == 0).count(), 1, "{tree}");
}

#[test]
fn a_scope_may_end_before_one_that_started_inside_of_it() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "around")]
    fn around(clock: &Handle) {
        let first = timing::scope!("tree::first");
        takes(clock, 1);
        let second = timing::scope!("tree::second");
        takes(clock, 10);
        drop(first);
        takes(clock, 100);
        leaf(clock, 1000);
        drop(second);
        takes(clock, 10_000);
    }
    around(test.clock());
    let expected = [
        "around 1 11111 10000 11111",
        " tree::first 1 1111 1 11",
        "  tree::second 1 1110 110 1110",
        "   leaf 1 1000 1000 1000",
    ];
    assert_eq!(shown(&tree()), expected);
}

#[test]
fn calls_that_were_already_running_are_left_out_and_async_ones_from_their_next_poll_on_are_in() {
    let (recorded, test) = (recorded(), testing::isolated());
    timing::record_tree(false);
    #[timed(name = "early")]
    fn early(clock: &Handle) {
        timing::record_tree(true);
        leaf(clock, 1);
    }
    let mut future = pin!(sleeper(test.clock(), 2));
    assert!(poll_once(future.as_mut()).is_pending());
    early(test.clock());
    assert!(poll_once(future.as_mut()).is_ready());
    assert_eq!(shown(&tree()), ["sleeper 1 2 2 5", "leaf 1 1 1 1"]);
    drop(recorded);
}

#[test]
fn switching_on_again_starts_at_zero_and_off_keeps_what_there_is() {
    let _recorded = recorded();
    #[timed(name = "tree::counted")]
    fn counted() {}
    let calls = || timing::report().tree().get(&["tree::counted"]).map(|node| node.calls);
    std::thread::spawn(|| (counted(), counted())).join().unwrap();
    counted();
    assert_eq!(calls(), Some(3));
    timing::record_tree(true);
    assert_eq!(calls(), Some(3), "it was on");
    timing::record_tree(false);
    counted();
    assert_eq!(calls(), Some(3));
    timing::record_tree(true);
    assert_eq!(calls(), None);
    counted();
    assert_eq!(calls(), Some(1));
    {
        let recorder = testing::recorder();
        counted();
        assert_eq!(recorder.report().tree().nodes().len(), 1);
    }
    assert_eq!(calls(), Some(1), "a recorder's calls are its own");
}

/// Calls the others in every order.
macro_rules! orders {
    ($($name:ident)*) => {
        $(#[timed(name = stringify!($name))]
        fn $name(left: u32) {
            all(left & !$name::BIT);
        })*
        fn all(left: u32) {
            $(if left & $name::BIT != 0 { $name(left); })*
        }
        $(mod $name { pub(super) const BIT: u32 = 1 << super::Numbered::$name as u32; })*
        #[allow(non_camel_case_types, reason = "the names of functions")]
        enum Numbered { $($name),* }
    };
}

orders!(o0 o1 o2 o3 o4 o5 o6);

#[test]
fn paths_beyond_the_limit_are_in_other_and_nothing_is_lost() {
    let (_recorded, _recorder) = (recorded(), testing::recorder());
    all(0b111_1111);
    let tree = tree();
    // 13,699 orders of one to seven of them.
    let calls: u64 = tree.nodes().iter().map(|node| node.calls).sum();
    assert_eq!(calls, 13_699);
    let others = tree.nodes().iter().filter(|node| node.name == "(other)");
    assert_eq!(others.clone().map(|node| node.calls).sum::<u64>(), tree.left_out());
    assert_eq!(tree.nodes().len() - others.count(), 4096);
    assert!(tree.left_out() > 5_000 && tree.nodes().len() < 2 * 4096);
    let said = format!(" (other): {} calls on paths beyond the limit of 4096", tree.left_out());
    assert_eq!(tree.to_string().lines().last(), Some(&*said));
    let first = tree.nodes().iter().find(|node| node.depth == 0 && node.name == "o0").unwrap();
    assert_eq!(first.calls, 1);
}

#[test]
fn threads_that_have_ended_keep_their_counts() {
    let (_recorded, recorder) = (recorded(), testing::recorder());
    #[timed(name = "tree::brief")]
    fn brief() {}
    for _ in 0..20 {
        let handle = recorder.handle();
        std::thread::spawn(move || handle.run(|| (0..100).for_each(|_| brief()))).join().unwrap();
    }
    assert_eq!(tree().get(&["tree::brief"]).unwrap().calls, 2000);
}

#[test]
fn json_has_the_paths_in_order() {
    let (_recorded, test) = (recorded(), testing::isolated());
    #[timed(name = "outer")]
    fn outer(clock: &Handle) {
        leaf(clock, 3);
    }
    outer(test.clock());
    let json: serde_json::Value = serde_json::from_str(&timing::report().to_json()).unwrap();
    let tree = json["tree"].as_array().unwrap();
    assert_eq!((&tree[0]["name"], &tree[1]["name"]), (&"outer".into(), &"leaf".into()));
    assert_eq!((&tree[1]["depth"], &tree[1]["calls"]), (&1.into(), &1.into()));
    assert_about(Duration::from_nanos(tree[0]["total_ns"].as_u64().unwrap()), 3 * MS);
}
