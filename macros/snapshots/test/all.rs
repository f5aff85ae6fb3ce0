#[festoon::test]
fn plain() {
    work();
}

#[festoon::test]
#[should_panic(expected = "no")]
fn isolated(test: &Isolated) -> Result<(), Error> {
    test.clock().advance(SECOND);
    work()?;
    Ok(())
}

#[festoon::test]
async fn polled_here() {
    work().await;
}

#[festoon::test]
#[tokio::test(start_paused = true)]
async fn on_tokio(Isolated { .. }: &Isolated) -> Result<(), Error> {
    work().await
}
