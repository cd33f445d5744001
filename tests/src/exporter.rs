//! A tiny exporter that can be stopped and started again on the same port.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use tokio::task::JoinSet;

/// An exporter with one metric.
#[derive(Debug)]
pub struct Exporter {
    address: SocketAddr,
    serving: JoinSet<()>,
}

impl Exporter {
    /// Starts on a free port.
    pub async fn start() -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], crate::wait::free_port()));
        let mut exporter = Self {
            address,
            serving: JoinSet::new(),
        };
        exporter.resume().await;
        exporter
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Stops answering: connections are refused from now on.
    pub async fn stop(&mut self) {
        self.serving.shutdown().await;
    }

    /// Answers again.
    pub async fn resume(&mut self) {
        let address = self.address;
        let bind = async || tokio::net::TcpListener::bind(address).await.ok();
        let listener = crate::wait::until("the exporter's port", bind).await;
        let metrics = || async { "# TYPE demo gauge\ndemo 1\n" };
        let router = Router::new().route("/metrics", get(metrics));
        self.serving.spawn(async move {
            axum::serve(listener, router).await.ok();
        });
    }
}
