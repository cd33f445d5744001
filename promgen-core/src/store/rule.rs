//! Rules.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, QueryFilter,
    QuerySelect,
};

use super::entity::rule;
use super::rows::{self, Stored};
use super::{Listed, Part, RuleKey, StoreError, Tx, Visible, page, sort};
use crate::model::{Name, ProjectId, PromDuration, Rule, RuleId, RuleKind, RuleOwner, ServiceId};

/// Which rules a list holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleFilter<'a> {
    /// A part of the name.
    pub name: Option<&'a str>,
    /// The rule that they override.
    pub parent: Option<RuleId>,
    /// Whether they are enabled.
    pub enabled: Option<bool>,
    /// Kind of what they belong to: `site`, `service` or `project`.
    pub owner_kind: Option<&'a str>,
    /// Id of what they belong to.
    pub owner_id: Option<i32>,
}

impl RuleFilter<'_> {
    fn condition(&self, tx: &Tx) -> Condition {
        let named = self
            .name
            .map(|name| page::contains(tx, rule::Column::Name, name));
        Condition::all()
            .add_option(named)
            .add_option(self.parent.map(|id| rule::Column::Parent.eq(id)))
            .add_option(self.enabled.map(|on| rule::Column::Enabled.eq(on)))
            .add_option(self.owner_kind.map(|kind| rule::Column::OwnerType.eq(kind)))
            .add_option(self.owner_id.map(|id| rule::Column::OwnerId.eq(id)))
    }
}

impl Stored for Rule {
    type Table = rule::Entity;
    type Row = rule::ActiveModel;
    type Id = RuleId;
    const TABLE: &'static str = "rule";
    const ID: rule::Column = rule::Column::Id;

    fn id(&self) -> RuleId {
        self.id
    }

    fn to_row(&self) -> rule::ActiveModel {
        let keep = self.keep_firing_for.as_ref().map(ToString::to_string);
        rule::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.to_string()),
            kind: ActiveValue::Set(kind_word(self.kind).to_owned()),
            clause: ActiveValue::Set(self.clause.clone()),
            duration: ActiveValue::Set(self.duration.to_string()),
            keep_firing_for: ActiveValue::Set(keep),
            enabled: ActiveValue::Set(self.enabled),
            parent: ActiveValue::Set(self.parent),
            owner_type: ActiveValue::Set(self.owner.kind().to_owned()),
            owner_id: ActiveValue::Set(self.owner.id()),
            description: ActiveValue::Set(self.description.clone()),
            labels: ActiveValue::Set(rows::map_to_text(&self.labels)),
            annotations: ActiveValue::Set(rows::map_to_text(&self.annotations)),
        }
    }

    fn from_row(row: rule::Model) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent {
            table: Self::TABLE,
            column,
            id: rows::number(row.id),
        };
        Ok(Self {
            id: row.id,
            name: Name::stored(row.name),
            kind: kind_of(&row.kind).ok_or_else(|| broken("kind"))?,
            clause: row.clause,
            duration: PromDuration::stored(row.duration),
            keep_firing_for: row.keep_firing_for.map(PromDuration::stored),
            enabled: row.enabled,
            parent: row.parent,
            owner: owner_of(&row.owner_type, row.owner_id).ok_or_else(|| broken("owner_type"))?,
            description: row.description,
            labels: rows::map_from_text(&row.labels, || broken("labels"))?,
            annotations: rows::map_from_text(&row.annotations, || broken("annotations"))?,
        })
    }
}

fn kind_word(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Alert => "alert",
        RuleKind::Record => "record",
    }
}

fn kind_of(word: &str) -> Option<RuleKind> {
    match word {
        "alert" => Some(RuleKind::Alert),
        "record" => Some(RuleKind::Record),
        _ => None,
    }
}

fn owner_of(kind: &str, id: i32) -> Option<RuleOwner> {
    match kind {
        "site" => Some(RuleOwner::Site),
        "service" => Some(RuleOwner::Service(ServiceId(id))),
        "project" => Some(RuleOwner::Project(ProjectId(id))),
        _ => None,
    }
}

