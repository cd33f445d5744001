//! Where the settings file is.

use std::io;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::load::Sources;
use crate::model::Problem;

/// The names that the file may have in a folder, in the order of preference.
const NAMES: [&str; 2] = ["promgen.yml", "settings.yml"];

/// The folder of settings that belong to the machine.
const SYSTEM_FOLDER: &str = "/etc/promgen";

/// A settings file as it was found.
pub(super) struct Found {
    /// Where.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) text: String,
}

/// Looks for the settings file: `--config`, `PROMGEN_CONFIG`, `PROMGEN_CONFIG_DIR`, the working
/// folder, `~/.config/promgen`, `/etc/promgen`. A file that is named outright must exist; a name
/// may also be that of a folder.
pub(super) fn find(sources: &Sources, environment: &Environment) -> Result<Option<Found>, Problem> {
    if let Some(path) = &sources.config {
        return named(&sources.working_dir.join(path), "--config").map(Some);
    }
    if let Some(path) = environment.find("PROMGEN_CONFIG") {
        return named(&sources.working_dir.join(path), "PROMGEN_CONFIG").map(Some);
    }
    for folder in folders(sources, environment) {
        if let Some(found) = in_folder(&folder)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

impl Sources {
    /// Where a settings file belongs that is yet to be made: where `--config`, `PROMGEN_CONFIG` or
    /// `PROMGEN_CONFIG_DIR` say, else in the user's own folder; `None` without a home.
    pub fn new_file(&self) -> Option<PathBuf> {
        let set = |name: &str| self.env.get(name).filter(|value| !value.is_empty());
        let named = self.config.clone();
        if let Some(path) = named.or_else(|| set("PROMGEN_CONFIG").map(PathBuf::from)) {
            let path = self.working_dir.join(path);
            let is_file = path.extension().is_some() || path.is_file();
            return Some(if is_file { path } else { path.join(NAMES[0]) });
        }
        let folder = set("PROMGEN_CONFIG_DIR").map(|folder| self.working_dir.join(folder));
        Some(folder.or_else(|| self.user_folder())?.join(NAMES[0]))
    }
}

/// The folders in which a settings file is looked for, in order.
fn folders(sources: &Sources, environment: &Environment) -> Vec<PathBuf> {
    let named = environment.config_folder(&sources.working_dir);
    let mut folders: Vec<PathBuf> = named.into_iter().collect();
    folders.push(sources.working_dir.clone());
    folders.extend(sources.user_folder());
    folders.push(PathBuf::from(SYSTEM_FOLDER));
    folders
}

fn named(path: &Path, by: &str) -> Result<Found, Problem> {
    let absent = || {
        let message = format!("names {}, which is not there", path.display());
        Problem::error(by, message, "create the file, or name one that exists")
    };
    if path.is_dir() {
        return in_folder(path)?.ok_or_else(absent);
    }
    read(path)?.ok_or_else(absent)
}

fn in_folder(folder: &Path) -> Result<Option<Found>, Problem> {
    for name in NAMES {
        if let Some(found) = read(&folder.join(name))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn read(path: &Path) -> Result<Option<Found>, Problem> {
    let path = path.to_path_buf();
    Ok(read_text(&path)?.map(|text| Found { path, text }))
}

/// The text of a file, `None` when there is no such file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_absent(error.kind()) => Ok(None),
        Err(error) => {
            let message = format!("cannot be read: {error}");
            let remedy = "make it a text file in UTF-8 that this user may read";
            Err(Problem::error(path.display().to_string(), message, remedy))
        }
    }
}

fn is_absent(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
