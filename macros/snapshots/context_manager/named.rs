#[derive(ContextManager)]
#[context(error = JobError)]
pub struct Job<'a, T>
where
    T: Clone,
{
    /// The database.
    #[managed]
    pub db: Conn<'a>,
    #[managed(skip_if = quiet)]
    log: T,
    quiet: bool,
}
