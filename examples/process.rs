//! Calls that may crash, loop or use up all memory, in worker processes: `cargo run --example process`.

use festoon::{Each, WorkerError, offload};

/// What a badly written library may do with some input.
#[offload(process, timeout = 500ms, memory = 1gb)]
fn decode(input: String) -> Result<usize, WorkerError> {
    match input.as_str() {
        "crash" => std::process::abort(),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "bomb" => Ok(std::hint::black_box(vec![1_u8; 4 << 30]).len()),
        "bug" => panic!("index out of bounds"),
        text => Ok(text.len()),
    }
}

#[festoon::main]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let inputs = ["tea", "crash", "loop", "bomb", "bug", "coffee"].map(str::to_owned);
    let calls = decode.each(inputs.clone()).limit(4).settle().await;
    for (input, call) in inputs.iter().zip(calls) {
        match call.returned() {
            Some(Ok(length)) => println!("{input}: {length}"),
            Some(Err(error)) => println!("{input}: {error}"),
            None => println!("{input}: panicked"),
        }
    }
    let pool = &festoon::process::pools()[0];
    println!("{} calls, {} crashed, {} workers were started", pool.calls, pool.crashed, pool.started);
}
