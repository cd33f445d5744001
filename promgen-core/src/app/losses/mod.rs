//! What goes away with an object, or is otherwise without it: told before it is deleted.
//!
//! Of every kind the number is told, and the first are named. Each of these functions asks whoever
//! calls for the right to delete, and takes a number of statements that does not depend on how much
//! there is. Only which subscriptions end is found by doing it, in a transaction that is undone.

mod people;
mod site;
mod tree;

pub(super) use people::of_login;
pub use people::{of_account, of_group, of_identity, of_membership, of_role};
pub use site::{of_probe, of_rule, of_shard};
pub use tree::{of_farm, of_host, of_project, of_service, of_unlinking};

use super::roles::{Assignment, Resource};
use super::senders::SenderView;
use super::{Listed, Slice};
use crate::model::{
    Exporter, Group, GroupRole, Host, Name, Project, Rule, Server, Service, Session, Token, Url,
    User,
};

/// Most things of one kind that are named.
pub const NAMED: u64 = 20;

/// Those that are named.
pub(super) const FIRST: Slice = Slice {
    offset: 0,
    limit: NAMED,
};

/// Things of one kind: how many there are, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// Services.
    Services(Listed<Service>),
    /// Projects.
    Projects(Listed<Project>),
    /// Exporters, with the names of their projects.
    Exporters(Listed<(Exporter, Name)>),
    /// URLs, with the names of their projects.
    Urls(Listed<(Url, Name)>),
    /// Rules.
    Rules(Listed<Rule>),
    /// Rules that stay, but override nothing any more.
    Overrides(Listed<Rule>),
    /// Senders of services and projects.
    Senders(Listed<SenderView>),
    /// Subscriptions of people who see the object no more.
    Subscriptions(Listed<SenderView>),
    /// Roles on what goes away.
    Roles(Listed<Assignment>),
    /// Hosts.
    Hosts(Listed<Host>),
    /// Projects that stay, without any host.
    Hostless(Listed<Project>),
    /// Projects that stay, with one host less.
    Scraped(Listed<Project>),
    /// Prometheus servers.
    Servers(Listed<Server>),
    /// Memberships of a group.
    Members(Listed<(User, GroupRole)>),
    /// Groups that somebody is in.
    Groups(Listed<(Group, GroupRole)>),
    /// Roles that a group or user has.
    Resources(Listed<Resource>),
    /// Roles on the projects of a service.
    RolesBelow(Listed<Resource>),
    /// Sessions of a user.
    Sessions(Listed<Session>),
    /// Tokens of a user.
    Tokens(Listed<Token>),
}

impl Loss {
    /// How many there are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Services(listed) => listed.count,
            Self::Groups(listed) => listed.count,
            Self::Projects(listed) | Self::Hostless(listed) | Self::Scraped(listed) => listed.count,
            Self::Exporters(listed) => listed.count,
            Self::Urls(listed) => listed.count,
            Self::Rules(listed) | Self::Overrides(listed) => listed.count,
            Self::Senders(listed) | Self::Subscriptions(listed) => listed.count,
            Self::Roles(listed) => listed.count,
            Self::Hosts(listed) => listed.count,
            Self::Servers(listed) => listed.count,
            Self::Members(listed) => listed.count,
            Self::Resources(listed) | Self::RolesBelow(listed) => listed.count,
            Self::Sessions(listed) => listed.count,
            Self::Tokens(listed) => listed.count,
        }
    }
}

/// What comes of a delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is done, and these are lost.
    Goes(Vec<Loss>),
    /// It is refused, where there are any because of these.
    Stays(Vec<Loss>),
}

/// Those kinds of which there are any.
pub(super) fn some(losses: impl IntoIterator<Item = Loss>) -> Vec<Loss> {
    let some = losses.into_iter().filter(|loss| loss.count() > 0);
    some.collect()
}

/// The first of things that are in memory.
pub fn first<T>(all: Vec<T>) -> Listed<T> {
    Listed::cut(all, FIRST)
}
