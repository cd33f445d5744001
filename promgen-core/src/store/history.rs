//! The alert history, in pages that cost the same at a thousand alerts and at a million.
//!
//! What somebody asks for is an intersection of sets of alerts: those with a label, those with a
//! delivery that was given up, those that were sent to nobody. Each set is counted up to a bound.
//! One that is smaller is gone through as a whole, and the other conditions are asked about each of
//! its alerts. When all are larger, the alerts are gone through instead, a window of them at a time:
//! where much matches, a page is soon full, and a page that is not says from where to look on. All of
//! that works from the newest back as well as from the oldest on.

use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait as _, Func, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::entity::{alert, alert_label, delivery};
use super::routing::VALUE_CHARS;
use super::{StoreError, Tx, rows};
use crate::model::{Alert, AlertId, DeliveryState};

/// The name by which queries call what they go through.
const IT: &str = "it";

/// Alerts that bear one of some labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnyLabel(pub Vec<(String, Vec<String>)>);

/// Which alerts are wanted: those that meet every condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// Those beyond this one: that came before it, or after it where the oldest come first.
    pub beyond: Option<AlertId>,
    /// Those of each of these sets.
    pub labels: Vec<AnyLabel>,
    /// Those with a delivery that was given up.
    pub dead: bool,
    /// Those of which nothing arrived anywhere.
    pub unsent: bool,
    /// How much is looked at for a page.
    pub bounds: Bounds,
}

/// How much is looked at for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Largest set that is gone through as a whole, and where counting ends.
    pub few: u64,
    /// How many of the alerts are looked at when nothing narrows them down.
    pub window: u32,
}

impl Default for Bounds {
    /// Each takes some milliseconds.
    fn default() -> Self {
        Self {
            few: 10_000,
            window: 10_000,
        }
    }
}

/// How many alerts there are of those that are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// This many.
    Exactly(u64),
    /// More than this, which is where counting ends.
    MoreThan(u64),
    /// It would take a look at all of them.
    Unknown,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertPage {
    /// The alerts without their bodies, the newest first or the oldest, as was asked.
    pub alerts: Vec<Alert>,
    /// How many there are on all pages.
    pub count: HowMany,
    /// Where the next page begins: beyond this one. `None` at the end.
    pub next: Option<AlertId>,
}

/// What a page is found by.
enum Way<'a> {
    /// The alerts of one set.
    Set(&'a AnyLabel),
    /// The deliveries that were given up.
    Dead,
    /// The alerts from one to another, both included.
    Span(AlertId, AlertId),
}

impl Tx {
    /// A page of the history.
    ///
    /// # Errors
    /// What the database says.
    pub async fn alert_history(
        &self,
        filter: &HistoryFilter,
        limit: u64,
    ) -> Result<AlertPage, StoreError> {
        let Some((first, last)) = self.alert_bounds().await? else {
            return Ok(AlertPage {
                alerts: Vec::new(),
                count: HowMany::Exactly(0),
                next: None,
            });
        };
        let (way, count) = self.way(filter, first, last).await?;
        let mut query = way.query(filter);
        let order = if filter.oldest_first {
            Order::Asc
        } else {
            Order::Desc
        };
        if let Some(beyond) = filter.beyond {
            query.and_where(if filter.oldest_first {
                way.id().gt(beyond)
            } else {
                way.id().lt(beyond)
            });
        }
        query
            .order_by_expr(way.id(), order)
            .limit(limit.saturating_add(1));
        let mut ids = self.ids(&query).await?;
        let full = ids.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = match way {
            _ if full => ids.last().copied(),
            Way::Span(_, high) if filter.oldest_first && high < last => Some(high),
            Way::Span(low, _) if !filter.oldest_first && low > first => Some(low),
            _ => None,
        };
        let wanted = Condition::all().add(alert::Column::Id.is_in(ids));
        let mut alerts = self.alerts_where(wanted, limit).await?;
        if filter.oldest_first {
            alerts.reverse();
        }
        Ok(AlertPage {
            alerts,
            count,
            next,
        })
    }

