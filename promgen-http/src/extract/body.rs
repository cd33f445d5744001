//! Receiving a body within limits of size, time and memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::HttpError;

/// How much of a body that is refused anyway is still received. A client that is cut off while it
/// sends sees a broken connection and not the answer that tells it why.
const DISCARD_BYTES: usize = 64 * 1024 * 1024;

/// Most bytes of a body that is received, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Most bytes.
    pub(crate) bytes: usize,
    /// Most time for the whole of it.
    pub(crate) time: Duration,
    /// What all bodies under way share, in KiB.
    pub(crate) memory: Arc<Semaphore>,
}

/// A body with the memory that it holds.
#[derive(Debug)]
pub(crate) struct Received {
    /// The body.
    pub(crate) bytes: Bytes,
    /// Its share of the memory; to be kept until the request is answered.
    pub(crate) memory: Option<OwnedSemaphorePermit>,
}

/// Receives a body.
///
/// One that is declared too large is refused before the client sends it, where the client asks
/// first (`Expect: 100-continue`).
pub(crate) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    limits: &Limits,
) -> Result<Received, HttpError> {
    let limit_bytes = limits.bytes;
    let refusal = if is_encoded(headers) {
        Some(HttpError::Encoded)
    } else if declared(headers).is_some_and(|length| length > limit_bytes) {
        Some(HttpError::TooLarge { limit_bytes })
    } else {
        None
    };
    if let Some(error) = refusal {
        discard(headers, body, limits.time).await;
        return Err(error);
    }
    let received = timeout(limits.time, collect(&mut body, limits)).await;
    match received.unwrap_or(Err(HttpError::SlowBody)) {
        Err(error @ HttpError::TooLarge { .. }) => {
            discard(headers, body, limits.time).await;
            Err(error)
        }
        other => other,
    }
}

async fn collect(body: &mut Body, limits: &Limits) -> Result<Received, HttpError> {
    let mut bytes = BytesMut::new();
    let mut memory: Option<OwnedSemaphorePermit> = None;
    let mut paid_kib = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| HttpError::BrokenBody)?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        let size = bytes.len().saturating_add(chunk.len());
        if size > limits.bytes {
            return Err(HttpError::TooLarge {
                limit_bytes: limits.bytes,
            });
        }
        let kib = u32::try_from(size.div_ceil(1024)).unwrap_or(u32::MAX);
        let paid = Arc::clone(&limits.memory).try_acquire_many_owned(kib - paid_kib);
        let paid = paid.map_err(|_| HttpError::Crowded)?;
        paid_kib = kib;
        match &mut memory {
            Some(memory) => memory.merge(paid),
            None => memory = Some(paid),
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Received {
        bytes: bytes.freeze(),
        memory,
    })
}

/// Receives what is left of a body and forgets it, within bounds, so that the answer is read.
pub(crate) async fn discard(headers: &HeaderMap, mut body: Body, time: Duration) {
    // Whoever asked first, or declares more than that, is answered at once.
    let asked = headers.contains_key(header::EXPECT);
    if asked || declared(headers).is_some_and(|length| length > DISCARD_BYTES) {
        return;
    }
    let receive = async {
        let mut size = 0_usize;
        while let Some(Ok(frame)) = body.frame().await {
            size = size.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if size > DISCARD_BYTES {
                return;
            }
        }
    };
    if timeout(time, receive).await.is_err() {
        tracing::debug!("a refused body did not end in time");
    }
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    // A length beyond what a number can hold is beyond every limit as well.
    Some(length.parse().unwrap_or(usize::MAX))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    fn limits(bytes: usize) -> Limits {
        Limits {
            bytes,
            time: Duration::from_mins(1),
            memory: Arc::new(Semaphore::new(2)),
        }
    }

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pair =
            |(name, value): &(header::HeaderName, &str)| (name.clone(), value.parse().unwrap());
        pairs.iter().map(pair).collect()
    }

    async fn read_text(text: String, limits: &Limits) -> Result<usize, HttpError> {
        let received = read(&HeaderMap::new(), Body::from(text), limits).await?;
        Ok(received.bytes.len())
    }

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_received() {
        assert_eq!(read_text("x".repeat(8), &limits(8)).await.unwrap(), 8);
        assert_eq!(read_text(String::new(), &limits(8)).await.unwrap(), 0);
        let error = read_text("x".repeat(9), &limits(8)).await.unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { limit_bytes: 8 }));
    }

    #[tokio::test]
    async fn what_is_declared_too_large_or_encoded_is_refused_unread() {
        let declared = headers(&[(header::CONTENT_LENGTH, "99999999999999999999999")]);
        let error = read(&declared, Body::empty(), &limits(8))
            .await
            .unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { .. }));
        let gzip = headers(&[(header::CONTENT_ENCODING, "gzip")]);
        let error = read(&gzip, Body::empty(), &limits(8)).await.unwrap_err();
        assert!(matches!(error, HttpError::Encoded));
        let plain = headers(&[(header::CONTENT_ENCODING, "Identity")]);
        assert!(read(&plain, Body::empty(), &limits(8)).await.is_ok());
    }

    #[tokio::test]
    async fn memory_is_shared_and_given_back() {
        let limits = limits(4096);
        let held = read(&HeaderMap::new(), Body::from("x".repeat(1500)), &limits).await;
        assert_eq!(limits.memory.available_permits(), 0);
        let error = read_text("x".to_owned(), &limits).await.unwrap_err();
        assert!(matches!(error, HttpError::Crowded));
        drop(held);
        assert_eq!(limits.memory.available_permits(), 2);
        assert_eq!(read_text("x".to_owned(), &limits).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let limits = Limits {
            time: Duration::from_millis(1),
            ..limits(8)
        };
        let never = Body::new(Pending);
        let error = read(&HeaderMap::new(), never, &limits).await.unwrap_err();
        assert!(matches!(error, HttpError::SlowBody));
    }

    /// A body that never sends anything.
    struct Pending;

    impl hyper::body::Body for Pending {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            Poll::Pending
        }
    }
}
