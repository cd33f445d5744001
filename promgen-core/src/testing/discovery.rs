//! A context without a network for discovery sources, and what every source must keep to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::config::Settings;
use crate::plugin::{
    Discovery, DiscoveryContext, DiscoveryDescription, DiscoveryError, HttpRequest, HttpResponse,
};

/// A context without a network: keeps each request, and answers by its URL.
#[derive(Debug, Default)]
pub struct RecordingDiscoveryContext {
    answers: BTreeMap<String, Result<HttpResponse, DiscoveryError>>,
    usual: Option<Result<HttpResponse, DiscoveryError>>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl RecordingDiscoveryContext {
    /// A context in which no address answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, but this URL answers.
    #[must_use]
    pub fn at(mut self, url: &str, status: u16, body: &str) -> Self {
        self.answers
            .insert(url.to_owned(), Ok(answer(status, body)));
        self
    }

    /// The same, but every further URL answers like this.
    #[must_use]
    pub fn everywhere(mut self, status: u16, body: &str) -> Self {
        self.usual = Some(Ok(answer(status, body)));
        self
    }

    /// The requests that were made so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    }
}

#[async_trait]
impl DiscoveryContext for RecordingDiscoveryContext {
    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, DiscoveryError> {
        let found = self.answers.get(&request.url).or(self.usual.as_ref());
        let answer = found.cloned().unwrap_or_else(|| {
            let message = "no network".to_owned();
            Err(DiscoveryError { message })
        });
        let requests = self.requests.lock();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        answer
    }
}

/// Checks what every description of a source must keep to.
///
/// # Panics
/// When it does not: a key that farms cannot keep, the key of the local source, a section that
/// cannot stand in settings, a missing text, or a source that default settings break.
pub fn discovery_description_keeps_the_contract(description: &DiscoveryDescription) {
    let (key, section) = (description.key, description.section);
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_' || c == '-';
    for text in [key, section] {
        assert!(!text.is_empty() && text.chars().all(legal), "{text:?}");
    }
    assert!(key.len() <= 128, "{key} does not fit into a farm");
    assert_ne!(key, crate::model::LOCAL_SOURCE);
    assert!(!description.label.is_empty(), "{key} has no label");
    assert!(!description.help.is_empty(), "{key} has no help");
    let built = (description.build)(&Settings::default());
    assert!(built.is_ok(), "{key} breaks without settings: {built:?}");
}

/// Checks what every source must keep to that answers in this context: it offers some farm, says
/// the same when it is asked again, names no farm twice, has no empty names, fetches every farm that
/// it offers, and refuses one that it does not.
///
/// # Panics
/// When it does not.
pub async fn discovery_keeps_the_contract(source: &dyn Discovery, context: &dyn DiscoveryContext) {
    let farms = source.farms(context).await.unwrap_or_default();
    let distinct: BTreeSet<&String> = farms.iter().collect();
    assert!(!farms.is_empty(), "{source:?} offers nothing");
    assert_eq!(distinct.len(), farms.len(), "a farm twice: {farms:?}");
    assert_eq!(source.farms(context).await.as_ref(), Ok(&farms));
    for farm in &farms {
        let hosts = source.fetch(context, farm).await;
        let named = hosts
            .as_ref()
            .is_ok_and(|all| all.iter().all(|host| !host.is_empty()));
        assert!(!farm.is_empty() && named, "{farm:?}: {hosts:?}");
        assert_eq!(source.fetch(context, farm).await, hosts);
    }
    let unknown = source.fetch(context, "no such farm \u{fffd}").await;
    let told = unknown.err().map(|error| error.message);
    assert!(
        told.is_some_and(|told| !told.is_empty()),
        "a farm that is not"
    );
}

/// Checks what every source must keep to that asks by HTTP: whatever is no answer is an error and
/// not an empty list, and no error holds a secret.
///
/// # Panics
/// When it does not.
pub async fn http_discovery_keeps_the_contract(source: &dyn Discovery, secrets: &[&str]) {
    let mut contexts = vec![RecordingDiscoveryContext::new()];
    for status in [204, 301, 400, 401, 403, 404, 429, 500, 503] {
        contexts.push(RecordingDiscoveryContext::new().everywhere(status, ""));
    }
    for body in [
        "",
        "<!DOCTYPE html><title>Log in</title>",
        "[",
        "[{]",
        "7",
        "null",
        "\u{0}\u{fffd}",
    ] {
        contexts.push(RecordingDiscoveryContext::new().everywhere(200, body));
    }
    for context in &contexts {
        let farms = source.farms(context).await.map(drop);
        let hosts = source.fetch(context, "farm").await.map(drop);
        assert!(!context.requests().is_empty(), "nothing was asked");
        for told in [farms, hosts] {
            let told = told.err().map(|error| error.message).unwrap_or_default();
            assert!(!told.is_empty(), "no error after {context:?}");
            let leaked = secrets.iter().any(|secret| told.contains(secret));
            assert!(!leaked, "a secret is told: {told}");
        }
    }
    let shown = format!("{source:?}");
    assert!(!secrets.iter().any(|secret| shown.contains(secret)));
}
