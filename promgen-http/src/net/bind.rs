//! The address that a server listens at, as an operator writes it.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

use super::Listener;

/// Where to listen: a TCP address or a unix socket.
///
/// ```
/// use promgen_http::Bind;
/// assert_eq!("127.0.0.1:8000".parse::<Bind>().unwrap().to_string(), "127.0.0.1:8000");
/// assert!("unix:/run/promgen.sock".parse::<Bind>().is_ok());
/// assert!("8000".parse::<Bind>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// Host (name or address, IPv6 in brackets) and port; port 0 takes any free one.
    Tcp(String),
    /// Path of a socket.
    Unix(PathBuf),
}

/// Why nobody can listen there. The operator's fault.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The text does not follow the form.
    #[error("{text:?} is no address to listen at; write 127.0.0.1:8000, [::1]:8000 or unix:PATH")]
    NotAnAddress {
        /// The text.
        text: String,
    },
    /// The system refuses: the address is taken, not ours, or needs more rights.
    #[error("cannot listen at {bind}: {source}")]
    Refused {
        /// The address.
        bind: Bind,
        /// Why.
        source: io::Error,
    },
}

impl Bind {
    /// Starts to listen, before anything else starts, so that a taken port is told at once. A socket
    /// file that nobody listens at any more is replaced.
    ///
    /// # Errors
    /// [`BindError::Refused`] with what the system says.
    pub async fn listen(&self) -> Result<Listener, BindError> {
        let listener = Listener::bind(self).await;
        listener.map_err(|source| BindError::Refused {
            bind: self.clone(),
            source,
        })
    }
}

impl FromStr for Bind {
    type Err = BindError;

    fn from_str(text: &str) -> Result<Self, BindError> {
        let wrong = || BindError::NotAnAddress {
            text: text.to_owned(),
        };
        if let Some(path) = text.strip_prefix("unix:") {
            let path = (!path.is_empty()).then(|| Self::Unix(PathBuf::from(path)));
            return path.ok_or_else(wrong);
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        let strange = |c: char| c.is_whitespace() || c.is_control() || c == '/';
        let host_fits = !host.is_empty() && (bracketed || !host.contains(':'));
        if !host_fits || host.contains(strange) || port.parse::<u16>().is_err() {
            return Err(wrong());
        }
        Ok(Self::Tcp(text.to_owned()))
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_print() {
        for text in [
            "127.0.0.1:8000",
            "0.0.0.0:0",
            "[::1]:80",
            "localhost:1",
            "unix:a b",
        ] {
            assert_eq!(text.parse::<Bind>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ":80",
            "8000",
            "localhost",
            "a:65536",
            "::1:80",
            "unix:",
            "http://a:80",
        ] {
            assert!(text.parse::<Bind>().is_err(), "{text}");
        }
    }
}
