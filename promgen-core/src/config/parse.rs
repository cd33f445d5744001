//! The text of a `promgen.yml` to settings.

use super::node::Node;
use super::reader::{Reader, Table};
use super::settings::Settings;
use super::{django, keys, sections};
use crate::model::Problem;
use crate::plugin::Registry;

/// What the text of a settings file says.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The settings; what the text does not mention has its default.
    pub settings: Settings,
    /// What is worth saying about the text. At most one of them is about unknown keys.
    pub warnings: Vec<Problem>,
}

/// Reads the text of a `promgen.yml`, as the original wrote it and with the keys that are ours.
///
/// A key at the top that has a dot, or that names a driver of this program, is the section of a
/// plugin and kept as it is.
///
/// # Errors
/// Every problem of the text at once, warnings included, sorted by place: YAML that cannot be
/// read, values of a wrong type or out of range. None of them holds a value.
///
/// ```
/// let parsed = promgen_core::config::parse("alertmanager: {split: no}\nfarms: 3\n").unwrap();
/// assert!(!parsed.settings.alertmanager.split);
/// assert_eq!(parsed.warnings.len(), 1);
/// ```
pub fn parse(text: &str) -> Result<Parsed, Vec<Problem>> {
    let document = Node::parse(text).map_err(|problem| vec![problem])?;
    let (mut reader, mut settings) = (Reader::default(), Settings::default());
    let top = reader.top(&document);
    look_through(&mut reader, top, &mut settings);
    sections::read(&mut reader, top, &mut settings);
    django::read(&mut reader, top, &mut settings);
    let warnings = reader.finish()?;
    Ok(Parsed { settings, warnings })
}

/// Sorts the keys at the top: sections that are read, sections of plugins, and the rest.
fn look_through(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    // A registry with two drivers of one key is reported when the program opens it.
    let registry = Registry::linked().unwrap_or_default();
    for entry in top.entries() {
        let key = entry.key.as_str();
        if key.contains('.') || registry.knows_section(key) {
            settings
                .plugins
                .insert(entry.key.clone(), entry.node.to_section());
        } else if let Some(problem) = sections::moved(key, entry.place) {
            reader.note(problem);
        } else if !keys::TOP.contains(&key) {
            reader.unknown(top, entry, keys::TOP);
        }
    }
}

#[cfg(test)]
mod tests;
