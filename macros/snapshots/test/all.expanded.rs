fn plain() {
    fn plain() {
        work();
    }
    ::festoon::__private::test::run(|_| plain())
}
#[should_panic(expected = "no")]
fn isolated() -> Result<(), Error> {
    fn isolated(test: &Isolated) -> Result<(), Error> {
        test.clock().advance(SECOND);
        work()?;
        Ok(())
    }
    ::festoon::__private::test::run(isolated)
}
fn polled_here() {
    async fn polled_here() {
        work().await;
    }
    ::festoon::__private::test::block_on(async |_| polled_here().await)
}
async fn on_tokio() -> Result<(), Error> {
    const {
        ::core::assert!(
            ::festoon::__private::test::HAS_TOKIO_TIME,
            "`start_paused` pauses tokio's time alone: enable the feature `tokio` of festoon, whose clock then follows it"
        )
    };
    async fn on_tokio(Isolated { .. }: &Isolated) -> Result<(), Error> {
        work().await
    }
    ::festoon::__private::test::run_async(on_tokio).await
}
