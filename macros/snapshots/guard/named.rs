#[derive(Debug, Guard)]
#[guard(exit = Self::rollback)]
pub(crate) struct Tx<'a, T: Debug = u8>
where
    T: Clone,
{
    log: &'a T,
    pub name: String,
}
