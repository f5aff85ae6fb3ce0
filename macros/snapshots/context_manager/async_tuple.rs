#[derive(ContextManager)]
#[context(error = io::Error, active = Open, crate = my::festoon)]
struct Pair(#[managed(entered)] A, #[managed(async)] B);
