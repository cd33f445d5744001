//! From a message to its recipients, with a reason for every candidate.

use std::collections::{BTreeMap, BTreeSet};

use super::directory::{Directory, Driver};
use super::message::{AlertItem, Message};
use super::part::{Pair, Piece, pieces};
use super::routing::{Decision, Dropped, Part, Reason, Recipient, Routing};
use crate::model::{Sender, SenderId, SenderOwner};

/// What routing depends on besides message and senders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouteRules {
    /// Route each (service, project) pair of a message as if it had come alone.
    pub split: bool,
    /// Label name to values: a part with such a common label is dropped.
    pub blacklist: BTreeMap<String, Vec<String>>,
    /// What absolute links begin with: scheme and domain, without a slash at the end.
    pub link_base: String,
}

/// Decides who hears about a message. The same input gives the same decisions.
///
/// Candidates are the senders of every service and project that the message names, and the
/// personal ones behind a user subscription. Source: Promgen's `process_alert`; splitting, filters
/// of personal senders, and the reasons are ours.
///
/// A message with more than a thousand pairs is split by those names alone that objects have: what
/// else its alerts name joins the part of the service or project that exists, so that there are no
/// more parts than the tree has pairs. As in every part, filters see what its alerts have in common.
pub fn route(message: &Message, directory: &Directory, rules: &RouteRules) -> Routing {
    let mut routing = Routing {
        status: message.status(),
        ..Routing::default()
    };
    let alerts = message.alerts();
    let existing = |pair| existing(pair, directory);
    let pieces = pieces(message, &alerts, rules.split, existing);
    for (index, piece) in pieces.into_iter().enumerate() {
        let mut desk = Desk::new(directory, &piece.labels, index);
        let mut part = desk.decide(&piece, rules);
        match &part.alerts {
            None => desk.not_common(&alerts, &part),
            Some(own) => desk.left_out(own.iter().filter_map(|at| alerts.get(*at)), &part),
        }
        part.recipients = desk.recipients;
        routing.decisions.append(&mut desk.decisions);
        routing.parts.push(part);
    }
    let all: Option<Vec<&Dropped>> = routing.parts.iter().map(|p| p.dropped.as_ref()).collect();
    routing.dropped = all.and_then(|all| all.first().copied().cloned());
    routing
}

/// The pair without the names that no object has.
fn existing(pair: Pair, directory: &Directory) -> Pair {
    Pair {
        service: pair
            .service
            .filter(|name| directory.service(name).is_some()),
        project: pair
            .project
            .filter(|name| directory.project(name).is_some()),
    }
}

/// Where the candidates of one part are judged.
struct Desk<'a> {
    directory: &'a Directory,
    labels: &'a BTreeMap<String, String>,
    index: usize,
    decisions: Vec<Decision>,
    recipients: Vec<Recipient>,
    taken: BTreeSet<(String, String)>,
}

impl<'a> Desk<'a> {
    fn new(directory: &'a Directory, labels: &'a BTreeMap<String, String>, index: usize) -> Self {
        Self {
            directory,
            labels,
            index,
            decisions: Vec::new(),
            recipients: Vec::new(),
            taken: BTreeSet::new(),
        }
    }

    fn decide(&mut self, piece: &Piece, rules: &RouteRules) -> Part {
        let mut part = piece.part.clone();
        let service = part
            .service
            .as_ref()
            .and_then(|name| self.directory.service(name));
        let project = part
            .project
            .as_ref()
            .and_then(|name| self.directory.project(name));
        let base = &rules.link_base;
        if let Some((id, _)) = project {
            part.annotations
                .insert("project".to_owned(), format!("{base}/project/{id}"));
        }
        if let Some(id) = service {
            part.annotations
                .insert("service".to_owned(), format!("{base}/service/{id}"));
        }
        part.dropped = blacklisted(self.labels, &rules.blacklist);
        let mismatch = match (service, project) {
            (Some(service), Some((_, of))) => service != of,
            _ => false,
        };
        let verdict = if part.dropped.is_some() {
            Some(Reason::Blacklisted)
        } else {
            mismatch.then_some(Reason::Mismatch)
        };
        match (project, &part.project) {
            (Some((id, _)), _) => self.judge_all(SenderOwner::Project(id), verdict),
            (None, Some(name)) => self.no_such("project", name),
            (None, None) => {}
        }
        match (service, &part.service) {
            (Some(id), _) => self.judge_all(SenderOwner::Service(id), verdict),
            (None, Some(name)) => self.no_such("service", name),
            (None, None) => {}
        }
        part
    }

