//! Alerts from end to end: every message has a number, and the sink counts the numbers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use tokio::task::JoinSet;

use crate::load::{Failure, Seen, connect, host, spread, summary};
use crate::{report, sink};

/// How long after the last post the sink may take to have everything.
const PATIENCE: Duration = Duration::from_mins(2);

/// What to post where.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) url: String,
    pub(crate) token: Option<String>,
    pub(crate) connections: usize,
    pub(crate) count: usize,
    pub(crate) alerts: usize,
    /// Posts a second over all connections; as many as are answered when there is none.
    pub(crate) rate: Option<u32>,
    pub(crate) service: String,
    pub(crate) sink: Option<SocketAddr>,
}

/// Posts, waits for the sink, and reports both rates and the balance.
pub(crate) async fn run(plan: Plan) -> Result<(), Failure> {
    let tally = match plan.sink {
        Some(address) => Some(sink::listen(address).await?),
        None => None,
    };
    let begun = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut loops = JoinSet::new();
    for _ in 0..plan.connections {
        let (plan, next) = (plan.clone(), Arc::clone(&next));
        loops.spawn(async move { post(&plan, &next, begun).await });
    }
    let mut all = Seen::default();
    let mut posted = Vec::with_capacity(plan.count);
    while let Some(seen) = loops.join_next().await {
        let (seen, at) = seen??;
        posted.extend(at);
        all.took.extend(seen.took);
        all.refused += seen.refused;
    }
    let what = format!("POST /api/v1/alerts, {} alerts each", plan.alerts);
    report(&summary(&what, &mut all, begun.elapsed()));
    let Some(tally) = tally else { return Ok(()) };
    let accepted = plan.count - all.refused;
    let arrived = tally.wait_for(accepted, PATIENCE).await;
    let span = begun.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(arrived.distinct).unwrap_or(u32::MAX)) / span;
    report(&format!(
        "delivered: {rate:.0}/s from the first post to the last webhook ({span:.2} s); accepted {accepted}, \
         arrived {}, lost {}, twice {}",
        arrived.distinct,
        accepted.saturating_sub(arrived.distinct),
        arrived.twice
    ));
    let took = posted.iter().filter_map(|(number, at)| {
        let arrived = tally.first(&group_key(&number.to_string()))?;
        Some(arrived.saturating_duration_since(*at))
    });
    report(&format!(
        "from POST to webhook: {}",
        spread(&mut took.collect::<Vec<_>>())
    ));
    Ok(())
}

/// Posts until all are posted; the answer has the number of each message and when it was posted.
async fn post(
    plan: &Plan,
    next: &AtomicUsize,
    start: Instant,
) -> Result<(Seen, Vec<(usize, Instant)>), Failure> {
    let uri: Uri = plan.url.parse()?;
    let mut sender = connect(&uri).await?;
    let (mut seen, mut posted) = (Seen::default(), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= plan.count {
            return Ok((seen, posted));
        }
        if let Some(rate) = plan.rate {
            let turn = f64::from(u32::try_from(number)?) / f64::from(rate.max(1));
            tokio::time::sleep_until((start + Duration::from_secs_f64(turn)).into()).await;
        }
        let body = message(&plan.service, plan.alerts, &number.to_string());
        let mut request = Request::post("/api/v1/alerts")
            .header("host", host(&uri))
            .header("content-type", "application/json");
        if let Some(token) = &plan.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let begun = Instant::now();
        posted.push((number, begun));
        let answer = sender.send_request(request).await?;
        seen.refused += usize::from(!answer.status().is_success());
        answer.into_body().collect().await?;
        seen.took.push(begun.elapsed());
    }
}

/// A message of one group; those of different groups do not take each other's place.
pub(crate) fn message(service: &str, alerts: usize, group: &str) -> String {
    let alert = |index: usize| {
        serde_json::json!({
            "status": "firing",
            "labels": {"alertname": "Load", "service": service, "instance": format!("h{index}:9100")},
            "annotations": {"summary": "look at this host"},
            "startsAt": "2026-01-02T03:04:05.678Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.com/graph",
        })
    };
    let alerts: Vec<_> = (0..alerts).map(alert).collect();
    serde_json::json!({
        "version": "4",
        "status": "firing",
        "receiver": "promgen",
        "groupKey": group_key(group),
        "groupLabels": {"service": service},
        "commonLabels": {"alertname": "Load", "service": service},
        "commonAnnotations": {"summary": "look at this host"},
        "externalURL": "http://alertmanager.example.com",
        "alerts": alerts,
    })
    .to_string()
}

fn group_key(group: &str) -> String {
    format!("{{}}:{{number=\"{group}\"}}")
}