impl Tx {
    /// The rule of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_rule(&self, name: &str) -> Result<Option<Rule>, StoreError> {
        rows::find(self, Condition::all().add(rule::Column::Name.eq(name))).await
    }

    /// The rules of owners, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_rules_owned_by(&self, owners: &[RuleOwner]) -> Result<Vec<Rule>, StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        let mut found = Vec::new();
        for (kind, ids) in rows::by_kind(owners) {
            let condition = Condition::all()
                .add(rule::Column::OwnerType.eq(kind))
                .add(rule::Column::OwnerId.is_in(ids));
            found.extend(rows::list_where::<Rule>(self, condition).await?);
        }
        found.sort_by_key(|rule| rule.id);
        Ok(found)
    }

    /// The rule of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The override of a rule for an owner; of several the one that was made first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_override(
        &self,
        parent: RuleId,
        owner: RuleOwner,
    ) -> Result<Option<Rule>, StoreError> {
        let condition = Condition::all()
            .add(rule::Column::Parent.eq(parent))
            .add(rule::Column::OwnerType.eq(owner.kind()))
            .add(rule::Column::OwnerId.eq(owner.id()));
        rows::find(self, condition).await
    }

    /// The names of all rules.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_rule_names(&self) -> Result<BTreeSet<String>, StoreError> {
        let names: Vec<String> = rule::Entity::find()
            .select_only()
            .column(rule::Column::Name)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(names.into_iter().collect())
    }

    /// A slice of the visible rules. Those that come out equal stand by owner (the site, services,
    /// projects) and name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_rules(
        &self,
        visible: &Visible,
        filter: &RuleFilter<'_>,
        part: impl Into<Part<RuleKey>>,
    ) -> Result<Listed<Rule>, StoreError> {
        let Part { sort, slice } = part.into();
        let condition = filter.condition(self).add(visible.rules());
        let by = |column: rule::Column| column.into_simple_expr();
        let mut order = match sort.key {
            RuleKey::Owner => Vec::new(),
            RuleKey::Name => vec![(by(rule::Column::Name), sort.order())],
            RuleKey::Overrides => vec![(overrides(visible), sort.order())],
            RuleKey::Parent => {
                let parent = sort::or_first(by(rule::Column::Parent), 0_i32);
                vec![(parent, sort.order())]
            }
            RuleKey::Enabled => vec![(by(rule::Column::Enabled), sort.order())],
        };
        // The kinds of owners happen to sort backwards.
        let backwards = sort.key == RuleKey::Owner && sort.descending;
        let (kind, owner) = if backwards {
            (Order::Asc, Order::Desc)
        } else {
            (Order::Desc, Order::Asc)
        };
        order.extend([
            (by(rule::Column::OwnerType), kind),
            (by(rule::Column::OwnerId), owner),
            (by(rule::Column::Name), Order::Asc),
        ]);
        page::page_by(self, condition, order, slice).await
    }

    /// How many visible rules override each of some rules. One that none overrides is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_overrides_of(
        &self,
        visible: &Visible,
        rules: &[RuleId],
    ) -> Result<BTreeMap<RuleId, u64>, StoreError> {
        let theirs = rule::Column::Parent.is_in(rules.iter().copied());
        let condition = Condition::all().add(visible.rules()).add(theirs);
        let counts = self
            .count_by(rule::Entity, rule::Column::Parent, condition)
            .await?;
        let counts = counts.into_iter().map(|(id, count)| (RuleId(id), count));
        Ok(counts.collect())
    }

    /// Deletes the rules of owners; rules that override them keep existing without a parent.
    pub(super) async fn delete_rules_of(&self, owners: &[RuleOwner]) -> Result<(), StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        for (kind, ids) in rows::by_kind(owners) {
            for chunk in ids.chunks(rows::CHUNK_ROWS) {
                rule::Entity::delete_many()
                    .filter(rule::Column::OwnerType.eq(kind))
                    .filter(rule::Column::OwnerId.is_in(chunk.iter().copied()))
                    .exec(self.connection())
                    .await?;
            }
        }
        Ok(())
    }
}

/// How many visible rules override a rule: what one may not see must not decide an order.
fn overrides(visible: &Visible) -> SimpleExpr {
    let heir = |column: rule::Column| Expr::col((Alias::new("heir"), column));
    let mut count = Query::select();
    count
        .expr(Expr::cust("COUNT(*)"))
        .from_as(rule::Entity, Alias::new("heir"))
        .and_where(heir(rule::Column::Parent).equals((rule::Entity, rule::Column::Id)));
    if *visible != Visible::All {
        let seen = Query::select()
            .column(rule::Column::Id)
            .from(rule::Entity)
            .cond_where(visible.rules())
            .to_owned();
        count.and_where(heir(rule::Column::Id).in_subquery(seen));
    }
    sort::alone(count)
}
