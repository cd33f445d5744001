//! Where the server listens.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;
use tokio::net::{TcpListener, UnixListener};

/// An address to listen on: `HOST:PORT`, `[IPV6]:PORT`, or `unix:PATH`.
///
/// ```
/// use promgen_http::Bind;
/// assert!("127.0.0.1:8000".parse::<Bind>().is_ok());
/// assert!("unix:/run/promgen.sock".parse::<Bind>().is_ok());
/// assert!("8000".parse::<Bind>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// A TCP port; 0 lets the system choose.
    Tcp(SocketAddr),
    /// A socket file.
    Unix(PathBuf),
}

/// Why the server cannot listen.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The text is no address.
    #[error("{text:?} is no address to listen on; write 127.0.0.1:8000 or unix:/run/promgen.sock")]
    NotAnAddress {
        /// The text.
        text: String,
    },
    /// The system refuses.
    #[error("cannot listen on {bind}: {source}")]
    Refused {
        /// The address.
        bind: Bind,
        /// Why.
        source: std::io::Error,
    },
}

impl FromStr for Bind {
    type Err = BindError;

    fn from_str(text: &str) -> Result<Self, BindError> {
        let refused = || BindError::NotAnAddress {
            text: text.to_owned(),
        };
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() {
                Err(refused())
            } else {
                Ok(Self::Unix(path.into()))
            };
        }
        let address = text.replace("localhost:", "127.0.0.1:");
        address.parse().map(Self::Tcp).map_err(|_| refused())
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// An open door.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port.
    Tcp(TcpListener),
    /// A socket file.
    Unix(UnixListener),
}

impl Bind {
    /// Opens the door. A socket file that a dead server left behind is replaced.
    ///
    /// # Errors
    /// [`BindError::Refused`] when the address is taken or not ours.
    pub async fn listen(&self) -> Result<Listener, BindError> {
        let refused = |source| BindError::Refused {
            bind: self.clone(),
            source,
        };
        match self {
            Self::Tcp(address) => TcpListener::bind(address)
                .await
                .map(Listener::Tcp)
                .map_err(refused),
            Self::Unix(path) => {
                if path.exists() && std::os::unix::net::UnixStream::connect(path).is_err() {
                    std::fs::remove_file(path).map_err(refused)?;
                }
                UnixListener::bind(path)
                    .map(Listener::Unix)
                    .map_err(refused)
            }
        }
    }
}

impl Listener {
    /// The address that it is open on, with the port that the system chose.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(_) => None,
        }
    }
}
