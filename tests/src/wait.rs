//! Waiting for something real, up to a deadline.

use std::net::TcpListener;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
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

/// Below the ports that systems lend to outgoing connections: 32,768 to 60,999 on Linux, 49,152 and
/// above elsewhere.
const PORTS: std::ops::Range<u16> = 16_384..32_768;

/// A port of this machine that nothing listens on. Nobody else in this process gets it, and no
/// connection of another test borrows it while a server is stopped.
///
/// # Panics
/// When the machine has none.
#[expect(
    clippy::expect_used,
    reason = "a machine without a free port cannot run tests"
)]
pub fn free_port() -> u16 {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    // Processes that run at the same time begin at different places.
    let count = PORTS.end - PORTS.start;
    let next = NEXT.get_or_init(|| {
        let begin = std::process::id().wrapping_mul(509) % u32::from(count);
        AtomicU16::new(u16::try_from(begin).unwrap_or(0))
    });
    (0..count)
        .map(|_| PORTS.start + next.fetch_add(1, Ordering::Relaxed) % count)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
