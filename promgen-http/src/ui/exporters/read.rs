//! What is typed about an exporter or a preset.

use promgen_core::app::{AppError, Unread};
use promgen_core::model::{Preset, Scheme};

use crate::extract::Form;
use crate::ui::parts::{Choice, Field};
use crate::ui::text::Texts;

/// Longest job and path; see `model::Exporter`.
const LONGEST: u32 = 128;

/// A port as somebody typed it.
pub(super) fn port(form: &Form) -> Result<u16, AppError> {
    crate::ui::shards::port(form.text("port"))
}

/// A scheme as somebody chose it.
pub(super) fn scheme(form: &Form) -> Result<Scheme, AppError> {
    match form.text("scheme") {
        "" => Ok(Scheme::default()),
        given => given
            .parse()
            .map_err(|message| AppError::invalid("scheme", message, "choose one of them")),
    }
}

/// Port and scheme; of what could not be read something that stands in for it.
pub(super) fn place(form: &Form, unread: &mut Unread) -> Result<(u16, Scheme), AppError> {
    let port = unread.or(port(form), 1)?;
    Ok((port, unread.or(scheme(form), Scheme::default())?))
}

/// The fields of an exporter or a preset, filled in as sent, else with a preset.
pub(super) fn fields(t: &Texts, sent: &Form, preset: Option<&Preset>) -> Vec<Field> {
    let value = |name: &str, stored: Option<String>| {
        let sent = sent.given(name).map(str::to_owned);
        sent.or(stored).unwrap_or_default()
    };
    let job = value("job", preset.map(|one| one.job.clone()));
    let port = value("port", preset.map(|one| one.port.to_string()));
    let path = value("path", preset.map(|one| one.path.clone()));
    let chosen = value("scheme", preset.map(|one| one.scheme.to_string()));
    let scheme = |one: Scheme| {
        let word = one.as_str();
        let default = chosen.is_empty() && one == Scheme::default();
        Choice::new(word, word, chosen == word || default)
    };
    let schemes = vec![scheme(Scheme::Http), scheme(Scheme::Https)];
    vec![
        Field::text("job", t.say("exporters-job"))
            .value(job)
            .required()
            .longest(LONGEST)
            .help(t.say("exporters-job-help")),
        Field::line("number", "port", t.say("exporters-port"))
            .value(port)
            .required()
            .placeholder("9100"),
        Field::text("path", t.say("exporters-path"))
            .value(path)
            .longest(LONGEST)
            .placeholder("/metrics"),
        Field::select("scheme", t.say("exporters-scheme"), schemes),
    ]
}
