//! Waking loops of this process: none is woken too late, however many listen.

use tokio::sync::watch;

/// Something that loops want to hear of. A wake-up that comes while a loop is busy is kept for it.
#[derive(Debug)]
pub(super) struct Signal(watch::Sender<()>);

impl Default for Signal {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Signal {
    /// Wakes all listeners.
    pub(super) fn wake(&self) {
        self.0.send_replace(());
    }

    /// A listener that hears of everything from this moment on.
    pub(super) fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// One loop's ear.
#[derive(Debug)]
pub(super) struct Listener(watch::Receiver<()>);

impl Listener {
    /// Returns at the next wake-up.
    pub(super) async fn heard(&mut self) {
        if self.0.changed().await.is_err() {
            // The program is ending; its loops are stopped by their stop signal.
            std::future::pending::<()>().await;
        }
    }
}
