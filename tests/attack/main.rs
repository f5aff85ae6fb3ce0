//! Caches under fire. `README.md` says what is attacked, what is checked, and how to run one attack again.
// As the other tests that `server.rs` belongs to.
#![allow(clippy::items_after_statements, reason = "tests say things as users do, and put items where they are used")]

mod driver;
mod flight;
mod log;
mod memory;
mod processes;
mod subjects;

#[path = "../cached/proxy.rs"]
#[expect(dead_code, reason = "the tests of outages count connections")]
mod proxy;
#[path = "../cached/server.rs"]
#[expect(dead_code, reason = "other tests need more of a server")]
mod server;

use std::process::ExitCode;

use driver::Attack;

macro_rules! attacks {
    ($($module:ident: $($name:ident)*;)*) => {
        const ATTACKS: &[Attack] = &[$($((stringify!($name), $module::$name),)*)*];
    };
}

attacks! {
    subjects: bounded bounded_async unbounded unbounded_async weighed weighed_async lru lru_async;
    subjects: thread instance instance_async;
    subjects: disk disk_async redis redis_async tiered tiered_async;
    processes: processes;
}

fn main() -> ExitCode {
    if server::given().is_some() {
        processes::child();
        return ExitCode::SUCCESS;
    }
    driver::run(ATTACKS)
}
