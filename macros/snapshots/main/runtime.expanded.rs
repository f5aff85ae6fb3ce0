fn main() -> Result<(), String> {
    ::festoon::__private::process::init();
    async fn main() -> Result<(), String> {
        work().await
    }
    main()
}
