//! The width of a terminal.

/// The number of columns that `COLUMNS` asks for, as in other programs also if the output is not a terminal.
pub(super) fn asked_width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns > 0)
}

#[cfg(unix)]
pub(super) use unix::width;

/// The number of columns of the terminal, or `None` if it is not one.
#[cfg(windows)]
pub(super) fn width(stream: &impl std::os::windows::io::AsHandle) -> Option<usize> {
    terminal_size::terminal_size_of(stream).map(|(width, _)| usize::from(width.0))
}

/// Unknown on this platform.
#[cfg(not(any(unix, windows)))]
pub(super) fn width<T>(_: &T) -> Option<usize> {
    None
}

/// By hand: the crate `terminal_size` would bring three others.
#[cfg(unix)]
#[allow(unsafe_code, reason = "terminals are queried through the C library")]
mod unix {
    use std::mem::MaybeUninit;
    use std::os::fd::{AsFd, AsRawFd};

    /// The number of columns of the terminal, or `None` if it is not one.
    pub(in super::super) fn width(stream: &impl AsFd) -> Option<usize> {
        let mut size = MaybeUninit::<libc::winsize>::uninit();
        // SAFETY: the descriptor is borrowed, so it is open; this request writes one `winsize` and nothing else.
        let answer = unsafe { libc::ioctl(stream.as_fd().as_raw_fd(), libc::TIOCGWINSZ, size.as_mut_ptr()) };
        // SAFETY: zero means that it has been written.
        let columns = (answer == 0).then(|| unsafe { size.assume_init() }.ws_col)?;
        (columns > 0).then_some(usize::from(columns))
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::os::fd::{FromRawFd, OwnedFd};
        use std::ptr::null_mut;

        #[test]
        fn a_terminal_says_how_wide_it_is_and_a_pipe_does_not() {
            let size = libc::winsize { ws_row: 24, ws_col: 77, ws_xpixel: 0, ws_ypixel: 0 };
            let (mut master, mut slave) = (-1, -1);
            // SAFETY: both descriptors are written if it returns zero; the null pointers mean "no name, no settings".
            let (master, slave) = unsafe {
                assert_eq!(
                    libc::openpty(
                        &raw mut master,
                        &raw mut slave,
                        null_mut(),
                        null_mut(),
                        (&raw const size).cast_mut()
                    ),
                    0
                );
                (OwnedFd::from_raw_fd(master), OwnedFd::from_raw_fd(slave))
            };
            assert_eq!(width(&slave), Some(77));
            drop(master);
            let (reader, _writer) = std::io::pipe().unwrap();
            assert_eq!(width(&reader), None);
        }
    }
}
