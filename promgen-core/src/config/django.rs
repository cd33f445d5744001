//! The keys under `django:` that mean something here.

use std::path::PathBuf;

use super::node::{Entry, Value};
use super::reader::{Reader, Table};
use super::sections::expect_texts;
use super::settings::{MailTls, Settings};
use super::{keys, login_section};
use crate::model::{Problem, Secret};

/// Reads the section into the settings. Comes after [`super::sections`], whose `timezone` wins.
pub(super) fn read(reader: &mut Reader, top: Table<'_>, settings: &mut Settings) {
    let table = reader.open_section(top, "django");
    for entry in table.entries() {
        look_at(reader, table, entry);
    }
    settings.debug = reader.flag(table, "DEBUG").unwrap_or_default();
    mail(reader, table, settings);
    login_section::from_django(reader, table, settings);
    let zone = reader.zone(table, "TIME_ZONE");
    settings.timezone = settings.timezone.take().or(zone);
}

fn look_at(reader: &mut Reader, table: Table<'_>, entry: &Entry) {
    let (key, field) = (entry.key.as_str(), table.field(&entry.key));
    match key {
        "ALLOWED_HOSTS" if entry.node.value != Value::Null => {
            expect_texts(reader, &field, &entry.node);
        }
        _ if key.starts_with("CELERY_") => reader.note(
            Problem::warning(
                field,
                "has no effect, because tasks are kept in the database and need no broker",
                "remove it",
            )
            .at(entry.place),
        ),
        _ if key.starts_with("SOCIAL_AUTH_") || keys::DJANGO.contains(&key) => {}
        _ => reader.unknown(table, entry, keys::DJANGO),
    }
}

fn mail(reader: &mut Reader, table: Table<'_>, settings: &mut Settings) {
    let mail = &mut settings.mail;
    if let Some(host) = reader.text(table, "EMAIL_HOST", "name the mail server") {
        mail.host = host;
    }
    if let Some(port) = reader.number(table, "EMAIL_PORT", 1..=u64::from(u16::MAX)) {
        mail.port = port;
    }
    if let Some(user) = reader.text(table, "EMAIL_HOST_USER", "give the login name") {
        mail.user = user;
    }
    let password = reader.text(table, "EMAIL_HOST_PASSWORD", "give the password");
    mail.password = password.filter(|text| !text.is_empty()).map(Secret::new);
    let ca_file = reader.text(table, "EMAIL_CA_FILE", "give the path of a PEM file");
    mail.ca_file = ca_file.map(PathBuf::from);
    mail.default_from = reader.text(table, "DEFAULT_FROM_EMAIL", "give an e-mail address");
    mail.tls = tls(reader, table);
}

fn tls(reader: &mut Reader, table: Table<'_>) -> MailTls {
    let start = reader.flag(table, "EMAIL_USE_TLS").unwrap_or_default();
    let implicit = reader.flag(table, "EMAIL_USE_SSL").unwrap_or_default();
    match (start, implicit) {
        (false, false) => MailTls::None,
        (true, false) => MailTls::StartTls,
        (false, true) => MailTls::Implicit,
        (true, true) => {
            let problem = Problem::error(
                table.field("EMAIL_USE_SSL"),
                "is on together with EMAIL_USE_TLS, and only one of them can be",
                "keep EMAIL_USE_TLS for STARTTLS (mostly port 587), or EMAIL_USE_SSL for TLS from \
                 the first byte (mostly port 465)",
            );
            let node = table.find("EMAIL_USE_SSL");
            reader.note(match node {
                Some(node) => problem.at(node.place),
                None => problem,
            });
            MailTls::None
        }
    }
}
