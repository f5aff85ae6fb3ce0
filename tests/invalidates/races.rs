//! Concurrent reads and writes.

use super::*;

#[test]
fn the_key_is_made_before_and_the_value_forgotten_after() {
    thread_local! {
        static STEPS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    fn step(name: &'static str) {
        STEPS.with_borrow_mut(|steps| steps.push(name));
    }
    struct Local;
    impl Drop for Local {
        fn drop(&mut self) {
            step("the body's locals");
        }
    }
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    fn key(id: u32) -> u32 {
        step("key");
        id
    }
    #[invalidates(get(key(id)))]
    fn save(id: u32) {
        let _local = Local;
        step("body");
    }

    get(1);
    get.cache().on_removal(|_: &(u32,), _: &u32, why| {
        assert_eq!(why, Removal::Invalidated);
        step("forgotten");
    });
    save(1);
    assert_eq!(STEPS.take(), ["key", "body", "the body's locals", "forgotten"]);
}

#[test]
fn a_run_that_is_under_way_is_not_kept() {
    let (begun, wait_begun) = channel();
    let (go, wait_go) = channel();
    type Ends = (std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>);
    static ENDS: Mutex<Option<Ends>> = Mutex::new(None);
    *ENDS.lock().unwrap() = Some((begun, wait_go));
    #[cached]
    fn get(id: u32) -> u32 {
        if let Some((begun, go)) = ENDS.lock().unwrap().take() {
            begun.send(()).unwrap();
            go.recv().unwrap();
            return 0;
        }
        id
    }
    #[invalidates(get(id))]
    fn save(id: u32) {}

    std::thread::scope(|scope| {
        let reader = scope.spawn(|| get(7));
        wait_begun.recv().unwrap();
        save(7);
        go.send(()).unwrap();
        assert_eq!(reader.join().unwrap(), 0);
    });
    assert!(!get.cache().contains((7,)));
    assert_eq!(get(7), 7);
}

#[test]
fn a_first_read_that_races_with_the_write_is_not_kept() {
    #[cached]
    fn get(id: u32) -> u32 {
        id
    }
    #[cached]
    fn other(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id), other)]
    fn save(id: u32) {
        // Before the write.
        assert_eq!((get(id), get(id + 1), other(id)), (id, id + 1, id));
    }

    save(3);
    assert_eq!((get.cache().info().len, other.cache().info().len), (0, 0));
    assert_eq!((get(3), get(4)), (3, 4));
    save(3);
    assert_eq!([3, 4].map(|id| get.cache().contains((id,))), [false, true], "now there is a key");
}

#[test]
fn values_of_all_threads() {
    #[cached(scope = thread)]
    fn get(id: u32) -> u32 {
        id
    }
    #[invalidates(get(id))]
    fn save(id: u32) {}

    get(1);
    let (go, wait) = channel();
    let (ready, until_ready) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            get(1);
            ready.send(()).unwrap();
            wait.recv().unwrap();
            get(1);
        });
        until_ready.recv().unwrap();
        save(1);
        go.send(()).unwrap();
    });
    get(1);
    assert_eq!((get.cache().info().hits, get.cache().info().misses), (0, 4));
}
