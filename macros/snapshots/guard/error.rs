#[derive(Guard)]
#[guard(exit = Self::close, error = io::Error, crate = my::festoon)]
#[repr(packed)]
struct File(PathBuf, u8);
