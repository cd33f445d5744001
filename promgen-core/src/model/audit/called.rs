//! What an object is called in the text of its entry. Some have no name of their own.

use std::fmt;

use super::AuditKind;

/// What an object is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<'a> {
    /// By its name.
    Plain(&'a str),
    /// By what it is of: a token of a user, a silence of matchers.
    Of {
        /// What tells it from others.
        name: &'a str,
        /// What it is of.
        owner: &'a str,
    },
    /// By what a sender belongs to.
    Below {
        /// Its driver, and its alias.
        name: &'a str,
        /// The kind of what it belongs to.
        kind: AuditKind,
        /// The name of that.
        owner: &'a str,
    },
    /// A role by who has it and where.
    Role {
        /// Such as `service_viewer`.
        role: &'a str,
        /// Who has it.
        holder: &'a str,
        /// The kind of what it is on.
        kind: AuditKind,
        /// The name of that.
        on: &'a str,
    },
    /// A delivery that was sent again.
    Again(&'a str),
}

const AGAIN: &str = " (sent again)";

impl<'a> Called<'a> {
    /// Reads what an object of a kind is called, below one of another kind.
    pub(super) fn read(text: &'a str, kind: AuditKind, above: Option<AuditKind>) -> Self {
        let found = match (kind, above) {
            (AuditKind::Sender, Some(above)) => Self::read_below(text, above),
            (AuditKind::Role, Some(above)) => Self::read_role(text, above),
            (AuditKind::Token | AuditKind::Identity | AuditKind::Silence, _) => text
                .split_once(" of ")
                .map(|(name, owner)| Self::Of { name, owner }),
            (AuditKind::Delivery, _) => text.strip_suffix(AGAIN).map(Self::Again),
            _ => None,
        };
        found.unwrap_or(Self::Plain(text))
    }

    fn read_below(text: &'a str, kind: AuditKind) -> Option<Self> {
        let (name, owner) = text.split_once(&format!(" of {} ", kind.as_str()))?;
        Some(Self::Below { name, kind, owner })
    }

    fn read_role(text: &'a str, kind: AuditKind) -> Option<Self> {
        let (role, rest) = text.split_once(" of ")?;
        let (holder, on) = rest.split_once(&format!(" {} ", preposition(kind)))?;
        Some(Self::Role {
            role,
            holder,
            kind,
            on,
        })
    }
}

/// One has a role in a group, and on anything else.
fn preposition(kind: AuditKind) -> &'static str {
    match kind {
        AuditKind::Group => "in",
        _ => "on",
    }
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => f.write_str(name),
            Self::Of { name, owner } => write!(f, "{name} of {owner}"),
            Self::Below { name, kind, owner } => write!(f, "{name} of {} {owner}", kind.as_str()),
            Self::Role {
                role,
                holder,
                kind,
                on,
            } => write!(f, "{role} of {holder} {} {on}", preposition(*kind)),
            Self::Again(name) => write!(f, "{name}{AGAIN}"),
        }
    }
}
