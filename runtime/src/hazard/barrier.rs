//! A pair of barriers that costs readers nothing: the writer has the system run a barrier on every core that the
//! process runs on (`membarrier`, Linux 4.14). On other systems each side runs its own.

use std::sync::Once;
use std::sync::atomic::{
    AtomicBool,
    Ordering::{Relaxed, SeqCst},
    compiler_fence, fence,
};

/// Does the writer's barrier cover readers too? Set before the first of them reads.
static IS_SHARED: AtomicBool = AtomicBool::new(false);

/// Called before the first reader.
pub(super) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| IS_SHARED.store(system::register(), SeqCst));
}

/// The reader's side.
#[inline]
pub(super) fn light() {
    if IS_SHARED.load(Relaxed) {
        compiler_fence(SeqCst);
    } else {
        fence(SeqCst);
    }
}

/// The writer's side. If the system fails to do what it has promised, nothing may be freed.
#[must_use]
pub(super) fn heavy() -> bool {
    fence(SeqCst);
    !IS_SHARED.load(Relaxed) || system::run() || (system::register() && system::run())
}

#[cfg(all(target_os = "linux", not(miri)))]
#[expect(unsafe_code, reason = "a system call without pointers")]
mod system {
    const PRIVATE_EXPEDITED: libc::c_int = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: libc::c_int = 1 << 4;

    fn membarrier(command: libc::c_int) -> bool {
        // SAFETY: the call takes three integers and does not access our memory; an unknown command is an error.
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
    }

    /// Once for each process, and again in a forked child.
    pub(super) fn register() -> bool {
        membarrier(REGISTER_PRIVATE_EXPEDITED) && run()
    }

    pub(super) fn run() -> bool {
        membarrier(PRIVATE_EXPEDITED)
    }
}

#[cfg(any(not(target_os = "linux"), miri))]
mod system {
    pub(super) fn register() -> bool {
        false
    }

    pub(super) fn run() -> bool {
        false
    }
}
