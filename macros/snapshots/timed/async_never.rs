#[timed]
async fn serve() -> ! {
    loop {
        accept().await;
    }
}
