//! A context and a driver that record, and what every driver must keep to.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::alert::Message;
use crate::config::Settings;
use crate::model::{AlertId, DeliveryId, Timestamp};
use crate::plugin::{
    HttpRequest, HttpResponse, Notifier, NotifierDescription, NotifierKind, NotifyContext,
    NotifyError, Receipt, Target,
};

/// A context without a network: keeps each request, and answers all of them alike.
#[derive(Debug)]
pub struct RecordingContext {
    /// The message.
    pub message: Message,
    /// Messages that go out with it; none.
    pub further: Vec<Message>,
    /// The alert; 1.
    pub alert: AlertId,
    /// The delivery; 1.
    pub delivery: DeliveryId,
    /// The attempt; 1.
    pub attempt: u32,
    /// The time; 2026-01-02T03:04:05.678Z.
    pub now: Timestamp,
    /// What comes back; an empty `200`.
    pub answer: Result<HttpResponse, NotifyError>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl RecordingContext {
    /// A first attempt at a message, which the destination takes.
    pub fn new(message: Message) -> Self {
        Self {
            message,
            further: Vec::new(),
            alert: AlertId(1),
            delivery: DeliveryId(1),
            attempt: 1,
            now: Timestamp(1_767_323_045_678),
            answer: Ok(answer(200, None)),
            requests: Mutex::default(),
        }
    }

    /// The same, but the destination answers with this status.
    #[must_use]
    pub fn answering(mut self, status: u16) -> Self {
        self.answer = Ok(answer(status, None));
        self
    }

    /// The requests that were made so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        locked(&self.requests).clone()
    }
}

fn answer(status: u16, retry_after: Option<Duration>) -> HttpResponse {
    HttpResponse {
        status,
        retry_after,
        body: Vec::new(),
    }
}

/// A test that panicked elsewhere does not hide what was recorded.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl NotifyContext for RecordingContext {
    fn message(&self) -> &Message {
        &self.message
    }

    fn further(&self) -> &[Message] {
        &self.further
    }

    fn alert(&self) -> AlertId {
        self.alert
    }

    fn delivery(&self) -> DeliveryId {
        self.delivery
    }

    fn attempt(&self) -> u32 {
        self.attempt
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, NotifyError> {
        locked(&self.requests).push(request);
        self.answer.clone()
    }
}

/// One call of a [`RecordingNotifier`].
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Counted from 1.
    pub attempt: u32,
    /// The destination.
    pub value: String,
    /// The message.
    pub message: Message,
}

/// A driver that keeps what it is given, and fails as often as it is told to.
#[derive(Debug, Default)]
pub struct RecordingNotifier {
    failures: Mutex<Vec<NotifyError>>,
    sent: Mutex<Vec<Sent>>,
}

impl RecordingNotifier {
    /// A driver whose first calls fail, in this order.
    pub fn failing(failures: impl IntoIterator<Item = NotifyError>) -> Self {
        let mut failures: Vec<NotifyError> = failures.into_iter().collect();
        failures.reverse();
        Self {
            failures: Mutex::new(failures),
            sent: Mutex::default(),
        }
    }

    /// Every call so far, those that failed too.
    pub fn sent(&self) -> Vec<Sent> {
        locked(&self.sent).clone()
    }
}

#[async_trait]
impl Notifier for RecordingNotifier {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        locked(&self.sent).push(Sent {
            delivery: context.delivery(),
            attempt: context.attempt(),
            value: target.value.reveal().clone(),
            message: context.message().clone(),
        });
        locked(&self.failures)
            .pop()
            .map_or_else(|| Ok(Receipt::default()), Err)
    }
}

/// Checks what every description must keep to.
///
/// # Panics
/// When it does not: a key that cannot stand in settings, a form without `value`, a field of
/// another name or there twice, a missing text, or a driver that default settings break.
pub fn description_keeps_the_contract(description: &NotifierDescription) {
    let key = description.key;
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    assert!(!key.is_empty() && key.chars().all(legal), "{key:?}");
    assert!(!description.label.is_empty(), "{key} has no label");
    assert!(!description.help.is_empty(), "{key} has no help");
    let names: Vec<&str> = description.fields.iter().map(|field| field.name).collect();
    assert!(names.contains(&"value"), "{key} asks for no value");
    let known = names.iter().all(|name| ["value", "alias"].contains(name));
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert!(known && distinct.len() == names.len(), "{key}: {names:?}");
    assert!(description.pace.at_once > 0, "{key} may never send");
    assert!(description.pace.bundle > 0, "{key} has bundles of nothing");
    let labelled = description.fields.iter().all(|f| !f.label.is_empty());
    assert!(labelled, "{key} has a field without label");
    if let NotifierKind::Send(build) = description.kind {
        let built = build(&Settings::default());
        assert!(built.is_ok(), "{key} breaks without settings: {built:?}");
    }
}

/// Checks what every driver must keep to that sends by HTTP: each status means what
/// [`HttpResponse::accepted`] says, a failure below passes through, every try bears the same
/// request, and nothing that it says holds the target's value or secret.
///
/// # Panics
/// When it does not.
pub async fn http_notifier_keeps_the_contract(
    notifier: &dyn Notifier,
    target: &Target,
    message: &Message,
) {
    let try_with = async |answer: Result<HttpResponse, NotifyError>| {
        let mut context = RecordingContext::new(message.clone());
        context.answer = answer;
        let result = notifier.send(&context, target).await;
        let told = format!("{result:?}");
        let secret = target
            .secret
            .as_ref()
            .map(|secret| secret.reveal().as_str());
        for hidden in [Some(target.value.reveal().as_str()), secret]
            .into_iter()
            .flatten()
        {
            assert!(!told.contains(hidden), "a secret is told: {told}");
        }
        let requests = context.requests();
        assert!(!requests.is_empty(), "nothing was sent");
        (result, requests)
    };
    let wait = Some(Duration::from_secs(7));
    let (taken, first) = try_with(Ok(answer(200, None))).await;
    assert!(taken.is_ok(), "{taken:?}");
    for status in [301, 400, 401, 404, 410, 408, 429, 500, 503] {
        let answer = answer(status, wait);
        let expected = answer.accepted();
        let (result, requests) = try_with(Ok(answer)).await;
        assert_eq!(result.map(drop), expected, "after HTTP {status}");
        assert!(requests == first, "another request than before");
    }
    let below = NotifyError::Retry {
        after: None,
        message: "no network".to_owned(),
    };
    let (result, _) = try_with(Err(below.clone())).await;
    assert_eq!(result, Err(below));
}
