#[invalidates(get_user(id), when = ok)]
fn save(id: u64) -> Result<u8, Error> {
    work(id)?;
    Ok(3)
}
#[invalidates(get_user(id), when = ok)]
fn plain(id: u64) {
    work(id);
}
