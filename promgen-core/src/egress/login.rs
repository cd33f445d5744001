//! What a login backend is given for real logins.

use std::time::Duration;

use async_trait::async_trait;

use super::{Class, Client};
use crate::model::Timestamp;
use crate::plugin::{AuthContext, AuthError, HttpRequest, HttpResponse};

/// Largest answer of an identity provider. Key sets and lists of groups have some KiB.
const ANSWER_BYTES: usize = 1024 * 1024;

/// How long each question may take: a person is waiting.
const DEADLINE: Duration = Duration::from_secs(10);

/// The context of one login, with the client behind it.
#[derive(Debug, Clone)]
pub struct EgressLogin {
    client: Client,
    now: Timestamp,
}

impl EgressLogin {
    /// A login that happens at this time.
    pub fn new(client: Client, now: Timestamp) -> Self {
        Self { client, now }
    }
}

#[async_trait]
impl AuthContext for EgressLogin {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn random(&self) -> Result<[u8; 32], AuthError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|_| AuthError::failed("the operating system gives no random bytes"))?;
        Ok(bytes)
    }

    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let asking = self
            .client
            .request_sized(Class::Infra, request, DEADLINE, ANSWER_BYTES);
        asking
            .await
            .map_err(|failure| AuthError::failed(failure.to_string()))
    }
}