    /// Some labels of alerts: alert, name and value, in the order of these.
    ///
    /// # Errors
    /// What the database says.
    pub async fn labels_of_alerts(
        &self,
        alerts: &[AlertId],
        names: &[&str],
    ) -> Result<Vec<(AlertId, String, String)>, StoreError> {
        let name = Func::coalesce([Expr::col(alert_label::Column::Name), Expr::val("")]);
        let name = SimpleExpr::from(name);
        let mut all = Vec::new();
        for chunk in alerts.chunks(rows::CHUNK_ROWS) {
            let found: Vec<(AlertId, String, String)> = alert_label::Entity::find()
                .select_only()
                .columns([
                    alert_label::Column::Alert,
                    alert_label::Column::Name,
                    alert_label::Column::Value,
                ])
                .filter(alert_label::Column::Alert.is_in(chunk.iter().copied()))
                // As an expression: by the index of names a database without statistics would go
                // through the labels of all alerts.
                .filter(name.clone().is_in(names.iter().copied()))
                .into_tuple()
                .all(self.connection())
                .await?;
            all.extend(found);
        }
        all.sort_unstable();
        Ok(all)
    }

    /// The oldest and the newest alert.
    async fn alert_bounds(&self) -> Result<Option<(AlertId, AlertId)>, StoreError> {
        let end = async |order: Order| {
            let found: Option<AlertId> = alert::Entity::find()
                .select_only()
                .column(alert::Column::Id)
                .order_by(alert::Column::Id, order)
                .limit(1)
                .into_tuple()
                .one(self.connection())
                .await?;
            Ok::<_, StoreError>(found)
        };
        Ok(end(Order::Asc).await?.zip(end(Order::Desc).await?))
    }

