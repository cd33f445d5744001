//! Claiming deliveries that are due, as far as their destinations' lanes are open.

use std::collections::HashMap;

use super::job::{Job, jobs, lease_end};
use super::ticket::{Gate, Ticket};
use crate::app::{App, AppError, random};
use crate::model::{Delivery, DeliveryId, Destination, Timestamp};
use crate::plugin::Pace;
use crate::store::{Lease, Tx};

/// Most rounds of one claim. Each finds that more destinations are closed, and looks behind them.
const ROUNDS: usize = 4;

/// How many deliveries are looked at for each that could begin: the others stand behind them in
/// their lanes.
const LOOK_AHEAD: usize = 4;

/// What was claimed, and whether more may be waiting that could begin as soon as there is room.
pub(super) struct Claimed {
    pub(super) jobs: Vec<Job>,
    pub(super) more: bool,
}

pub(super) async fn claim(app: &App, gate: &Gate) -> Result<Claimed, AppError> {
    let nothing = |more| Claimed {
        jobs: Vec::new(),
        more,
    };
    if gate.room() == 0 {
        return Ok(nothing(true));
    }
    let now = app.now();
    // A look costs no turn at writing. What comes to wait while it is under way is noted again.
    app.handoff().waits(false);
    let tx = app.store().read_tx().await?;
    let waiting = tx.due_deliveries(now, 1, &gate.closed()).await?;
    if waiting.is_empty() {
        // It may be due and stand behind a closed lane, or behind another message of its group.
        if tx.has_due_deliveries(now).await? {
            app.handoff().waits(true);
        }
        return Ok(nothing(false));
    }
    drop(tx);
    app.handoff().waits(true);
    let lease = Lease {
        token: random::lease_token()?,
        until: lease_end(app, now),
    };
    let tx = app.store().write_tx().await?;
    let chosen = choose(app, &tx, gate, now).await?;
    if chosen.is_empty() {
        return Ok(nothing(false));
    }
    let ids: Vec<DeliveryId> = chosen.iter().flat_map(|(_, ids)| ids).copied().collect();
    let deliveries = tx.claim_deliveries(&ids, &lease).await?;
    tx.commit().await?;
    let tx = app.store().read_tx().await?;
    let jobs = jobs(app, &tx, bundles(chosen, deliveries), &lease).await?;
    Ok(Claimed { jobs, more: true })
}

type Bundle<T> = (Ticket, Vec<T>);

/// Picks deliveries whose lanes are open; what a driver bundles goes along with the first.
async fn choose(
    app: &App,
    tx: &Tx,
    gate: &Gate,
    now: Timestamp,
) -> Result<Vec<Bundle<DeliveryId>>, AppError> {
    let mut chosen: Vec<Bundle<DeliveryId>> = Vec::new();
    let mut places: HashMap<Destination, usize> = HashMap::new();
    let mut except = gate.closed();
    for _ in 0..ROUNDS {
        let room = gate.room();
        if room == 0 {
            break;
        }
        let limit = room.saturating_mul(LOOK_AHEAD);
        let taken: usize = chosen.iter().map(|(_, ids)| ids.len()).sum();
        let look = u64::try_from(limit + taken).unwrap_or(u64::MAX);
        let due = tx.due_deliveries(now, look, &except).await?;
        let full = due.len() == limit + taken;
        for (id, destination) in due {
            if chosen.iter().any(|(_, ids)| ids.contains(&id)) {
                continue;
            }
            let pace = pace(app, &destination.driver);
            let along = places.get(&destination).and_then(|at| chosen.get_mut(*at));
            if let Some((_, ids)) = along.filter(|(_, ids)| ids.len() < pace.bundle) {
                ids.push(id);
            } else if let Some(ticket) = gate.ticket(&destination, pace) {
                places.insert(destination, chosen.len());
                chosen.push((ticket, vec![id]));
            } else if !except.contains(&destination) {
                except.push(destination);
            }
        }
        if !full {
            break;
        }
    }
    Ok(chosen)
}

/// Puts what was claimed back into its bundles.
fn bundles(chosen: Vec<Bundle<DeliveryId>>, deliveries: Vec<Delivery>) -> Vec<Bundle<Delivery>> {
    let mut claimed: HashMap<DeliveryId, Delivery> = deliveries
        .into_iter()
        .map(|delivery| (delivery.id, delivery))
        .collect();
    let filled = chosen.into_iter().map(|(ticket, ids)| {
        let found = ids.iter().filter_map(|id| claimed.remove(id)).collect();
        (ticket, found)
    });
    filled
        .filter(|(_, deliveries): &Bundle<Delivery>| !deliveries.is_empty())
        .collect()
}

/// The pace of a driver; of one that is not part of this program the usual one, for its deliveries
/// fail at once.
pub(in crate::app) fn pace(app: &App, driver: &str) -> Pace {
    let description = app.registry().notifier(driver);
    description.map_or(Pace::USUAL, |description| description.pace)
}
