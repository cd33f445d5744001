//! The table: every act, the scope that a token needs for it, and what else it takes.

use crate::app::Right;
use crate::model::{GroupRole, Role, Scope};

/// What an act takes, besides a token's scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: everybody may, known or not.
    Nothing,
    /// A right that is about the whole installation.
    Right(Right),
    /// A role on the object, or on the service above it.
    Role(Role),
    /// To be the owner of the object, or of the service above it. To be an admin is not enough.
    Owner,
    /// A role in the group.
    GroupRole(GroupRole),
    /// To be the user whose thing it is.
    Self_,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $scope:ident, $need:expr;)*) => {
        /// What somebody may want to do. One for each kind of use case; routes bear them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Act {$(
            $(#[$doc])*
            $act,
        )*}

        impl Act {
            /// Every act.
            pub const ALL: &'static [Self] = &[$(Self::$act),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {$(
                    Self::$act => stringify!($act),
                )*}
            }

            /// The scope that a token needs for it.
            pub fn scope(self) -> Scope {
                match self {$(
                    Self::$act => Scope::$scope,
                )*}
            }

            /// What else it takes.
            pub fn need(self) -> Need {
                match self {$(
                    Self::$act => $need,
                )*}
            }
        }
    };
}

const VIEW: Need = Need::Role(Role::Viewer);
const EDIT: Need = Need::Role(Role::Editor);
const MANAGE: Need = Need::Role(Role::Admin);
const LOOK: Need = Need::Right(Right::Look);
const TAKE_PART: Need = Need::Right(Right::TakePart);
const ADMINISTER: Need = Need::Right(Right::Administer);

acts! {
    /// See that the program answers.
    Ping: Read, Need::Nothing;
    /// Come in, and leave again.
    LogIn: Read, Need::Nothing;
    /// Read targets, rules and URLs of the site, a service or a project.
    ReadExports: Read, Need::Right(Right::ReadExports);
    /// Hand in alerts.
    PostAlerts: Alerts, Need::Right(Right::PostAlerts);
    /// Query metrics over the shards.
    Query: Read, Need::Right(Right::Query);
    /// Read the metrics of Promgen itself.
    ReadMetrics: Read, Need::Right(Right::ReadMetrics);

    /// See what everybody may see who is logged in: the site, its rules, shards, servers, probes,
    /// sources of farms, drivers, the names of users.
    SeeSite: Read, LOOK;
    /// See one's own account, tokens, sessions and subscriptions, and change them.
    SeeSelf: Read, LOOK;
    /// Change one's own account, tokens, sessions and senders.
    ChangeSelf: Write, TAKE_PART;
    /// List objects: those that one may see.
    List: Read, LOOK;
    /// See everything: the tree as a document, all alerts, how servers stand.
    SeeAll: Read, Need::Right(Right::Read);
    /// Change the whole: tree documents, imports, shards, servers, probes, rules of the site.
    ChangeSite: Write, Need::Right(Right::Change);
    /// Make and merge users, see secrets.
    Administer: Write, ADMINISTER;

    /// See a service, project, farm, exporter, URL, rule or sender.
    See: Read, VIEW;
    /// Change one, or what is below it.
    Edit: Write, EDIT;
    /// Give and take roles on a service or project.
    Manage: Write, MANAGE;
    /// Delete a service or project, or give it to another owner.
    Own: Write, Need::Owner;
    /// Make a service or a group; whoever does becomes its owner or admin.
    Found: Write, TAKE_PART;
    /// Subscribe oneself to what one sees, and end that.
    Subscribe: Write, VIEW;
    /// Change or delete a sender of one's own.
    ChangeOwnSender: Write, Need::Self_;

    /// See the alerts and silences of Alertmanager that touch what one may see.
    ListSilences: Read, LOOK;
    /// Make, change or end a silence. What it touches is found out from its matchers, and the role
    /// editor is needed on all of that.
    Silence: Write, TAKE_PART;

    /// See a group and its members.
    SeeGroup: Read, Need::GroupRole(GroupRole::Member);
    /// Rename or delete a group, and decide who is in it.
    ManageGroup: Write, Need::GroupRole(GroupRole::Admin);
}
