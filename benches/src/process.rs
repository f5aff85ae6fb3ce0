//! `#[offload(process)]`: a warm call in a worker process, compared with `procspawn`'s pool and with
//! CPython's `multiprocessing.Pool.apply`.

use std::process::Command;

use festoon::{WorkerError, offload};
use futures_executor::block_on;
use serde_bytes::ByteBuf;

use crate::harness::{Effort, Suite};

#[offload(process, workers = 1)]
fn echo(bytes: ByteBuf) -> Result<usize, WorkerError> {
    Ok(bytes.len())
}

#[offload(process, workers = 1)]
fn echo_list(bytes: Vec<u8>) -> Result<usize, WorkerError> {
    Ok(bytes.len())
}

fn suite(title: &str, size: usize) -> Suite {
    let pool = procspawn::Pool::new(1).expect("a pool of one process");
    Suite::new(title)
        .case("festoon, ByteBuf", move |_| block_on(echo(ByteBuf::from(vec![7; size]))))
        .case("festoon, Vec<u8>", move |_| block_on(echo_list(vec![7; size])))
        .case("procspawn, ByteBuf", move |_| {
            let bytes = ByteBuf::from(vec![7; size]);
            procspawn::spawn!(in pool, (bytes) || bytes.len()).join()
        })
}

pub fn suites() -> Vec<Suite> {
    vec![suite("process: a call of 100 bytes", 100), suite("process: a call of 1 MB", 1 << 20)]
}

const PYTHON: &str = "
import multiprocessing, time
if __name__ == '__main__':
    with multiprocessing.get_context('spawn').Pool(1) as pool:
        for size, calls in ((100, 2000), (1 << 20, 100)):
            bytes_ = bytes(size)
            pool.apply(len, (bytes_,))
            best = 1e9
            for _ in range(5):
                start = time.perf_counter()
                for _ in range(calls):
                    pool.apply(len, (bytes_,))
                best = min(best, (time.perf_counter() - start) / calls)
            print(f'CPython multiprocessing.Pool.apply, {size} bytes: {best * 1e6:.0f} us')
";

/// The same in Python, where it is installed.
pub fn python(_: Effort) -> String {
    let script = std::env::temp_dir().join(format!("festoon-bench-{}.py", std::process::id()));
    let output = std::fs::write(&script, PYTHON).and_then(|()| Command::new("python3").arg(&script).output());
    let _ = std::fs::remove_file(script);
    output.map_or_else(
        |error| format!("python3: {error}\n"),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}
