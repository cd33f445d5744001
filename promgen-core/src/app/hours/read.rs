//! The hours and days of charts, without gaps.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fresh::{HOUR, hour_of};
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{ProjectId, SenderId, ServiceId, Timestamp};
pub use crate::store::AlertHour;
use crate::store::{Names, Tallied, Tx};

/// How many hours a chart of alerts has: three days.
pub const HOURS: usize = 72;

/// How many days a chart of deliveries has.
const DAYS: usize = 7;

const DAY: i64 = 24 * HOUR;

/// Whose alerts a chart has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of everything that whoever asks may see.
    Mine,
    /// Those that name a service.
    Service(ServiceId),
    /// Those that name a project.
    Project(ProjectId),
}

/// The deliveries of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryDay {
    /// Their begin.
    pub begin: Timestamp,
    /// How many arrived.
    pub sent: u64,
    /// How many were given up.
    pub dead: u64,
}

/// The alerts of the last [`HOURS`] hours, oldest first, the present hour last.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`] for a service or project that cannot be seen.
pub async fn alert_hours(
    app: &App,
    actor: &Actor,
    whose: Whose,
) -> Result<Vec<AlertHour>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let of = tallied(app, &tx, &access, whose).await?;
    let last = hour_of(app.now()).0;
    let span = i64::try_from(HOURS).unwrap_or(i64::MAX);
    let first = last - (span - 1) * HOUR;
    let found = tx.alert_hours(&of, Timestamp(first)).await?;
    let found: BTreeMap<Timestamp, AlertHour> =
        found.into_iter().map(|one| (one.hour, one)).collect();
    let hours = (0..span).map(|at| {
        let hour = Timestamp(first + at * HOUR);
        found.get(&hour).copied().unwrap_or(AlertHour {
            hour,
            firing: 0,
            resolved: 0,
        })
    });
    Ok(hours.collect())
}

async fn tallied(app: &App, tx: &Tx, access: &Access, whose: Whose) -> Result<Tallied, AppError> {
    let mut names = Names::default();
    match whose {
        Whose::Mine => {
            access.require(Act::List, app.settings())?;
            let visible = tx.visible_names(&access.visible()).await?;
            return Ok(visible.map_or(Tallied::All, Tallied::Naming));
        }
        Whose::Service(id) => {
            access.require(Act::See, app.settings())?;
            let service = tx.load_service(id).await?;
            let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
            access.require_on(Act::See, On::Service(&service), app.settings())?;
            names.services.push(service.name.into());
        }
        Whose::Project(id) => {
            access.require(Act::See, app.settings())?;
            let project = tx.load_project(id).await?;
            let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
            access.require_on(Act::See, On::Project(&project), app.settings())?;
            names.projects.push(project.name.into());
        }
    }
    Ok(Tallied::Naming(names))
}

/// The deliveries of the last days by driver key, oldest day first. They are not counted by what the
/// alerts name, so that there are none for whoever does not see everything.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn driver_days(
    app: &App,
    actor: &Actor,
) -> Result<BTreeMap<String, Vec<DeliveryDay>>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    if !access.sees_all() {
        return Ok(BTreeMap::new());
    }
    let mut days = Days::new(app);
    for hour in tx.delivery_hours(&[SenderId(0)], days.first()).await? {
        days.add(hour.driver, hour.hour, hour.sent, hour.dead);
    }
    Ok(days.by)
}

/// The deliveries of the last days of those senders that had any, oldest day first.
pub(in crate::app) async fn sender_days(
    app: &App,
    tx: &Tx,
    senders: &[SenderId],
) -> Result<BTreeMap<SenderId, Vec<DeliveryDay>>, AppError> {
    let mut days = Days::new(app);
    for hour in tx.delivery_hours(senders, days.first()).await? {
        days.add(hour.sender, hour.hour, hour.sent, hour.dead);
    }
    Ok(days.by)
}

/// The first hour of the days that are told.
pub(in crate::app) fn first_day(app: &App) -> Timestamp {
    Days::<SenderId>::new(app).first()
}

/// Hours that are put together into days of 24 hours, the last of which ends with this hour.
struct Days<K> {
    begin: i64,
    by: BTreeMap<K, Vec<DeliveryDay>>,
}

impl<K: Ord> Days<K> {
    fn new(app: &App) -> Self {
        let end = hour_of(app.now().plus(Duration::from_hours(1)));
        let days = i64::try_from(DAYS).unwrap_or(i64::MAX);
        Self {
            begin: end.0 - days * DAY,
            by: BTreeMap::new(),
        }
    }

    fn first(&self) -> Timestamp {
        Timestamp(self.begin)
    }

    fn add(&mut self, key: K, hour: Timestamp, sent: u64, dead: u64) {
        let begin = self.begin;
        let days = self.by.entry(key).or_insert_with(|| {
            let day = |at: i64| DeliveryDay {
                begin: Timestamp(begin + at * DAY),
                sent: 0,
                dead: 0,
            };
            (0..).map(day).take(DAYS).collect()
        });
        let at = usize::try_from((hour.0 - begin) / DAY).unwrap_or(usize::MAX);
        if let Some(day) = days.get_mut(at) {
            day.sent += sent;
            day.dead += dead;
        }
    }
}
