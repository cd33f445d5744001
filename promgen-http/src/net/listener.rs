//! A socket that connections arrive at.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, UnixListener, UnixStream};

use super::{Bind, Stream};

/// A bound socket, made by [`Bind::listen`].
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    bound: Bind,
    /// Removed when the listener goes.
    _file: Option<SocketFile>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The file of a unix socket, which goes with its listener.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(%error, path = %self.0.display(), "socket file not removed");
        }
    }
}

impl Listener {
    /// Binds an address; see [`Bind::listen`].
    pub(super) async fn bind(address: &Bind) -> io::Result<Self> {
        match address {
            Bind::Tcp(text) => {
                let listener = TcpListener::bind(text.as_str()).await?;
                let bound = Bind::Tcp(listener.local_addr()?.to_string());
                Ok(Self {
                    socket: Socket::Tcp(listener),
                    bound,
                    _file: None,
                })
            }
            Bind::Unix(path) => {
                clear_stale(path).await?;
                Ok(Self {
                    socket: Socket::Unix(UnixListener::bind(path)?),
                    bound: address.clone(),
                    _file: Some(SocketFile(path.clone())),
                })
            }
        }
    }

    /// Where it listens: the port that was taken, where 0 was asked for.
    pub fn bound(&self) -> &Bind {
        &self.bound
    }

    /// The TCP address, `None` for a unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr().ok(),
            Socket::Unix(_) => None,
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match &self.socket {
            Socket::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Stream::tcp(stream))
            }
            Socket::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok(Stream::unix(stream))
            }
        }
    }
}

/// Removes the socket file of a server that is gone.
async fn clear_stale(path: &Path) -> io::Result<()> {
    match UnixStream::connect(path).await {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        // Only a socket refuses; any other file makes the bind fail, and stays as it is.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused && is_socket(path) => {
            std::fs::remove_file(path)
        }
        Err(_) => Ok(()),
    }
}

fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn port_zero_takes_a_free_port_and_tells_it() {
        let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        let port = listener.address().unwrap().port();
        assert_ne!(port, 0);
        assert_eq!(listener.bound().to_string(), format!("127.0.0.1:{port}"));
        let again = Listener::bind(listener.bound()).await.unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn a_socket_file_is_replaced_only_when_nobody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("promgen.sock");
        let bind = Bind::Unix(path.clone());
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "a server that was killed leaves its file");
        let listener = Listener::bind(&bind).await.unwrap();
        let second = Listener::bind(&bind).await.unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::AddrInUse);
        drop(listener);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_file_that_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "mine").unwrap();
        assert!(Listener::bind(&Bind::Unix(path.clone())).await.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}
