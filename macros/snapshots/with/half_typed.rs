with! {
    tx = db.begin() => { if 1 }
}
