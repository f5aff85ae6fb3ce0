//! Servers that are full, unavailable, hung, killed or wrong.

use super::*;

#[test]
fn a_full_server_costs_the_cache_and_not_the_call() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(server) = AT.start() else { return };
    square(2);
    server.command::<()>("CONFIG SET maxmemory 1");
    assert_eq!((square(2), RUNS.count()), (4, 1), "what is there is found");
    assert_eq!((square(3), square(3), RUNS.count()), (9, 9, 3));
    assert_eq!(square.cache().info().store_errors, 2);
    server.command::<()>("CONFIG SET maxmemory 0");
    assert_eq!((square(3), square(3), RUNS.count()), (9, 9, 4));
}

#[test]
fn without_a_server_the_body_runs_and_one_warning_is_given() {
    static AT: Address = Address::new();
    #[cached(store = redis(AT.get()))]
    fn square(n: u64) -> u64 {
        n * n
    }

    AT.0.set(format!("redis://user:secret@127.0.0.1:{}", free_port())).unwrap();
    let told = events::of(|| {
        for n in 0..100 {
            assert_eq!(square(n), n * n);
        }
    });
    let info = square.cache().info();
    assert_eq!((info.misses, info.store_errors), (100, 100));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("WARN festoon message=the store of a cache has failed function="), "{told:?}");
    assert!(told[0].contains("::square") && told[0].contains("refused"), "{told:?}");
    assert!(!told[0].contains("secret"), "{told:?}");
}

#[test]
fn an_address_that_is_missing_or_wrong_is_no_reason_to_fail() {
    #[cached(store = redis)]
    fn nowhere(n: u64) -> u64 {
        n * n
    }
    #[cached(store = redis(format!("redis://:pass:w0rd{n}@", n = 1)))]
    fn wrong(n: u64) -> u64 {
        n * n
    }

    let told = events::of(|| assert_eq!((nowhere(3), wrong(3)), (9, 9)));
    assert_eq!((nowhere.cache().info().store_errors, wrong.cache().info().store_errors), (1, 1));
    assert!(told[0].contains("FESTOON_REDIS_URL") && !told[1].contains("w0rd"), "{told:#?}");
}

#[derive(Debug, PartialEq)]
enum ShopError {
    Store(StoreErrorKind),
    Sold,
}

impl From<StoreError> for ShopError {
    fn from(error: StoreError) -> Self {
        ShopError::Store(error.kind())
    }
}

#[test]
fn a_call_can_fail_with_its_store() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get()), on_store_error = fail)]
    fn price(n: u64) -> Result<u64, ShopError> {
        RUNS.one();
        if n == 0 { Err(ShopError::Sold) } else { Ok(n) }
    }
    #[cached(store = redis(AT.get()), on_store_error = fail)]
    async fn later(n: u64) -> Result<u64, ShopError> {
        RUNS.one();
        Ok(n)
    }

    AT.0.set(format!("redis://127.0.0.1:{}", free_port())).unwrap();
    assert_eq!(price(0), Err(ShopError::Store(StoreErrorKind::Unavailable)));
    assert_eq!(futures::executor::block_on(later(0)), Err(ShopError::Store(StoreErrorKind::Unavailable)));
    assert_eq!((RUNS.count(), price.cache().info().store_errors), (0, 1));
}

#[test]
fn a_server_that_hangs_up_in_the_middle_costs_the_cache_and_not_the_call() {
    static AT: Address = Address::new();
    #[cached(store = redis(AT.get()))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    AT.0.set(format!("redis://{}", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().read(&mut [0; 4]);
        }
    });
    assert_eq!((square(2), square(3)), (4, 9));
    assert_eq!(square.cache().info().store_errors, 2);
}

/// Says so when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

#[test]
fn a_server_that_is_killed_is_found_again() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get()))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }

    let Some(mut server) = AT.start() else { return };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let done = &done;
            scope.spawn(move || {
                let mut n = thread;
                while !done.load(SeqCst) {
                    assert_eq!(square(n % 50), (n % 50) * (n % 50));
                    n += 1;
                }
            });
        }
        // Also when something below fails: nobody may be waited for for ever.
        let _ends = Ends(&done);
        soon("hits", || square.cache().info().hits > 100);
        server.kill();
        let errors = square.cache().info().store_errors;
        soon("errors", || square.cache().info().store_errors > errors + 100);
        server.start_again();
        soon("every value again", || server.names().len() == 50);
    });
}

#[test]
fn a_server_that_stands_still_is_not_waited_for() {
    static AT: Address = Address::new();
    #[cached(store = redis(AT.get(), timeout = 300ms))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(server) = AT.start() else { return };
    soon("a value", || {
        square(1);
        square.cache().contains((1,))
    });
    server.signal("STOP");
    let start = Instant::now();
    for n in 0..50 {
        assert_eq!(square(n), n * n);
    }
    // Nobody asks a second time at once: without that, it would be 50 times 300 ms.
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    assert!(square.cache().info().store_errors >= 50);
    server.signal("CONT");
    soon("a value again", || square.cache().contains((1,)));
}

#[test]
fn a_cluster_is_one_cache() {
    static AT: Address = Address::new();
    static RUNS: Runs = Runs::new();
    #[cached(store = redis(AT.get(), timeout = 20s))]
    fn square(n: u64) -> u64 {
        RUNS.one();
        n * n
    }
    #[cached(store = redis(AT.get().split(',').next().unwrap(), cluster, timeout = 20s))]
    fn half(n: u64) -> u64 {
        n / 2
    }

    let cluster = ["--cluster-enabled", "yes"];
    let (Some(one), Some(other)) = (server::start_with(&cluster), server::start_with(&cluster)) else { return };
    one.command::<()>("CLUSTER ADDSLOTSRANGE 0 8000");
    other.command::<()>("CLUSTER ADDSLOTSRANGE 8001 16383");
    one.command::<()>(&format!("CLUSTER MEET 127.0.0.1 {}", other.url().rsplit_once(':').unwrap().1));
    for node in [&one, &other] {
        soon("the cluster", || {
            let info: String = node.command("CLUSTER INFO");
            info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:2")
        });
    }
    AT.0.set(format!("{},{}", one.url(), other.url())).unwrap();

    let all = || (0..100).for_each(|n| assert_eq!(square(n), n * n));
    all();
    all();
    let (here, there) = (one.names().len(), other.names().len());
    assert_eq!((here + there, RUNS.count(), square.cache().info().store_errors), (100, 100, 0));
    assert!(here > 10 && there > 10, "{here} and {there}");
    assert!((0..50).all(|n| square.cache().invalidate((n,))));
    assert_eq!(one.names().len() + other.names().len(), 50);
    half(8);
    square.cache().clear();
    assert_eq!(one.names().len() + other.names().len(), 1);
    assert_eq!((half.cache().peek((8,)), half.cache().info().store_errors), (Some(4), 0));
}