    /// How to find a page, and how many alerts there are on all of them.
    async fn way<'a>(
        &self,
        filter: &'a HistoryFilter,
        first: AlertId,
        last: AlertId,
    ) -> Result<(Way<'a>, HowMany), StoreError> {
        let mut smallest: Option<(u64, Way<'a>)> = None;
        let sets = filter.labels.iter().map(Way::Set);
        for way in sets.chain(filter.dead.then_some(Way::Dead)) {
            let size = self.size(&way.plain(), filter.bounds).await?;
            if smallest.as_ref().is_none_or(|(least, _)| size < *least) {
                smallest = Some((size, way));
            }
        }
        let Bounds { few, window } = filter.bounds;
        let parts = filter.labels.len() + usize::from(filter.dead) + usize::from(filter.unsent);
        match smallest {
            Some((size, way)) if size <= few => {
                let count = self.size(&way.query(filter), filter.bounds).await?;
                Ok((way, HowMany::Exactly(count)))
            }
            // In the order of its index, which ends with the alert.
            Some((_, Way::Set(set))) if parts == 1 && set.is_single() => {
                Ok((Way::Set(set), HowMany::MoreThan(few)))
            }
            None if parts == 0 => {
                let all = Way::Span(first, last);
                let count = self.size(&all.plain(), filter.bounds).await?;
                let count = if count > few {
                    HowMany::MoreThan(few)
                } else {
                    HowMany::Exactly(count)
                };
                Ok((all, count))
            }
            _ => {
                let (low, high) = match (filter.oldest_first, filter.beyond) {
                    (false, beyond) => {
                        let from = beyond.map_or(last.0.saturating_add(1), |id| id.0);
                        (from.saturating_sub(window.into()), last.0)
                    }
                    (true, beyond) => {
                        let from = beyond.map_or(first.0.saturating_sub(1), |id| id.0);
                        (first.0, from.saturating_add(window.into()))
                    }
                };
                let (low, high) = (Ord::max(low, first.0), Ord::min(high, last.0));
                let count = if parts == 1 && !filter.unsent {
                    HowMany::MoreThan(few)
                } else {
                    HowMany::Unknown
                };
                Ok((Way::Span(AlertId(low), AlertId(high)), count))
            }
        }
    }

    /// How many rows a query has, counted to just above the bound.
    async fn size(&self, query: &SelectStatement, bounds: Bounds) -> Result<u64, StoreError> {
        let mut bounded = query.clone();
        bounded.limit(bounds.few.saturating_add(1));
        let count = Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .from_subquery(bounded, Alias::new("bounded"))
            .to_owned();
        let row = self.connection().query_one(&count).await?;
        let count: i64 = row
            .map(|row| row.try_get_by_index(0))
            .transpose()?
            .unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn ids(&self, query: &SelectStatement) -> Result<Vec<AlertId>, StoreError> {
        let rows = self.connection().query_all(query).await?;
        let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
        Ok(ids?.into_iter().map(AlertId).collect())
    }
}

impl Way<'_> {
    /// The alert of what is gone through.
    fn id(&self) -> SimpleExpr {
        let it = Alias::new(IT);
        match self {
            Self::Set(_) => Expr::col((it, alert_label::Column::Alert)),
            Self::Dead => Expr::col((it, delivery::Column::Alert)),
            Self::Span(..) => Expr::col((it, alert::Column::Id)),
        }
    }

    /// What is gone through, with no other condition.
    fn plain(&self) -> SelectStatement {
        let it = || Alias::new(IT);
        let mut query = Query::select();
        query.expr(self.id());
        match self {
            Self::Set(set) => query
                .distinct()
                .from_as(alert_label::Entity, it())
                .cond_where(set.condition(IT)),
            Self::Dead => query
                .distinct()
                .from_as(delivery::Entity, it())
                .and_where(ended(IT, DeliveryState::Dead)),
            Self::Span(low, high) => query
                .from_as(alert::Entity, it())
                .and_where(self.id().gte(*low))
                .and_where(self.id().lte(*high)),
        };
        query
    }

    /// What is gone through, with all other conditions.
    fn query(&self, filter: &HistoryFilter) -> SelectStatement {
        let mut query = self.plain();
        for set in &filter.labels {
            if !matches!(self, Self::Set(own) if std::ptr::eq(*own, set)) {
                query.and_where(Expr::exists(self.labelled(set)));
            }
        }
        if filter.dead && !matches!(self, Self::Dead) {
            query.and_where(Expr::exists(self.delivered(DeliveryState::Dead)));
        }
        if filter.unsent {
            query.and_where(Expr::exists(self.delivered(DeliveryState::Sent)).not());
        }
        query
    }

    /// The labels of the alert that are of a set.
    fn labelled(&self, set: &AnyLabel) -> SelectStatement {
        let other = Alias::new("other");
        Query::select()
            .expr(Expr::val(1))
            .from_as(alert_label::Entity, other.clone())
            .and_where(Expr::col((other, alert_label::Column::Alert)).eq(self.id()))
            .cond_where(set.condition("other"))
            .to_owned()
    }

    /// The deliveries of the alert that ended so.
    fn delivered(&self, state: DeliveryState) -> SelectStatement {
        let other = Alias::new("other");
        Query::select()
            .expr(Expr::val(1))
            .from_as(delivery::Entity, other.clone())
            .and_where(Expr::col((other, delivery::Column::Alert)).eq(self.id()))
            .and_where(ended("other", state))
            .to_owned()
    }
}

fn ended(table: &str, state: DeliveryState) -> SimpleExpr {
    Expr::col((Alias::new(table), delivery::Column::State)).eq(state.as_str())
}

impl AnyLabel {
    /// The alerts with one label.
    pub fn one(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(vec![(name.into(), vec![value.into()])])
    }

    fn is_single(&self) -> bool {
        matches!(self.0.as_slice(), [(_, values)] if values.len() == 1)
    }

    /// Labels are kept cut, and so is what is looked for.
    fn condition(&self, table: &str) -> Condition {
        let column = |column| Expr::col((Alias::new(table), column));
        let mut any = Condition::any();
        for (name, values) in &self.0 {
            let values = values.iter().map(|value| {
                let kept: String = value.chars().take(VALUE_CHARS).collect();
                rows::storable(&kept)
            });
            any = any.add(
                Condition::all()
                    .add(column(alert_label::Column::Name).eq(name.as_str()))
                    .add(column(alert_label::Column::Value).is_in(values)),
            );
        }
        // Of no labels there are no alerts.
        any.add(Expr::val(1).eq(0))
    }
}
