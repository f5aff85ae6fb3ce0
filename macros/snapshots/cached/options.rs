#[cached(max = 10_000, ttl = 5m, skip(conn), cache_err)]
fn load(conn: &mut Conn, id: u64, names: &[String], lang: Option<&str>, nested: &&str) -> Result<User, Error> {
    conn.load(id)?.named(names, lang, nested)
}
