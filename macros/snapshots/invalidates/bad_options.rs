#[invalidates(self.get(id), 3, when = never, when = ok, get_user = id)]
const fn save(&self, id: u64) {}
