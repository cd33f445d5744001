//! What an entry tells, in the language of whoever reads.

use promgen_core::model::{AuditEntry, Called, Deed, Members, TaskKind, Told};

use crate::ui::parts::{Badge, Tone, kind};
use crate::ui::text::Texts;

/// The text of an entry. What the program did not write itself is shown as it is stored.
pub(super) fn sentence(entry: &AuditEntry, t: &Texts) -> String {
    let Some(Told {
        deed,
        kind: of,
        name,
    }) = entry.told()
    else {
        return entry.body.clone();
    };
    let (name, of) = (called(name, t), kind(of, t).into_owned());
    let about = [("kind", of.into()), ("name", name.into())];
    let (key, members) = match deed {
        Deed::Created => ("audit-did-created", None),
        Deed::Updated => ("audit-did-updated", None),
        Deed::Deleted => ("audit-did-deleted", None),
        Deed::Added(members) => ("audit-did-added", Some(members)),
        Deed::Removed(members) => ("audit-did-removed", Some(members)),
        Deed::Asked(TaskKind::Compare) => ("audit-did-compare", None),
        Deed::Asked(TaskKind::Deploy) => ("audit-did-deploy", None),
        Deed::Asked(TaskKind::Reload) => ("audit-did-reload", None),
        Deed::Asked(TaskKind::CleanTombstones) => ("audit-did-tombstones", None),
    };
    let members = members.map(|members| ("members", several(members, t).into()));
    let args: Vec<_> = about.into_iter().chain(members).collect();
    t.with(key, &args)
}

fn several(members: Members, t: &Texts) -> String {
    match members {
        Members::Hosts(count) => {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            t.count("audit-members-hosts", count)
        }
        Members::Users => t.say("audit-members-users").into_owned(),
        Members::Sessions => t.say("audit-members-sessions").into_owned(),
    }
}

fn called(name: Called<'_>, t: &Texts) -> String {
    match name {
        Called::Plain(name) => name.to_owned(),
        Called::Of { name, owner } => {
            let args = [("name", name.into()), ("owner", owner.into())];
            t.with("audit-name-of", &args)
        }
        Called::Below { name, kind, owner } => {
            let above = kind.as_str().into();
            let args = [
                ("name", name.into()),
                ("above", above),
                ("owner", owner.into()),
            ];
            t.with("audit-name-below", &args)
        }
        Called::Role {
            role,
            holder,
            kind,
            on,
        } => {
            let above = kind.as_str().into();
            let (who, on) = (("holder", holder.into()), ("on", on.into()));
            t.with(
                "audit-name-role",
                &[("role", role.into()), who, ("above", above), on],
            )
        }
        Called::Again(name) => t.name("audit-name-again", name),
    }
}

/// What kind of change it was; of a text of somebody else its first word.
pub(super) fn action(entry: &AuditEntry, t: &Texts) -> Badge {
    let (tone, key) = match entry.deed() {
        Some(Deed::Created) => (Tone::Good, "audit-created"),
        Some(Deed::Updated) => (Tone::Note, "audit-updated"),
        Some(Deed::Deleted) => (Tone::Bad, "audit-deleted"),
        Some(Deed::Added(_)) => (Tone::Good, "audit-added"),
        Some(Deed::Removed(_)) => (Tone::Warn, "audit-removed"),
        Some(Deed::Asked(_)) => (Tone::Plain, "audit-asked"),
        None => {
            let word = entry.body.split(' ').next().unwrap_or_default();
            return Badge::new(Tone::Plain, word.to_owned());
        }
    };
    Badge::new(tone, t.say(key))
}

#[cfg(test)]
mod tests {
    use promgen_core::model::{AuditId, AuditKind, Timestamp};

    use super::*;
    use crate::ui::text::Lang;

    fn told(lang: Lang, body: &str, kind: AuditKind, above: Option<AuditKind>) -> String {
        let entry = AuditEntry {
            id: AuditId(1),
            created: Timestamp(0),
            actor: "system".to_owned(),
            user: None,
            body: body.to_owned(),
            kind: kind.as_str().to_owned(),
            object: 1,
            parent: above.map(|kind| (kind.as_str().to_owned(), 1)),
            before: String::new(),
            after: String::new(),
        };
        let t = Texts {
            lang,
            ..Texts::default()
        };
        sentence(&entry, &t)
    }

    #[test]
    fn what_happened_is_told_in_both_languages() {
        let (service, group) = (Some(AuditKind::Service), Some(AuditKind::Group));
        for (body, kind, above, japanese) in [
            (
                "Created Service shop",
                AuditKind::Service,
                None,
                "サービス shop を作成",
            ),
            (
                "Added 12 hosts to Farm web",
                AuditKind::Farm,
                None,
                "ファーム web にホスト 12 台を追加",
            ),
            (
                "Removed 1 host from Farm web",
                AuditKind::Farm,
                None,
                "ファーム web からホスト 1 台を除去",
            ),
            (
                "Removed sessions from User maria",
                AuditKind::User,
                None,
                "ユーザー maria からセッションを除去",
            ),
            (
                "Asked for a reload of Prometheus p1:9090",
                AuditKind::Server,
                None,
                "Prometheus p1:9090 の再読み込みを依頼",
            ),
            (
                "Created Sender promgen.notification.webhook on-call of service shop",
                AuditKind::Sender,
                service,
                "通知先 promgen.notification.webhook on-call (サービス shop) を作成",
            ),
            (
                "Updated Role group_admin of otto in ops",
                AuditKind::Role,
                group,
                "ロール group_admin (ops での otto) を更新",
            ),
            (
                "Updated Delivery 1234 (sent again)",
                AuditKind::Delivery,
                None,
                "配信 1234 (再送) を更新",
            ),
            (
                "Merged Service a",
                AuditKind::Service,
                None,
                "Merged Service a",
            ),
        ] {
            assert_eq!(told(Lang::En, body, kind, above), body);
            assert_eq!(told(Lang::Ja, body, kind, above), japanese);
        }
    }
}
