use festoon::invalidates;

#[invalidates(3, |id| id, self.get(id), when = later, key = id)]
const fn save(id: u64) {
    let _ = id;
}

fn main() {}
