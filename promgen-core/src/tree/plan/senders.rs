//! Senders: by owner, driver and value, or by their reference.

use super::Planner;
use crate::model::{Filter, FilterId, LabelName, Sender, SenderId, SenderOwner, USER_DRIVER};
use crate::tree::document::{Document, SecretDoc, SenderDoc, SenderValue};
use crate::tree::draft::provisional;

impl Planner {
    pub(super) fn all_senders(&mut self, document: &Document) {
        for user in document.users.iter().flatten() {
            let id = self.draft.user_named(&user.username);
            if let (Some(id), Some(senders)) = (id, &user.senders) {
                self.senders_of(SenderOwner::User(id), senders);
            }
        }
        for service in document.services.iter().flatten() {
            let id = self.draft.service_named(&service.name);
            if let (Some(id), Some(senders)) = (id, &service.senders) {
                self.senders_of(SenderOwner::Service(id), senders);
            }
            for project in service.projects.iter().flatten() {
                let id = self.draft.project_ids.get(project.name.as_str()).copied();
                if let (Some(id), Some(senders)) = (id, &project.senders) {
                    self.senders_of(SenderOwner::Project(id), senders);
                }
            }
        }
    }

    fn senders_of(&mut self, owner: SenderOwner, senders: &[SenderDoc]) {
        self.said.senders_of.insert(owner);
        for doc in senders {
            self.sender(owner, doc);
        }
    }

    fn sender(&mut self, owner: SenderOwner, doc: &SenderDoc) {
        let Some((id, value)) = self.identify(owner, doc) else {
            return;
        };
        if !self.said.senders.insert(id) {
            let message = "the same driver and value stand here twice";
            self.error(&doc.at, "", message, "keep one");
            return;
        }
        let added_by = doc
            .added_by
            .as_ref()
            .and_then(|name| self.user(name, &doc.at, "added_by"));
        let stored = self.draft.senders.get(&id).cloned();
        let secret = match &doc.secret {
            Some(SecretDoc::Given(secret)) => Some(secret.clone()),
            Some(SecretDoc::Kept) => stored.as_ref().and_then(|sender| sender.secret.clone()),
            None => None,
        };
        if matches!(doc.secret, Some(SecretDoc::Kept)) && secret.is_none() {
            let remedy = "give the secret itself, or leave the key out";
            self.error(&doc.at, "secret", "there is none to keep", remedy);
        }
        let kept = stored.filter(|sender| doc.has_filters(&sender.filters));
        let filters = match kept {
            Some(sender) => sender.filters,
            None => new_filters(doc),
        };
        let sender = Sender {
            id,
            driver: doc.driver.clone(),
            value,
            alias: doc.alias.clone(),
            owner,
            added_by,
            enabled: doc.enabled,
            secret,
            filters,
        };
        self.draft.senders.insert(id, sender);
    }

    /// The sender that an entry is about, and its value.
    fn identify(&mut self, owner: SenderOwner, doc: &SenderDoc) -> Option<(SenderId, String)> {
        let own = |sender: &&Sender| sender.owner == owner && sender.driver == doc.driver;
        let value = match &doc.value {
            SenderValue::Ref(reference) => {
                let referred = |sender: &&Sender| {
                    own(sender) && Sender::reference(&sender.driver, &sender.value) == *reference
                };
                let Some(found) = self.draft.senders.values().find(referred) else {
                    let message =
                        format!("there is no sender {reference} here whose value to keep");
                    self.error(&doc.at, "ref", message, "give its value instead of the ref");
                    return None;
                };
                return Some((found.id, found.value.clone()));
            }
            SenderValue::Given(name) if doc.driver == USER_DRIVER => {
                self.user(name, &doc.at, "value")?.to_string()
            }
            SenderValue::Given(value) => value.clone(),
        };
        let same = |sender: &&Sender| own(sender) && sender.value == value;
        let found = self
            .draft
            .senders
            .values()
            .find(same)
            .map(|sender| sender.id);
        let id = found.unwrap_or(SenderId(provisional(&self.draft.senders, |id| id.0)));
        Some((id, value))
    }
}

fn new_filters(doc: &SenderDoc) -> Vec<Filter> {
    let filter = |(name, value): &(LabelName, String)| Filter {
        id: FilterId(0),
        name: name.to_string(),
        value: value.clone(),
    };
    doc.filters.iter().map(filter).collect()
}
