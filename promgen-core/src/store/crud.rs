//! Insert, update and delete of every kind of object, in one table.
//!
//! What is special about a kind stands in its own file. Deleting follows spec 01 §8: what hangs on
//! the object by a reference goes with it by the database's own cascades, and what hangs on it by
//! owner type and id (rules and senders) by [`owned`](super::rule).

use super::rows;
use super::{StoreError, Tx};
use crate::model::{
    Exporter, ExporterId, Farm, FarmId, Group, GroupId, Host, HostId, Preset, PresetId, Probe,
    ProbeId, Project, ProjectId, Rule, RuleId, Server, ServerId, Service, ServiceId, Shard,
    ShardId, Url, UrlId, User, UserId,
};

macro_rules! inserts_and_updates {
    ($($what:literal: $model:ty, $id:ty, $insert:ident, $update:ident;)*) => {
        impl Tx {$(
            #[doc = concat!("Inserts ", $what, "; the id that it bears is ignored, the new one is returned.")]
            ///
            /// # Errors
            /// [`StoreError::Unique`], [`StoreError::ForeignKey`], or what the database says.
            pub async fn $insert(&self, object: &$model) -> Result<$id, StoreError> {
                rows::insert(self, object).await
            }

            #[doc = concat!("Writes all fields of ", $what, ".")]
            ///
            /// # Errors
            /// [`StoreError::Unique`], [`StoreError::ForeignKey`], [`StoreError::Inconsistent`]
            /// when there is no such row, or what the database says.
            pub async fn $update(&self, object: &$model) -> Result<(), StoreError> {
                rows::update(self, object).await
            }
        )*}
    };
}

macro_rules! deletes {
    ($($what:literal, $model:ty, $id:ty, $delete:ident;)*) => {
        impl Tx {$(
            #[doc = concat!("Deletes ", $what, ". One that does not exist is deleted already.")]
            ///
            /// # Errors
            /// What the database says.
            pub async fn $delete(&self, id: $id) -> Result<(), StoreError> {
                rows::delete::<$model>(self, id).await
            }
        )*}
    };
}

inserts_and_updates! {
    "a shard": Shard, ShardId, insert_shard, update_shard;
    "a Prometheus server": Server, ServerId, insert_server, update_server;
    "a service": Service, ServiceId, insert_service, update_service;
    "a project": Project, ProjectId, insert_project, update_project;
    "a farm": Farm, FarmId, insert_farm, update_farm;
    "a host": Host, HostId, insert_host, update_host;
    "an exporter": Exporter, ExporterId, insert_exporter, update_exporter;
    "an exporter preset": Preset, PresetId, insert_preset, update_preset;
    "a probe": Probe, ProbeId, insert_probe, update_probe;
    "a URL": Url, UrlId, insert_url, update_url;
    "a rule": Rule, RuleId, insert_rule, update_rule;
    "a user (without a password, and leaving the one there is)": User, UserId, insert_user, update_user;
    "a group without members": Group, GroupId, insert_group, update_group;
}

deletes! {
    "a Prometheus server and its recorded state", Server, ServerId, delete_server;
    "a farm and its hosts; its projects keep existing without a farm", Farm, FarmId, delete_farm;
    "a host", Host, HostId, delete_host;
    "an exporter", Exporter, ExporterId, delete_exporter;
    "an exporter preset", Preset, PresetId, delete_preset;
    "a probe and its URLs", Probe, ProbeId, delete_probe;
    "a URL", Url, UrlId, delete_url;
    "a group, its members and its roles", Group, GroupId, delete_group;
    "a rule; the rules that override it keep existing without a parent", Rule, RuleId, delete_rule;
}
