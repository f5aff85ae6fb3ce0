//! The functions that workers can run, listed when the program is loaded.

use std::sync::OnceLock;

use crate::calls::Reply;

/// A function that runs in workers.
pub struct Entry {
    /// Compared by the worker, in case a library that only one of the two has loaded shifts the list.
    pub(super) name: &'static str,
    pub(super) run: fn(&[u8]) -> Reply,
    index: OnceLock<Option<u32>>,
}

impl Entry {
    /// Runs with encoded arguments; the name is for messages.
    #[must_use]
    pub const fn new(name: &'static str, run: fn(&[u8]) -> Reply) -> Self {
        Entry { name, run, index: OnceLock::new() }
    }

    /// Where it is in the list, which is the same in every process of this program.
    pub(super) fn index(&'static self) -> Option<u32> {
        let find = || inventory::iter::<Listed>().position(|listed| std::ptr::eq(listed.0, self));
        *self.index.get_or_init(|| u32::try_from(find()?).ok())
    }

    /// The one at that place, if it has that name.
    pub(super) fn find(index: u32, name: &[u8]) -> Option<&'static Self> {
        let listed = inventory::iter::<Listed>().nth(usize::try_from(index).ok()?)?;
        (listed.0.name.as_bytes() == name).then_some(listed.0)
    }
}

/// An [`Entry`] in the list.
pub struct Listed(pub &'static Entry);

inventory::collect!(Listed);

/// A test that serves as a worker; see [`test_worker`](super::test_worker).
pub struct TestWorker {
    /// With the name of the crate in front.
    pub path: &'static str,
}

inventory::collect!(TestWorker);
