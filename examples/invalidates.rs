//! `#[invalidates]`: a write invalidates the cached values that it makes stale.
use std::collections::BTreeMap;
use std::sync::Mutex;

use festoon::{Decorated, cached, invalidates};

/// A table that is slow to read.
struct Users(Mutex<BTreeMap<u64, String>>);

static USERS: Users = Users(Mutex::new(BTreeMap::new()));

impl Users {
    #[cached(skip(self))]
    fn get(&self, id: u64) -> Option<String> {
        println!("  reading user {id}");
        self.0.lock().unwrap().get(&id).cloned()
    }

    #[cached(skip(self))]
    fn names(&self) -> Vec<String> {
        println!("  reading all names");
        self.0.lock().unwrap().values().cloned().collect()
    }

    /// Only this user's value becomes stale, and the list of all users.
    #[invalidates(Self::get(self, id), Self::names)]
    fn rename(&self, id: u64, name: &str) {
        self.0.lock().unwrap().insert(id, name.to_owned());
    }

    /// A failed call has changed nothing here, so nothing is invalidated.
    #[invalidates(Self::get(self, id), Self::names, when = ok)]
    fn remove(&self, id: u64) -> Result<String, String> {
        self.0.lock().unwrap().remove(&id).ok_or_else(|| format!("there is no user {id}"))
    }
}

fn main() {
    USERS.rename(1, "ada");
    USERS.rename(2, "grace");
    println!("{:?} {:?} {:?}", USERS.get(1), USERS.get(2), USERS.names());

    println!("user 1 is renamed:");
    USERS.rename(1, "ada lovelace");
    println!("{:?} {:?} {:?}", USERS.get(1), USERS.get(2), USERS.names());

    println!("a user is removed, and another one is not there:");
    println!("{:?} {:?}", USERS.remove(2), USERS.remove(3));
    println!("{:?} {:?} {:?}", USERS.get(1), USERS.get(2), USERS.names());
    println!("get: {:?}", Users::get.cache().info());
}
