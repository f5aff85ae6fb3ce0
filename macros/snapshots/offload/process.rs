#[offload(process, timeout = 2s, memory = 512mb)]
fn double(mut n: u32, (a, _): (u8, u8)) -> Result<u32, WorkerError> {
    n += u32::from(a);
    Ok(n * 2)
}
