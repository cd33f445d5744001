//! What `docs/packaging` holds is what it says: units that start, settings that are read, a
//! container's recipe that fits the sources.

mod container;
mod samples;
mod systemd;

use std::path::{Path, PathBuf};

/// A file below `docs/packaging`.
fn path(name: &str) -> PathBuf {
    root().join("docs/packaging").join(name)
}

/// The text of a file below `docs/packaging`.
fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The same text with the folders of an installed system replaced by those of a test.
fn moved_to(text: &str, folder: &Path) -> String {
    let place = |name: &str| folder.join(name).display().to_string();
    text.replace("/etc/promgen", &place("etc"))
        .replace("/var/lib/promgen", &place("state"))
        .replace("/etc/prometheus/promgen", &place("outputs"))
        .replace("/srv/promgen", &place("outputs"))
}

/// The folders that [`moved_to`] names.
fn folders(folder: &Path) {
    for name in ["etc", "state", "outputs"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
}