    /// Objects that alerts of an unsplit message name, but its common labels do not, get nothing;
    /// their senders are candidates all the same.
    fn not_common(&mut self, alerts: &[AlertItem], part: &Part) {
        let (mut owners, mut unknown) = (BTreeSet::new(), BTreeSet::new());
        for alert in alerts {
            let pair = Pair::of(&alert.labels);
            let project = pair
                .project
                .filter(|name| part.project.as_ref() != Some(name));
            if let Some(name) = project {
                match self.directory.project(&name) {
                    Some((id, _)) => owners.insert(SenderOwner::Project(id)),
                    None => unknown.insert(("project", name)),
                };
            }
            let service = pair
                .service
                .filter(|name| part.service.as_ref() != Some(name));
            if let Some(name) = service {
                match self.directory.service(&name) {
                    Some(id) => owners.insert(SenderOwner::Service(id)),
                    None => unknown.insert(("service", name)),
                };
            }
        }
        for owner in owners {
            self.judge_all(owner, Some(Reason::NotCommon));
        }
        for (kind, name) in unknown {
            self.no_such(kind, &name);
        }
    }

    /// Names that a part does without because no object has them: told once for each kind, for
    /// there may be as many as alerts.
    fn left_out<'b>(&mut self, alerts: impl Iterator<Item = &'b AlertItem>, part: &Part) {
        let (mut projects, mut services) = (BTreeSet::new(), BTreeSet::new());
        for alert in alerts {
            let pair = Pair::of(&alert.labels);
            projects.extend(pair.project.filter(|_| part.project.is_none()));
            services.extend(pair.service.filter(|_| part.service.is_none()));
        }
        for (kind, names) in [("project", projects), ("service", services)] {
            let Some(first) = names.first() else { continue };
            match names.len() - 1 {
                0 => self.no_such(kind, first),
                others => self.no_such(kind, &format!("{first} and {others} others")),
            }
        }
    }

    fn judge_all(&mut self, owner: SenderOwner, verdict: Option<Reason>) {
        for sender in self.directory.senders(owner) {
            self.judge(sender, None, verdict);
        }
    }

    /// Judges a candidate and, for a subscription, the personal senders behind it. A verdict on the
    /// subscription holds for them too.
    fn judge(&mut self, sender: &Sender, via: Option<SenderId>, verdict: Option<Reason>) {
        let driver = self.directory.driver(&sender.driver);
        let own = verdict.or_else(|| {
            if !sender.enabled {
                Some(Reason::Disabled)
            } else if !sender.passes(self.labels) {
                Some(Reason::Filtered)
            } else {
                (driver == Driver::Missing).then_some(Reason::DriverMissing)
            }
        });
        match driver {
            Driver::FanOut if via.is_none() => self.fan_out(sender, own),
            // A subscription of a subscription leads nowhere.
            Driver::FanOut => self.note(sender, via, own.unwrap_or(Reason::NoPersonalNotifier)),
            Driver::Sends | Driver::Secret | Driver::Url | Driver::Missing => {
                let reason = own.unwrap_or_else(|| self.take(sender));
                self.note(sender, via, reason);
            }
        }
    }

    fn fan_out(&mut self, subscription: &Sender, verdict: Option<Reason>) {
        let Some((user, active)) = self.directory.subscriber(&subscription.value) else {
            return self.note(
                subscription,
                None,
                verdict.unwrap_or(Reason::NoPersonalNotifier),
            );
        };
        let verdict = verdict.or((!active).then_some(Reason::Inactive));
        let personal = self.directory.senders(SenderOwner::User(user));
        let empty = personal.is_empty().then_some(Reason::NoPersonalNotifier);
        self.note(
            subscription,
            None,
            verdict.or(empty).unwrap_or(Reason::Matched),
        );
        for sender in personal {
            self.judge(sender, Some(subscription.id), verdict);
        }
    }

    fn take(&mut self, sender: &Sender) -> Reason {
        if !self
            .taken
            .insert((sender.driver.clone(), sender.value.clone()))
        {
            return Reason::Duplicate;
        }
        self.recipients.push(Recipient {
            sender: sender.id,
            driver: sender.driver.clone(),
            value: sender.value.clone(),
            alias: sender.alias.clone(),
        });
        Reason::Matched
    }

    fn note(&mut self, sender: &Sender, via: Option<SenderId>, reason: Reason) {
        self.decisions.push(Decision {
            part: self.index,
            sender: Some(sender.id),
            via,
            driver: sender.driver.clone(),
            shown: self.directory.shown(sender),
            owner_kind: sender.owner.kind().to_owned(),
            owner: self.directory.owner_name(sender.owner),
            reason,
        });
    }

    fn no_such(&mut self, kind: &str, name: &str) {
        self.decisions
            .push(Decision::no_such(self.index, kind, name));
    }
}

fn blacklisted(
    labels: &BTreeMap<String, String>,
    blacklist: &BTreeMap<String, Vec<String>>,
) -> Option<Dropped> {
    blacklist.iter().find_map(|(label, values)| {
        let value = labels.get(label).filter(|value| values.contains(value))?;
        Some(Dropped {
            label: label.clone(),
            value: value.clone(),
        })
    })
}

#[cfg(test)]
mod tests;
