//! Senders with their filters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{filter, sender};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Filter, ProjectId, Secret, Sender, SenderId, SenderOwner, ServiceId, UserId};

/// The row of a sender; its filters are read and written beside it.
impl Stored for Sender {
    type Table = sender::Entity;
    type Row = sender::ActiveModel;
    type Id = SenderId;
    const TABLE: &'static str = "sender";
    const ID: sender::Column = sender::Column::Id;

    fn id(&self) -> SenderId {
        self.id
    }

    fn to_row(&self) -> sender::ActiveModel {
        let secret = self.secret.as_ref().map(|secret| secret.reveal().clone());
        sender::ActiveModel {
            id: ActiveValue::NotSet,
            driver: ActiveValue::Set(self.driver.clone()),
            value: ActiveValue::Set(self.value.clone()),
            alias: ActiveValue::Set(self.alias.clone()),
            owner_type: ActiveValue::Set(self.owner.kind().to_owned()),
            owner_id: ActiveValue::Set(self.owner.id()),
            added_by: ActiveValue::Set(self.added_by),
            enabled: ActiveValue::Set(self.enabled),
            secret: ActiveValue::Set(secret),
        }
    }

    fn from_row(row: sender::Model) -> Result<Self, StoreError> {
        let owner = owner_of(&row.owner_type, row.owner_id);
        let owner = owner.ok_or_else(|| StoreError::Inconsistent {
            table: Self::TABLE,
            column: "owner_type",
            id: rows::number(row.id),
        })?;
        Ok(Self {
            id: row.id,
            driver: row.driver,
            value: row.value,
            alias: row.alias,
            owner,
            added_by: row.added_by,
            enabled: row.enabled,
            secret: row.secret.map(Secret::new),
            filters: Vec::new(),
        })
    }
}

fn owner_of(kind: &str, id: i32) -> Option<SenderOwner> {
    match kind {
        "service" => Some(SenderOwner::Service(ServiceId(id))),
        "project" => Some(SenderOwner::Project(ProjectId(id))),
        "user" => Some(SenderOwner::User(UserId(id))),
        _ => None,
    }
}

impl Tx {
    /// Inserts a sender and its filters; the ids that they bear are ignored.
    ///
    /// # Errors
    /// [`StoreError::Unique`] when its owner already has one of this driver and value, or two
    /// filters are alike, [`StoreError::ForeignKey`], or what the database says.
    pub async fn insert_sender(&self, object: &Sender) -> Result<SenderId, StoreError> {
        let id = rows::insert(self, object).await?;
        self.insert_filters(id, object.filters.iter().map(key).collect())
            .await?;
        Ok(id)
    }

    /// Writes all fields of a sender. Filters that it keeps keep their ids.
    ///
    /// # Errors
    /// As for [`Tx::insert_sender`], and [`StoreError::Inconsistent`] when there is no such row.
    pub async fn update_sender(&self, object: &Sender) -> Result<(), StoreError> {
        rows::update(self, object).await?;
        let stored = filter::Entity::find()
            .filter(filter::Column::Sender.eq(object.id))
            .all(self.connection())
            .await?;
        let wanted: BTreeSet<(&str, &str)> = object.filters.iter().map(key).collect();
        let is_wanted =
            |row: &filter::Model| wanted.contains(&(row.name.as_str(), row.value.as_str()));
        let (kept, gone): (Vec<_>, Vec<_>) = stored.into_iter().partition(is_wanted);
        filter::Entity::delete_many()
            .filter(filter::Column::Id.is_in(gone.iter().map(|row| row.id)))
            .exec(self.connection())
            .await?;
        let kept: BTreeSet<(&str, &str)> = kept
            .iter()
            .map(|row| (row.name.as_str(), row.value.as_str()))
            .collect();
        let added = wanted.difference(&kept).copied().collect();
        self.insert_filters(object.id, added).await
    }

