//! What kinds of objects are called.

use std::borrow::Cow;

use promgen_core::model::AuditKind;

use crate::ui::text::Texts;

/// What a kind of object is called.
pub(crate) fn kind(kind: AuditKind, t: &Texts) -> Cow<'static, str> {
    t.say(match kind {
        AuditKind::Site => "parts-kind-site",
        AuditKind::Shard => "parts-kind-shard",
        AuditKind::Server => "parts-kind-server",
        AuditKind::Service => "parts-kind-service",
        AuditKind::Project => "parts-kind-project",
        AuditKind::Farm => "parts-kind-farm",
        AuditKind::Host => "parts-kind-host",
        AuditKind::Exporter => "parts-kind-exporter",
        AuditKind::Preset => "parts-kind-preset",
        AuditKind::Probe => "parts-kind-probe",
        AuditKind::Url => "parts-kind-url",
        AuditKind::Rule => "parts-kind-rule",
        AuditKind::Sender => "parts-kind-sender",
        AuditKind::User => "parts-kind-user",
        AuditKind::Group => "parts-kind-group",
        AuditKind::Role => "parts-kind-role",
        AuditKind::Identity => "parts-kind-identity",
        AuditKind::Token => "parts-kind-token",
        AuditKind::Delivery => "parts-kind-delivery",
        AuditKind::Silence => "parts-kind-silence",
    })
}

/// The same by the kind's name on the wire; that itself where it is unknown.
pub(crate) fn kind_of(word: &str, t: &Texts) -> Cow<'static, str> {
    match AuditKind::from_word(word) {
        Some(known) => kind(known, t),
        None => word.to_owned().into(),
    }
}
