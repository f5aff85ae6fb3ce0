#[invalidates(get_user(id))]
async fn save(id: u64) {
    work(id).await;
}
#[invalidates(get_user(id), when = ok)]
async fn save_or_not(id: u64) -> io::Result<u8> {
    work(id).await
}
