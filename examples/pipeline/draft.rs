//! A file that appears completely or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use festoon::{Guard, OutcomeKind};

/// Written next to the target. [`commit`](Draft::commit) renames it; if the scope ends in any other way (an error, a
/// panic, a forgotten commit), it is removed.
#[derive(Guard)]
#[guard(exit = Self::settle)]
pub(crate) struct Draft {
    pub(crate) file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// Creates a temporary file next to the target.
    pub(crate) fn create(target: &Path) -> io::Result<Self> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.draft", std::process::id()));
        let temporary = target.with_file_name(name);
        let file = File::create(&temporary)?;
        Ok(Draft { file, temporary, target: target.to_owned() })
    }

    /// Moves it to the target's path.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.target)?;
        self.finish(OutcomeKind::Success);
        Ok(())
    }

    fn settle(&mut self, how: OutcomeKind) {
        if how != OutcomeKind::Success
            && let Err(error) = fs::remove_file(&self.temporary)
        {
            eprintln!("pipeline: {} stays behind: {error}", self.temporary.display());
        }
    }
}
