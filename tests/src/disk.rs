//! A disk that is soon full.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::afterwards::Afterwards;

/// A small file system in memory, mounted in a temporary folder until this is dropped.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
    _afterwards: Afterwards,
}

impl SmallDisk {
    /// Mounts one of this many MiB; `None` where that is not allowed.
    ///
    /// # Panics
    /// In CI, where it is not allowed.
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    #[expect(clippy::expect_used, reason = "a folder can be made")]
    pub fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let unmount = ["umount", "--lazy"].map(str::to_owned);
        let unmount = [&unmount[..], &[folder.display().to_string()]].concat();
        let disk = Self {
            _afterwards: Afterwards::run(&unmount, &folder),
            folder,
        };
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"])
            .arg(&disk.folder)
            .output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(disk);
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "a file system cannot be mounted here; run the tests as root"
        );
        eprintln!("skipped: mounting a file system is not allowed here");
        None
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file until nothing more fits.
    ///
    /// # Panics
    /// When the file cannot be made.
    #[expect(clippy::expect_used, reason = "the folder is there")]
    pub fn fill(&self) {
        let mut ballast = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("ballast"))
            .expect("the ballast");
        for size in [4096, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Gives back what [`fill`](Self::fill) took.
    ///
    /// # Panics
    /// When nothing was filled.
    #[expect(clippy::expect_used, reason = "the ballast was written before")]
    pub fn free(&self) {
        std::fs::remove_file(self.folder.join("ballast")).expect("the ballast");
    }
}
