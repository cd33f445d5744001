//! The text of an entry, written and taken apart again, so that it can be told in other languages.

use std::fmt;

use super::{AuditEntry, AuditKind, Called, Deed};

/// What the text of an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told<'a> {
    /// What happened.
    pub deed: Deed,
    /// To what kind of object.
    pub kind: AuditKind,
    /// What that is called.
    pub name: Called<'a>,
}

impl<'a> Told<'a> {
    pub(super) fn read(entry: &'a AuditEntry) -> Option<Self> {
        let kind = AuditKind::from_word(&entry.kind)?;
        let (deed, rest) = Deed::read(&entry.body)?;
        let name = rest.strip_prefix(kind.title())?.strip_prefix(' ')?;
        let above = entry.above().map(|(kind, _)| kind);
        let name = Called::read(name, kind, above);
        Some(Self { deed, kind, name })
    }
}

/// The text: in English, with the words that Promgen has.
impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.deed, self.kind.title(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Members;
    use super::*;
    use crate::model::{AuditId, TaskKind, Timestamp};

    fn entry(body: &str, kind: AuditKind, above: Option<AuditKind>) -> AuditEntry {
        AuditEntry {
            id: AuditId(1),
            created: Timestamp(0),
            actor: String::new(),
            user: None,
            body: body.to_owned(),
            kind: kind.as_str().to_owned(),
            object: 1,
            parent: above.map(|kind| (kind.as_str().to_owned(), 1)),
            before: String::new(),
            after: String::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let deeds = [
            Deed::Created,
            Deed::Updated,
            Deed::Deleted,
            Deed::Added(Members::Hosts(1)),
            Deed::Removed(Members::Hosts(2000)),
            Deed::Added(Members::Users),
            Deed::Removed(Members::Sessions),
            Deed::Asked(TaskKind::Compare),
            Deed::Asked(TaskKind::Deploy),
            Deed::Asked(TaskKind::Reload),
            Deed::Asked(TaskKind::CleanTombstones),
        ];
        for deed in deeds {
            for kind in AuditKind::ALL {
                let name = Called::Plain("a of b (c) on 日本");
                let above = None;
                let told = Told { deed, kind, name };
                let entry = entry(&told.to_string(), kind, above);
                assert_eq!(
                    entry.told().map(|one| one.to_string()),
                    Some(entry.body.clone())
                );
                assert_eq!(entry.deed(), Some(deed));
            }
        }
    }

    #[test]
    fn objects_without_names_are_told_by_what_they_are_of() {
        let (service, group) = (AuditKind::Service, AuditKind::Group);
        for (text, kind, above, name) in [
            (
                "Created Sender webhook on-call of service shop of service",
                AuditKind::Sender,
                Some(service),
                Called::Below {
                    name: "webhook on-call",
                    kind: service,
                    owner: "shop of service",
                },
            ),
            (
                "Updated Role group_admin of otto in ops",
                AuditKind::Role,
                Some(group),
                Called::Role {
                    role: "group_admin",
                    holder: "otto",
                    kind: group,
                    on: "ops",
                },
            ),
            (
                "Deleted Role service_viewer of maria on shop",
                AuditKind::Role,
                Some(service),
                Called::Role {
                    role: "service_viewer",
                    holder: "maria",
                    kind: service,
                    on: "shop",
                },
            ),
            (
                "Created Token abc of maria",
                AuditKind::Token,
                Some(AuditKind::User),
                Called::Of {
                    name: "abc",
                    owner: "maria",
                },
            ),
            (
                "Updated Delivery 7 (sent again)",
                AuditKind::Delivery,
                None,
                Called::Again("7"),
            ),
        ] {
            let entry = entry(text, kind, above);
            let told = entry.told().unwrap();
            assert_eq!((told.name, told.to_string()), (name, text.to_owned()));
        }
    }

    #[test]
    fn what_nobody_wrote_so_is_not_taken_apart() {
        for (text, deed) in [
            ("", None),
            ("Merged User a", None),
            ("Created", None),
            ("Created Service", Some(Deed::Created)),
            ("Created Project a", Some(Deed::Created)),
            ("Added 02 hosts to Service a", None),
            ("Added many hosts to Service a", None),
        ] {
            let entry = entry(text, AuditKind::Service, None);
            assert_eq!((entry.told(), entry.deed()), (None, deed), "{text}");
        }
    }
}
