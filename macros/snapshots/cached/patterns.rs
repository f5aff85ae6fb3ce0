#[cached(key = id)]
fn page(Path(id): Path<u64>, State(db): State<Db>) -> String {
    db.page(id)
}

#[cached(skip(db))]
fn part((id, db): (u64, Db)) -> u64 {
    id
}

#[cached(ttl = 1m, stale = 10s, key = id)]
fn refreshed(Path(id): Path<u64>, State(db): State<Db>) -> u64 {
    id
}

#[cached]
fn nothing((ref mut list, n): (Vec<u8>, u8)) {
    list.push(n);
}
