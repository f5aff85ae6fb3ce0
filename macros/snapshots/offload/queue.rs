#[timed]
#[offload(queue = "mail", key = n, store = redis("redis://queue"), result_ttl = 1h, max_deliveries = 3)]
async fn double(mut n: u32, (a, _): (u8, u8)) -> Result<u32, QueueError> {
    n += u32::from(a);
    Ok(n * 2)
}
