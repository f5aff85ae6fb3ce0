//! Environment variables, for tests.

use std::env;
use std::ffi::{OsStr, OsString};

use crate::{Exit, Outcome, Verdict};

/// Sets an environment variable now, and gives it back what it had at the end of the scope, or when this is dropped. Python's
/// `mock.patch.dict(os.environ, ..)`. For tests.
///
/// # Safety
///
/// As [`std::env::set_var`], until the end: it is safe on Windows, and in a program of one thread. Elsewhere no other thread
/// may write the environment, or read it but by `std::env`. C libraries read it where one would not expect it, as
/// `getaddrinfo` and `localtime` do. No lock could make sure of that, so whoever calls this has to.
///
/// # Panics
///
/// As [`std::env::set_var`], when the name is empty or has a `=` in it.
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
#[allow(unsafe_code)]
pub unsafe fn set_var(name: impl Into<OsString>, value: impl AsRef<OsStr>) -> Var {
    Var::new(name.into(), Some(value.as_ref()))
}

/// As [`set_var`], for a variable that is not to be there.
///
/// # Safety
///
/// As [`set_var`].
///
/// # Panics
///
/// As [`set_var`].
#[allow(unsafe_code)]
pub unsafe fn remove_var(name: impl Into<OsString>) -> Var {
    Var::new(name.into(), None)
}

/// A variable that has been changed; made by [`set_var`] and [`remove_var`].
#[derive(Debug)]
#[must_use = "dropped, it gives the variable back what it had"]
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
    // SAFETY: whoever called `set_var` or `remove_var` has promised it until the end.
    #[allow(unsafe_code)]
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
