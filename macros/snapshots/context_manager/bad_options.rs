#[derive(ContextManager)]
#[context(eror = E)]
struct Job {
    #[managed(skip = true)]
    db: Conn,
}
