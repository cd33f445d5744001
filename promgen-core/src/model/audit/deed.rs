//! What happened to an object, as the text of its entry begins.

use std::fmt;

use crate::model::TaskKind;

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was removed.
    Deleted,
    /// It got members.
    Added(Members),
    /// It lost members.
    Removed(Members),
    /// Something was asked of it, and it stayed as it was.
    Asked(TaskKind),
}

/// What an object has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// The hosts of a farm: so many.
    Hosts(usize),
    /// The users of a group.
    Users,
    /// The sessions of a user.
    Sessions,
}

impl Deed {
    /// Those that are always written alike.
    const PLAIN: [Self; 11] = [
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Added(Members::Users),
        Self::Added(Members::Sessions),
        Self::Removed(Members::Users),
        Self::Removed(Members::Sessions),
        Self::Asked(TaskKind::Compare),
        Self::Asked(TaskKind::Deploy),
        Self::Asked(TaskKind::Reload),
        Self::Asked(TaskKind::CleanTombstones),
    ];

    /// The deed with which a text begins, and what comes after it.
    pub(super) fn read(text: &str) -> Option<(Self, &str)> {
        let after = |deed: Self| {
            let rest = text.strip_prefix(&deed.to_string())?.strip_prefix(' ')?;
            Some((deed, rest))
        };
        Self::PLAIN
            .into_iter()
            .chain(Self::of_hosts(text))
            .find_map(after)
    }

    /// The deed that a text tells of as many hosts as it says.
    fn of_hosts(text: &str) -> Option<Self> {
        let (verb, rest) = text.split_once(' ')?;
        let hosts = Members::Hosts(rest.split(' ').next()?.parse().ok()?);
        match verb {
            "Added" => Some(Self::Added(hosts)),
            "Removed" => Some(Self::Removed(hosts)),
            _ => None,
        }
    }
}

/// As the text of an entry begins: in English, with the words that Promgen has.
impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("Created"),
            Self::Updated => f.write_str("Updated"),
            Self::Deleted => f.write_str("Deleted"),
            Self::Added(members) => write!(f, "Added {members} to"),
            Self::Removed(members) => write!(f, "Removed {members} from"),
            Self::Asked(TaskKind::Compare) => f.write_str("Asked for a comparison of"),
            Self::Asked(TaskKind::Deploy) => f.write_str("Asked for a deployment of"),
            Self::Asked(TaskKind::Reload) => f.write_str("Asked for a reload of"),
            Self::Asked(TaskKind::CleanTombstones) => f.write_str("Asked to clear tombstones of"),
        }
    }
}

impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hosts(1) => f.write_str("1 host"),
            Self::Hosts(count) => write!(f, "{count} hosts"),
            Self::Users => f.write_str("members"),
            Self::Sessions => f.write_str("sessions"),
        }
    }
}
