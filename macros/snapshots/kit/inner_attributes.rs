#[timed]
async fn price() -> Result<u8, E> {
    //! Documented from inside.
    #![allow(unused)]
    Ok(1)
}
