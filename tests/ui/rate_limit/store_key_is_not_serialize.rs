use festoon::rate_limit;

#[derive(Clone, PartialEq, Eq, Hash)]
struct User(u32);

#[rate_limit(10 / 1s, key = user, store = redis)]
fn ask(user: User) -> Option<u32> {
    Some(user.0)
}

fn main() {}
