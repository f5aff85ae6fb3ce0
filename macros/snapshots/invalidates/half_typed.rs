#[invalidates(get_user(id), list_)]
fn save(id: u64) { if id. }
#[invalidates(get_user(id.), when)]
fn half_options(id: u64) { work(id) }
