//! Taking connections, whatever the system says in between.

use std::io;
use std::time::Duration;

use super::{Listener, Stream};

/// Pause after an error that is about this process and not about one peer (no free file
/// descriptors, no memory): long enough not to spin, short enough not to be noticed.
const PAUSE: Duration = Duration::from_millis(100);

/// The next connection. Errors are told to the log and outlived.
pub(crate) async fn accept(listener: &Listener) -> Stream {
    loop {
        match listener.accept().await {
            Ok(stream) => return stream,
            Err(error) if is_about_the_peer(&error) => {
                tracing::debug!(%error, "a connection broke before it was taken");
            }
            Err(error) => {
                tracing::warn!(%error, address = %listener.bound(), "cannot take connections");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Errors of one connection, after which the next can be taken at once.
fn is_about_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::NotConnected
            | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_of_the_process_make_the_loop_pause() {
        // 24 is EMFILE, 103 is ECONNABORTED.
        assert!(!is_about_the_peer(&io::Error::from_raw_os_error(24)));
        assert!(is_about_the_peer(&io::Error::from_raw_os_error(103)));
    }
}
