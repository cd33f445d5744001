//! What a driver is given for a real attempt.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{Class, Client};
use crate::alert::Message;
use crate::model::{AlertId, DeliveryId, Timestamp};
use crate::plugin::{HttpRequest, HttpResponse, NotifyContext, NotifyError};

/// The context of one attempt, with the guarded client behind it.
#[derive(Debug, Clone)]
pub struct EgressContext {
    /// The client.
    pub client: Client,
    /// The expanded message.
    pub message: Message,
    /// Messages that go out with it.
    pub further: Vec<Message>,
    /// The alert.
    pub alert: AlertId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Counted from 1.
    pub attempt: u32,
    /// The time of the attempt.
    pub now: Timestamp,
    /// How long a request may take.
    pub deadline: Duration,
    /// Where it is noted how the requests end.
    pub exchange: Exchange,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// With an answer of this status.
    Status(u16),
    /// Without an answer.
    Nothing,
}

/// How the last request of an attempt ended, for whoever counts. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Arc<Mutex<Option<Answered>>>);

impl Exchange {
    /// Notes how a request ended.
    pub fn note(&self, answered: Answered) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
    }

    /// How the last request ended; `None` when nothing was asked.
    pub fn last(&self) -> Option<Answered> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl NotifyContext for EgressContext {
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
        let asking = self.client.request(Class::Notify, request, self.deadline);
        let answered = asking.await;
        self.exchange.note(match &answered {
            Ok(answer) => Answered::Status(answer.status),
            Err(_) => Answered::Nothing,
        });
        Ok(answered?)
    }
}
