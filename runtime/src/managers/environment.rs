//! Environment variables, for tests.

use std::env;
use std::ffi::{OsStr, OsString};

use crate::{Exit, Outcome, Verdict};

/// Sets an environment variable now, and restores its previous value at the end of the scope, or when this is dropped.
/// Python's `mock.patch.dict(os.environ, ..)`. For tests.
///
/// # Safety
///
/// The same as for [`std::env::set_var`], until the end: it is safe on Windows, and in a single-threaded program.
/// Elsewhere no other thread may write the environment, or read it except through `std::env`. C libraries read it in
/// unexpected places, such as `getaddrinfo` and `localtime`. No lock could ensure this, so the caller has to.
///
/// # Panics
///
/// Like [`std::env::set_var`], if the name is empty or contains a `=`.
///
/// ```
/// use festoon::Exit;
/// use festoon::managers::set_var;
/// use std::env;
///
/// // SAFETY: this program has one thread.
/// let level = unsafe { set_var("FESTOON_DOC_LEVEL", "debug") };
/// let inside = level.scope(|_| Ok::<_, String>(env::var("FESTOON_DOC_LEVEL")));
/// assert_eq!(inside.unwrap().as_deref(), Ok("debug"));
/// assert!(env::var("FESTOON_DOC_LEVEL").is_err());
/// ```
#[expect(unsafe_code, reason = "the caller has to rule out other threads")]
pub unsafe fn set_var(name: impl Into<OsString>, value: impl AsRef<OsStr>) -> Var {
    Var::new(name.into(), Some(value.as_ref()))
}

/// Like [`set_var`], but removes the variable.
///
/// # Safety
///
/// The same as for [`set_var`].
///
/// # Panics
///
/// Like [`set_var`].
#[expect(unsafe_code, reason = "the caller has to rule out other threads")]
pub unsafe fn remove_var(name: impl Into<OsString>) -> Var {
    Var::new(name.into(), None)
}

/// A changed variable; returned by [`set_var`] and [`remove_var`].
#[derive(Debug)]
#[must_use = "dropping it restores the variable at once"]
pub struct Var {
    name: OsString,
    before: Option<OsString>,
}

impl Var {
    fn new(name: OsString, value: Option<&OsStr>) -> Self {
        let before = env::var_os(&name);
        write(&name, value);
        Var { name, before }
    }
}

fn write(name: &OsStr, value: Option<&OsStr>) {
    // SAFETY: the caller of `set_var` or `remove_var` has guaranteed it until the end.
    #[expect(unsafe_code, reason = "the environment has no lock")]
    unsafe {
        match value {
            Some(value) => env::set_var(name, value),
            None => env::remove_var(name),
        }
    }
}

impl Drop for Var {
    fn drop(&mut self) {
        write(&self.name, self.before.as_deref());
    }
}

#[diagnostic::do_not_recommend]
impl<E> Exit<E> for Var {
    fn exit(self, _: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        Ok(Verdict::Pass)
    }
}
