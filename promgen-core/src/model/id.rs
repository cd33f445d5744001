//! Identities as newtypes, so that two of them cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($int:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub $int);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// Identity of a [`Shard`](super::Shard).
    ShardId(i32);
    /// Identity of a Prometheus [`Server`](super::Server).
    ServerId(i32);
    /// Identity of a [`Service`](super::Service).
    ServiceId(i32);
    /// Identity of a [`Project`](super::Project).
    ProjectId(i32);
    /// Identity of a [`Farm`](super::Farm).
    FarmId(i32);
    /// Identity of a [`Host`](super::Host).
    HostId(i32);
    /// Identity of an [`Exporter`](super::Exporter).
    ExporterId(i32);
    /// Identity of an exporter [`Preset`](super::Preset).
    PresetId(i32);
    /// Identity of a [`Probe`](super::Probe).
    ProbeId(i32);
    /// Identity of a [`Url`](super::Url).
    UrlId(i32);
    /// Identity of a [`Rule`](super::Rule).
    RuleId(i32);
    /// Identity of a [`Sender`](super::Sender).
    SenderId(i32);
    /// Identity of a [`Filter`](super::Filter).
    FilterId(i32);
    /// Identity of a [`User`](super::User).
    UserId(i32);
    /// Identity of an access [`Token`](super::Token).
    TokenId(i32);
    /// Identity of a [`Group`](super::Group) of users.
    GroupId(i32);
    /// Identity of a [`Grant`](super::Grant).
    GrantId(i32);
    /// Identity of a [`LinkedIdentity`](super::LinkedIdentity).
    IdentityId(i32);
    /// Identity of a [`OneTimeLink`](super::OneTimeLink).
    LinkId(i64);
    /// Identity of a [`Session`](super::Session); 64 bits, for logins grow without end.
    SessionId(i64);
    /// Identity of an [`Alert`](super::Alert); 64 bits, for alerts grow without end.
    AlertId(i64);
    /// Identity of a [`Delivery`](super::Delivery), stable over its retries.
    DeliveryId(i64);
    /// Identity of an [`Attempt`](super::Attempt).
    AttemptId(i64);
    /// Identity of an [`AuditEntry`](super::AuditEntry).
    AuditId(i64);
}
