//! Output files: written whole or not at all.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tokio::task::JoinError;

use super::{AppError, random};

/// Writes a file so that a reader sees either the old bytes or the new ones: to a temporary file
/// in the same folder, with its mode set before anything is written, flushed to disk, then renamed.
///
/// Answers `false`, and touches nothing, when the file holds these bytes in this mode already.
///
/// # Errors
/// [`AppError::File`] when the folder is missing or cannot be written to.
pub async fn write_output(path: &Path, bytes: &[u8], mode: u32) -> Result<bool, AppError> {
    let kept = path.to_owned();
    let wanted = bytes.to_vec();
    let same = tokio::task::spawn_blocking(move || {
        has_mode(&kept, mode) && std::fs::read(kept).is_ok_and(|found| found == wanted)
    });
    if same.await.map_err(interrupted)? {
        return Ok(false);
    }
    rewrite_output(path, bytes, mode).await?;
    Ok(true)
}

/// As [`write_output`], whatever the file holds.
///
/// # Errors
/// As [`write_output`].
pub(super) async fn rewrite_output(path: &Path, bytes: &[u8], mode: u32) -> Result<(), AppError> {
    let path = path.to_owned();
    let bytes = bytes.to_vec();
    let suffix = hex::encode(random::bytes::<4>()?);
    let writing = tokio::task::spawn_blocking(move || {
        replace(&path, &bytes, mode, &suffix).map_err(|source| AppError::File { path, source })
    });
    writing.await.map_err(interrupted)?
}

#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn interrupted(error: JoinError) -> AppError {
    AppError::Internal {
        message: error.to_string(),
    }
}

fn replace(path: &Path, bytes: &[u8], mode: u32, suffix: &str) -> io::Result<()> {
    let temporary = beside(path, suffix)?;
    let written =
        write_new(&temporary, bytes, mode).and_then(|()| std::fs::rename(&temporary, path));
    if let Err(error) = written {
        // Best effort: the error that matters is the one at hand.
        std::fs::remove_file(&temporary).ok();
        return Err(error);
    }
    sync_folder(path)
}

/// A name that no `*.json` or `*.yml` glob of Prometheus picks up.
fn beside(path: &Path, suffix: &str) -> io::Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the path names no file",
        ));
    };
    Ok(path.with_file_name(format!(".{}.{suffix}.tmp", name.to_string_lossy())))
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path)?;
    set_mode(&file, mode)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn set_mode(file: &std::fs::File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(unix)]
fn has_mode(path: &Path, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o777 == mode)
}

#[cfg(not(unix))]
fn set_mode(_file: &std::fs::File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn has_mode(_path: &Path, _mode: u32) -> bool {
    true
}

/// Makes the rename itself durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn equal_bytes_are_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("targets.json");
        assert!(write_output(&path, b"[]", 0o600).await.unwrap());
        assert!(!write_output(&path, b"[]", 0o600).await.unwrap());
        assert!(write_output(&path, b"[1]", 0o644).await.unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"[1]");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "no temporary file stays behind");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_mode_is_the_one_asked_for() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("targets.json");
        for mode in [0o600, 0o644, 0o600] {
            assert!(write_output(&path, b"[]", mode).await.unwrap());
            let found = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "equal bytes are no reason to leave it");
        }
    }

    #[tokio::test]
    async fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent/targets.json");
        let error = write_output(&path, b"[]", 0o644).await.unwrap_err();
        assert!(matches!(error, AppError::File { path: named, .. } if named == path));
    }
}
