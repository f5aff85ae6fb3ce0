with! {
    crate = my::festoon, async c = pool.get(), nullcontext(1) => -> Result<u8, E> { c.ask().await? } else { 7 }
}
