//! `atomic_file`, `set_current_dir`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use festoon::managers::{atomic_file, set_current_dir};
use festoon::{Manager, with};

use super::panic_of;

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("festoon-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path.canonicalize().unwrap())
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.0.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn save(path: &Path, content: &[u8], how: &str) -> io::Result<usize> {
    with!(file = atomic_file(path) => {
        file.write_all(content)?;
        match how {
            "error" => return Err(io::Error::other("body")),
            "panic" => panic!("body"),
            _ => {}
        }
    });
    Ok(content.len())
}

#[test]
fn the_target_is_the_new_content_after_success_and_the_old_one_otherwise() {
    let folder = Folder::new("atomic");
    let path = folder.0.join("file");
    assert!(save(&path, b"none", "error").is_err());
    assert_eq!(folder.names(), [""; 0]);
    save(&path, b"first", "").unwrap();
    assert!(save(&path, b"second", "error").is_err());
    assert_eq!(panic_of(|| save(&path, b"third", "panic")).as_deref(), Some("body"));
    assert_eq!((fs::read(&path).unwrap(), folder.names()), (b"first".to_vec(), vec!["file".to_owned()]));
    save(&path, b"fourth", "").unwrap();
    assert_eq!((fs::read(&path).unwrap(), folder.names()), (b"fourth".to_vec(), vec!["file".to_owned()]));
}

#[test]
fn nothing_is_left_where_it_cannot_be_entered_or_renamed() {
    let folder = Folder::new("refused");
    assert!(save(&folder.0.join("no folder/file"), b"", "").is_err());
    assert!(save(Path::new("/"), b"", "").is_err());
    fs::create_dir(folder.0.join("taken")).unwrap();
    assert!(save(&folder.0.join("taken"), b"", "").is_err(), "a folder is not replaced");
    assert_eq!(folder.names(), ["taken"]);
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_links_followed_or_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links");
    let (path, link) = (folder.0.join("file"), folder.0.join("link"));
    save(&path, b"first", "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file", &link).unwrap();
    save(&link, b"second", "").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let refused = atomic_file(&link).refuse_symlinks().scope(|_| io::Result::Ok(()));
    assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    assert_eq!(folder.names(), ["file", "link"]);
}

/// Where the child of the next test writes.
const TARGET: &str = "FESTOON_ATOMIC_TARGET";
const LENGTH: usize = 100_000;

/// Writes files of one digit until it is killed.
#[test]
fn child_of_the_next_test() {
    let Some(path) = std::env::var_os(TARGET) else { return };
    for digit in (b'0'..=b'9').cycle() {
        save(Path::new(&path), &vec![digit; LENGTH], "").unwrap();
    }
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_the_target_is_whole() {
    let folder = Folder::new("killed");
    let path = folder.0.join("file");
    for round in 0..200 {
        fs::write(&path, vec![b'x'; LENGTH]).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{}::child_of_the_next_test", module_path!().split_once("::").unwrap().1)])
            .env(TARGET, &path)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Not before it writes; then at another moment each time.
        while folder.names().len() < 2 && child.try_wait().unwrap().is_none() {}
        (0..round * 2).for_each(|_| drop(fs::metadata(&path)));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it ended by itself");
        let content = fs::read(&path).unwrap();
        assert!(content.len() == LENGTH && content.iter().all(|byte| *byte == content[0]), "torn in round {round}");
        for name in folder.names().iter().filter(|name| *name != "file") {
            fs::remove_file(folder.0.join(name)).unwrap();
        }
    }
}

/// Case C: `chdir` has an effect from entering on.
#[test]
fn the_directory_is_restored_after_success_and_errors() {
    // It belongs to the process: tests beside this one must not see it. The child runs alone.
    let Some(inside) = std::env::var_os("FESTOON_DIRECTORY").map(PathBuf::from) else {
        let folder = Folder::new("directory");
        let name = std::thread::current().name().unwrap().to_owned();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", &name, "--nocapture"]).env("FESTOON_DIRECTORY", &folder.0).stdout(Stdio::null());
        return assert!(child.status().unwrap().success());
    };
    let before = std::env::current_dir().unwrap();
    let here = || std::env::current_dir();
    let manager = set_current_dir(&inside);
    assert_eq!(here().unwrap(), before, "not before it is entered");
    assert_eq!(manager.clone().scope(|_| here()).unwrap(), inside);
    assert!(manager.scope(|_| Err::<(), _>(io::Error::other("body"))).is_err());
    assert!(set_current_dir(inside.join("no folder")).scope(|_| here()).is_err());
    assert_eq!(here().unwrap(), before);
}

/// Content that is longer than the disk has room for.
const TOO_LONG: usize = 1 << 20;

fn is_whole_when_there_is_no_room(folder: &Folder) {
    let path = folder.0.join("file");
    save(&path, b"old", "").unwrap();
    let error = save(&path, &vec![b'n'; TOO_LONG], "").unwrap_err();
    assert!(matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge), "{error:?}");
    assert_eq!((fs::read(&path).unwrap(), folder.names()), (b"old".to_vec(), vec!["file".to_owned()]));
    save(&path, b"new", "").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

/// A limit of the process stands for the full disk, where nothing can be mounted.
#[cfg(unix)]
#[test]
#[allow(unsafe_code, reason = "there is no other way to a limit")]
fn a_file_that_may_not_grow_leaves_the_old_content() {
    let Some(inside) = std::env::var_os("FESTOON_NO_ROOM").map(PathBuf::from) else {
        let folder = Folder::new("limit");
        let name = std::thread::current().name().unwrap().to_owned();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", &name]).env("FESTOON_NO_ROOM", &folder.0).stdout(Stdio::null());
        return assert!(child.status().unwrap().success());
    };
    // The folder is the parent's to remove.
    let folder = std::mem::ManuallyDrop::new(Folder(inside));
    let limit = libc::rlimit { rlim_cur: 65_536, rlim_max: 65_536 };
    // SAFETY: both change numbers of this process, which does nothing else.
    unsafe {
        assert_ne!(libc::signal(libc::SIGXFSZ, libc::SIG_IGN), libc::SIG_ERR);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    is_whole_when_there_is_no_room(&folder);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_content() {
    let folder = Folder::new("full");
    let disk = folder.0.join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=65536", "none"]).arg(&disk).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        return eprintln!("skipped: it takes the right to mount");
    }
    let ended = std::panic::catch_unwind(|| {
        is_whole_when_there_is_no_room(&std::mem::ManuallyDrop::new(Folder(disk.clone())));
    });
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    ended.unwrap();
}