    /// Deletes a sender and its filters. Its deliveries stay, without a sender.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_sender(&self, id: SenderId) -> Result<(), StoreError> {
        rows::delete::<Sender>(self, id).await
    }

    /// The signing keys of those senders that have one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_secrets(
        &self,
        senders: &[SenderId],
    ) -> Result<BTreeMap<SenderId, Secret<String>>, StoreError> {
        let mut secrets = BTreeMap::new();
        for chunk in senders.chunks(rows::CHUNK_ROWS) {
            let rows = sender::Entity::find()
                .filter(sender::Column::Id.is_in(chunk.iter().copied()))
                .filter(sender::Column::Secret.is_not_null())
                .all(self.connection())
                .await?;
            let secret = |row: sender::Model| Some((row.id, Secret::new(row.secret?)));
            secrets.extend(rows.into_iter().filter_map(secret));
        }
        Ok(secrets)
    }

    /// The sender of that id, with its filters.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_sender(&self, id: SenderId) -> Result<Option<Sender>, StoreError> {
        self.find_sender_by(Condition::all().add(sender::Column::Id.eq(id)))
            .await
    }

    /// The sender of an owner with this driver and value, with its filters.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_sender(
        &self,
        owner: SenderOwner,
        driver: &str,
        value: &str,
    ) -> Result<Option<Sender>, StoreError> {
        let condition = Condition::all()
            .add(sender::Column::OwnerType.eq(owner.kind()))
            .add(sender::Column::OwnerId.eq(owner.id()))
            .add(sender::Column::Driver.eq(driver))
            .add(sender::Column::Value.eq(value));
        self.find_sender_by(condition).await
    }

    async fn find_sender_by(&self, condition: Condition) -> Result<Option<Sender>, StoreError> {
        let found: Option<Sender> = rows::find(self, condition).await?;
        let mut found: Vec<Sender> = found.into_iter().collect();
        self.fill_filters(&mut found).await?;
        Ok(found.pop())
    }

    /// Reads the filters of senders.
    pub(super) async fn fill_filters(&self, senders: &mut [Sender]) -> Result<(), StoreError> {
        for chunk in senders.chunks_mut(rows::CHUNK_ROWS) {
            let rows = filter::Entity::find()
                .filter(filter::Column::Sender.is_in(chunk.iter().map(|sender| sender.id)))
                .order_by_asc(filter::Column::Id)
                .all(self.connection())
                .await?;
            attach(chunk, rows);
        }
        Ok(())
    }

    /// All senders sorted by id, each with its filters sorted by name and value.
    pub(super) async fn list_senders(&self) -> Result<Vec<Sender>, StoreError> {
        let rows = filter::Entity::find()
            .order_by_asc(filter::Column::Id)
            .all(self.connection())
            .await?;
        let mut senders: Vec<Sender> = rows::list(self).await?;
        attach(&mut senders, rows);
        Ok(senders)
    }

    /// The senders of owners, without their filters, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_senders_owned_by(
        &self,
        owners: &[SenderOwner],
    ) -> Result<Vec<Sender>, StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        let mut found = Vec::new();
        for (kind, ids) in rows::by_kind(owners) {
            let condition = Condition::all()
                .add(sender::Column::OwnerType.eq(kind))
                .add(sender::Column::OwnerId.is_in(ids));
            found.extend(rows::list_where::<Sender>(self, condition).await?);
        }
        found.sort_by_key(|sender| sender.id);
        Ok(found)
    }

    /// The senders of these ids, without their filters, sorted by id. Those that do not exist are
    /// left out.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_senders_by_id(
        &self,
        ids: &BTreeSet<SenderId>,
    ) -> Result<Vec<Sender>, StoreError> {
        self.list_some(ids).await
    }

    /// Deletes the senders of owners, with their filters.
    pub(super) async fn delete_senders_of(&self, owners: &[SenderOwner]) -> Result<(), StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        for (kind, ids) in rows::by_kind(owners) {
            for chunk in ids.chunks(rows::CHUNK_ROWS) {
                sender::Entity::delete_many()
                    .filter(sender::Column::OwnerType.eq(kind))
                    .filter(sender::Column::OwnerId.is_in(chunk.iter().copied()))
                    .exec(self.connection())
                    .await?;
            }
        }
        Ok(())
    }

    async fn insert_filters(
        &self,
        sender: SenderId,
        filters: Vec<(&str, &str)>,
    ) -> Result<(), StoreError> {
        for chunk in filters.chunks(rows::CHUNK_ROWS) {
            let row = |(name, value): &(&str, &str)| filter::ActiveModel {
                id: ActiveValue::NotSet,
                sender: ActiveValue::Set(sender),
                name: ActiveValue::Set((*name).to_owned()),
                value: ActiveValue::Set((*value).to_owned()),
            };
            filter::Entity::insert_many(chunk.iter().map(row))
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }
}

pub(super) fn filter_of(row: filter::Model) -> Filter {
    Filter {
        id: row.id,
        name: row.name,
        value: row.value,
    }
}

fn key(filter: &Filter) -> (&str, &str) {
    (&filter.name, &filter.value)
}

/// Puts filters on their senders, by name and value.
fn attach(senders: &mut [Sender], rows: Vec<filter::Model>) {
    let mut filters: HashMap<SenderId, Vec<Filter>> = HashMap::new();
    for row in rows {
        filters.entry(row.sender).or_default().push(filter_of(row));
    }
    for sender in senders {
        sender.filters = filters.remove(&sender.id).unwrap_or_default();
        sender.filters.sort_by(|a, b| key(a).cmp(&key(b)));
    }
}
