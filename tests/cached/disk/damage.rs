//! Files that are damaged, cut off or of another kind.

use super::*;

/// Damages a whole file, and lets another process work with it.
fn damaged(name: &str, damage: impl Fn(&mut Vec<u8>)) -> (String, PathBuf) {
    let at = Folder::new();
    let folder = at.make(name);
    let file = at.file();
    assert!(said(start("child", &file)).contains("FOUND 0 ERRORS 0"));
    let mut bytes = std::fs::read(&file).unwrap();
    damage(&mut bytes);
    std::fs::write(&file, bytes).unwrap();
    let said = said(start("child", &file));
    (said, folder)
}

#[test]
fn a_file_that_is_cut_off_is_moved_aside() {
    for (index, keep) in [0.0, 0.001, 0.3, 0.9].into_iter().enumerate() {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a small number"
        )]
        let cut = |bytes: &mut Vec<u8>| bytes.truncate((bytes.len() as f64 * keep) as usize);
        let (said, folder) = damaged(&format!("cut{index}"), cut);
        assert!(said.contains("ERRORS 0"), "{keep}: {said}");
        // An empty file is a new one.
        let aside = folder.join("deep/cache.redb.damaged").exists();
        assert_eq!((aside, said.contains("is damaged")), (keep > 0.0, keep > 0.0), "{keep}: {said}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// Whatever stands there, it stays: a text, a database of somebody else's, a folder, a file that is all zeros.
#[test]
fn a_file_of_another_kind_is_left_alone() {
    static AT: Folder = Folder::new();
    #[cached(store = disk(AT.file()), on_store_error = fail)]
    fn square(n: u64) -> Result<u64, StoreError> {
        Ok(n * n)
    }

    let folder = AT.make("kind");
    let file = AT.file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::create_dir(folder.join("deep/cache.redb.damaged")).unwrap();
    // One of `redb`'s, with a mark that is nearly ours; and text that is shorter than any mark.
    let others = [
        b"redb\x1a\n\xa9\r\n".repeat(1000),
        b"festoon cache, format 9\n".repeat(1000),
        b"mine".to_vec(),
        vec![0; 5000],
    ];
    for (index, other) in others.iter().enumerate() {
        std::fs::write(&file, other).unwrap();
        let said = said(start("child", &file));
        assert!(said.contains("FOUND 0 ERRORS") && !said.contains("ERRORS 0"), "{index}: {said}");
        assert!(said.contains("is not set up") && said.contains("left as it is"), "{index}: {said}");
        assert!(std::fs::read(&file).unwrap() == *other, "{index}: it has been changed");
    }
    let error = square(3).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Configuration);
    assert!(error.to_string().contains("cache.redb"), "{error}");
    // What is no file at all is not waited for.
    std::fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    let piped = said(start("child", &file));
    assert!(piped.contains("FOUND 0 ERRORS") && piped.contains("left as it is"), "{piped}");
    let names = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    assert_eq!((names(&folder.join("deep")), names(&folder.join("deep/cache.redb.damaged"))), (2, 0));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn damaged_files_are_kept_and_nothing_is_overwritten() {
    static AT: Folder = Folder::new();
    let folder = AT.make("copies");
    let file = AT.file();
    let deep = folder.join("deep");
    std::fs::create_dir_all(&deep).unwrap();
    // What is there already stays.
    std::fs::create_dir(deep.join("cache.redb.damaged")).unwrap();
    std::fs::write(deep.join("cache.redb.damaged.3"), "mine").unwrap();
    for copy in ["cache.redb.damaged.2", "cache.redb.damaged.4"] {
        assert!(said(start("child", &file)).contains("FOUND 0 ERRORS 0"));
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        assert!(said(start("child", &file)).contains("is damaged"));
        assert_eq!(std::fs::read(deep.join(copy)).unwrap().len(), bytes.len() / 2);
        std::fs::remove_file(&file).unwrap();
    }
    assert!(deep.join("cache.redb.damaged").is_dir());
    assert_eq!(std::fs::read_to_string(deep.join("cache.redb.damaged.3")).unwrap(), "mine");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn flipped_bits_give_no_wrong_value() {
    for index in 0..6 {
        let flip = |bytes: &mut Vec<u8>| {
            // Spread over what is in use; the child compares every value with what it has to be.
            let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
            for step in 0..20 {
                let at = (used * (step * 6 + index) / 120).max(64);
                bytes[at] ^= 1 << (step % 8);
            }
        };
        let (said, folder) = damaged(&format!("flip{index}"), flip);
        assert!(said.contains("ERRORS 0"), "{index}: {said}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
