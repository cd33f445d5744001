//! Waiting for something real, up to a deadline.

use std::time::Duration;

use tokio::time::Instant;

/// Longest wait of a test. What waits this long has failed.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Asks again until there is an answer.
///
/// # Panics
/// When there is none within [`PATIENCE`]; `what` says what was waited for.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A port of this machine that was free a moment ago.
///
/// # Panics
/// When the machine has none.
#[expect(
    clippy::expect_used,
    reason = "a machine without a free port cannot run tests"
)]
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener
        .local_addr()
        .expect("the port that was bound")
        .port()
}
