#[derive(ContextManager)]
#[context(error = io::Error)]
pub enum Source<'a> {
    /// A file.
    Local {
        #[managed]
        file: Open<'a>,
        #[managed(async, skip_if = quiet)]
        log: Log,
        quiet: bool,
    },
    Remote(#[managed(entered)] Conn, u8),
    Nothing,
}
