//! Writing an answer in the shape of Prometheus.

/// Writes texts that are JSON as a list.
pub(super) fn list(items: impl Iterator<Item = impl AsRef<str>>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        out.extend_from_slice(item.as_ref().as_bytes());
    }
    out.push(b']');
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    // A text always serialises.
    serde_json::to_string(text).unwrap_or_default()
}

/// Writes what comes behind the data: notes, where there are any, and the end.
pub(super) fn end(warnings: &[String], infos: &[String], out: &mut Vec<u8>) {
    for (name, notes) in [("warnings", warnings), ("infos", infos)] {
        if notes.is_empty() {
            continue;
        }
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        list(notes.iter().map(|note| quoted(note)), out);
    }
    out.push(b'}');
}
