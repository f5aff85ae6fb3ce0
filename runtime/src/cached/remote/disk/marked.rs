//! A file that identifies itself: its first page is a mark, and the database follows it. A file without the mark
//! belongs to another program, and is not touched.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use redb::StorageBackend;
use redb::backends::FileBackend;

/// Each version of the tables has its own mark.
const MARK: &[u8] = b"festoon cache, format 1\n";

/// The size of the mark's page.
const PAGE: u64 = PAGE_LEN as u64;
const PAGE_LEN: usize = 4096;

/// Why a file cannot be used.
pub(super) enum Unusable {
    /// It belongs to another program.
    Foreign,
    /// It is ours, but truncated.
    CutOff,
    /// Another process is using it.
    Busy,
    Io(io::Error),
    Database(redb::DatabaseError),
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Unusable::Io(error)
    }
}

/// A database behind a mark.
#[derive(Debug)]
pub(super) struct Marked(FileBackend);

impl Marked {
    /// Opens a file, creating it if necessary. From then on this process owns it.
    pub(super) fn open(path: &Path) -> Result<Self, Unusable> {
        // Opening a pipe, for example, would block.
        if path.metadata().is_ok_and(|there| !there.is_file()) {
            return Err(Unusable::Foreign);
        }
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        #[expect(clippy::incompatible_msrv, reason = "the feature `disk` needs Rust 1.90")]
        let locked = file.try_lock();
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Unusable::Busy),
            // A file system without locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut page = Vec::new();
        (&mut file).take(PAGE).read_to_end(&mut page)?;
        // A power failure can leave a new file that contains only zeros.
        if page.iter().all(|byte| *byte == 0) && file.metadata()?.len() <= PAGE {
            mark(&mut file)?;
        } else if !page.starts_with(MARK) && !MARK.starts_with(&page) {
            return Err(Unusable::Foreign);
        } else if page.len() < PAGE_LEN {
            return Err(Unusable::CutOff);
        }
        FileBackend::new(file).map(Marked).map_err(Unusable::Database)
    }
}

fn mark(file: &mut File) -> io::Result<()> {
    let mut page = MARK.to_vec();
    page.resize(PAGE_LEN, 0);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&page)?;
    file.sync_all()
}

impl StorageBackend for Marked {
    fn len(&self) -> io::Result<u64> {
        self.0.len().map(|length| length.saturating_sub(PAGE))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset + PAGE, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len + PAGE)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset + PAGE, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }
}
