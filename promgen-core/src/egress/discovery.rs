//! What a discovery source is given for real questions.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{Class, Client};
use crate::plugin::{DiscoveryContext, DiscoveryError, HttpRequest, HttpResponse};

/// Largest answer of a source: a million targets as Prometheus' service discovery writes them take
/// some 50 MiB.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The same in the words of an error.
const ANSWER_SIZE: &str = "64 MiB";

type Answer = Result<HttpResponse, DiscoveryError>;

/// The context of one round of questions, with the client behind it.
///
/// What was asked in a round is not asked again: many farms come from one document, and a source
/// that is away is waited for once. A failure is remembered like an answer.
#[derive(Debug)]
pub struct EgressDiscovery {
    client: Client,
    deadline: Duration,
    asked: Mutex<Vec<(HttpRequest, Answer)>>,
}

impl EgressDiscovery {
    /// A round in which nothing was asked yet; `deadline` is for each request.
    pub fn new(client: Client, deadline: Duration) -> Self {
        Self {
            client,
            deadline,
            asked: Mutex::default(),
        }
    }

    fn known(&self, request: &HttpRequest) -> Option<Answer> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let found = asked.iter().find(|(known, _)| known == request);
        found.map(|(_, answer)| answer.clone())
    }

    async fn ask(&self, request: HttpRequest) -> Answer {
        let origin = origin(&request.url);
        // One byte more than may come tells an answer of exactly that size from a larger one.
        let asking =
            self.client
                .request_sized(Class::Infra, request, self.deadline, ANSWER_BYTES + 1);
        let answer = asking.await.map_err(|failure| DiscoveryError {
            message: format!("{failure}; check the address, and that the source runs"),
        })?;
        if answer.body.len() > ANSWER_BYTES {
            let message = format!(
                "{origin}: the answer (HTTP {}) is larger than {ANSWER_SIZE}; let the source \
                 offer a part of it",
                answer.status
            );
            return Err(DiscoveryError { message });
        }
        Ok(answer)
    }
}

#[async_trait]
impl DiscoveryContext for EgressDiscovery {
    async fn http(&self, request: HttpRequest) -> Answer {
        if let Some(answer) = self.known(&request) {
            return answer;
        }
        let answer = self.ask(request.clone()).await;
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push((request, answer.clone()));
        answer
    }
}

/// Scheme, host and port: what may be told of an address.
fn origin(address: &str) -> String {
    let parsed = url::Url::parse(address);
    parsed.map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}
