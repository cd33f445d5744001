//! Answers that are read piece by piece and not kept.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use tokio::time::Instant;

use super::client::Way;
use super::{Class, Client, EgressFailure};
use crate::plugin::HttpRequest;

/// An answer whose body is still to come.
pub struct Streaming {
    /// Status code.
    pub status: u16,
    /// `Content-Type`, where it is text.
    pub content_type: Option<String>,
    answer: reqwest::Response,
    way: Way,
    deadline: Duration,
    until: Instant,
}

impl Client {
    /// Sends a request, and answers as soon as its status is known; `deadline` covers everything up
    /// to the last byte of the body.
    ///
    /// # Errors
    /// [`EgressFailure`] when nothing came back. Any status is an answer, not a failure.
    pub async fn open(
        &self,
        class: Class,
        request: HttpRequest,
        deadline: Duration,
    ) -> Result<Streaming, EgressFailure> {
        let until = Instant::now() + deadline;
        let (outgoing, way) = self.prepare(class, request)?;
        let answer = match tokio::time::timeout_at(until, outgoing.send()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(way.why(error)),
            Err(_) => return Err(slow(&way, deadline)),
        };
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Ok(Streaming {
            status: answer.status().as_u16(),
            content_type: content_type.map(ToOwned::to_owned),
            answer,
            way,
            deadline,
            until,
        })
    }
}

impl Streaming {
    /// The next piece of the body, unpacked; `None` at its end.
    ///
    /// # Errors
    /// [`EgressFailure`] when it breaks off, or is not complete in time.
    pub async fn next(&mut self) -> Result<Option<Bytes>, EgressFailure> {
        match tokio::time::timeout_at(self.until, self.answer.chunk()).await {
            Ok(piece) => piece.map_err(|error| self.way.why(error)),
            Err(_) => Err(slow(&self.way, self.deadline)),
        }
    }
}

impl std::fmt::Debug for Streaming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streaming")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

fn slow(way: &Way, deadline: Duration) -> EgressFailure {
    EgressFailure::Slow {
        host: way.host.clone(),
        deadline,
    }
}
