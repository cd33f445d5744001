//! Answers that are kept only as far as there is room for them.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;

use super::client::Way;
use super::{Class, Client, EgressFailure};
use crate::plugin::HttpRequest;

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Status code.
    pub status: u16,
    /// `Content-Type`, where it is text.
    pub content_type: Option<String>,
    /// The whole body, unpacked.
    pub body: Vec<u8>,
}

impl Client {
    /// Sends a request and keeps the whole of the answer, or nothing. `room` is asked for the bytes
    /// of each piece before it is kept, and says whether there is room for them.
    ///
    /// # Errors
    /// [`EgressFailure::TooLarge`] when there is none, [`EgressFailure::Slow`] when the answer is
    /// not complete before the deadline, and whatever else keeps an answer from coming. Any status
    /// is an answer, not a failure.
    pub async fn request_measured(
        &self,
        class: Class,
        request: HttpRequest,
        deadline: Duration,
        room: impl FnMut(usize) -> bool + Send,
    ) -> Result<Measured, EgressFailure> {
        let (outgoing, way) = self.prepare(class, request)?;
        let received = tokio::time::timeout(deadline, receive(outgoing, &way, room)).await;
        received.unwrap_or_else(|_| {
            let host = way.host.clone();
            Err(EgressFailure::Slow { host, deadline })
        })
    }
}

async fn receive(
    outgoing: reqwest::RequestBuilder,
    way: &Way,
    mut room: impl FnMut(usize) -> bool + Send,
) -> Result<Measured, EgressFailure> {
    let failed = |error| way.why(error);
    let mut answer = outgoing.send().await.map_err(failed)?;
    let content_type = answer.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let mut measured = Measured {
        status: answer.status().as_u16(),
        content_type: content_type.map(ToOwned::to_owned),
        body: Vec::new(),
    };
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if !room(chunk.len()) {
            let host = way.host.clone();
            return Err(EgressFailure::TooLarge { host });
        }
        measured.body.extend_from_slice(&chunk);
    }
    Ok(measured)
}
