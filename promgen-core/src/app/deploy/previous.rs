//! The previous output files: kept in the state folder, never beside a glob that Prometheus reads.

use std::io;
use std::path::{Path, PathBuf};

use super::MODE;
use crate::app::{App, AppError, write_output};

/// The files as they were before a deployment.
pub(super) struct Previous(Vec<Kept>);

struct Kept {
    path: PathBuf,
    bytes: Option<Vec<u8>>,
}

impl Previous {
    /// Reads the files, and keeps a copy of each in the state folder for people to look at.
    pub(super) async fn take<'a>(
        app: &App,
        paths: impl Iterator<Item = &'a Path>,
    ) -> Result<Self, AppError> {
        let state = app.settings().state_folder();
        let mut kept = Vec::new();
        for path in paths {
            let bytes = match tokio::fs::read(path).await {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(source) => {
                    return Err(AppError::File {
                        path: path.to_owned(),
                        source,
                    });
                }
            };
            if let Some(bytes) = &bytes {
                copy(&state, path, bytes).await?;
            }
            kept.push(Kept {
                path: path.to_owned(),
                bytes,
            });
        }
        Ok(Self(kept))
    }

    /// Puts the files back as they were; a file that was not there is removed.
    pub(super) async fn restore(self) -> Result<(), AppError> {
        for kept in self.0 {
            match kept.bytes {
                Some(bytes) => {
                    write_output(&kept.path, &bytes, MODE).await?;
                }
                None => match tokio::fs::remove_file(&kept.path).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(AppError::File {
                            path: kept.path,
                            source: error,
                        });
                    }
                    _ => {}
                },
            }
        }
        Ok(())
    }
}

async fn copy(state: &Path, path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let folder = state.join("previous");
    let made = tokio::fs::create_dir_all(&folder).await;
    made.map_err(|source| AppError::File {
        path: folder.clone(),
        source,
    })?;
    let Some(name) = path.file_name() else {
        return Ok(());
    };
    write_output(&folder.join(name), bytes, MODE).await?;
    Ok(())
}
