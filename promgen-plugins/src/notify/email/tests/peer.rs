//! A mail server for tests, with a certificate of its own, that does as it is told.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How the server is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    Plain,
    StartTls,
    Implicit,
}

/// What it does out of the ordinary: to the first command that begins so (`.` ends a mail), it
/// gives this answer, or none at all and waits for the client to go. Once only.
pub(super) type Trick = Option<(&'static str, &'static str)>;

/// What it saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) connections: usize,
    pub(super) handshakes: usize,
    pub(super) commands: Vec<String>,
    pub(super) mails: Vec<String>,
}

/// A running server.
pub(super) struct Peer {
    pub(super) port: u16,
    /// Its certificate, as PEM.
    pub(super) certificate: String,
    thread: JoinHandle<Seen>,
}

impl Peer {
    /// Serves this many connections, one after the other.
    pub(super) fn start(connections: usize, speech: Speech, trick: Trick) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::Pkcs8(key))
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = Arc::new(config);
        let thread = std::thread::spawn(move || {
            let mut server = Server {
                speech,
                trick,
                seen: Seen::default(),
            };
            for _ in 0..connections {
                server.connection(&listener, &config);
            }
            server.seen
        });
        Self {
            port,
            certificate: made.cert.pem(),
            thread,
        }
    }

    /// Waits for the last connection to end. Whoever holds one must be dropped before.
    pub(super) fn seen(self) -> Seen {
        self.thread.join().unwrap()
    }
}

struct Server {
    speech: Speech,
    trick: Trick,
    seen: Seen,
}

/// How a conversation ended.
enum End {
    Gone,
    Upgrade,
}

impl Server {
    fn connection(&mut self, listener: &TcpListener, config: &Arc<ServerConfig>) {
        let (mut plain, _) = listener.accept().unwrap();
        self.seen.connections += 1;
        if self.speech != Speech::Implicit {
            plain.write_all(b"220 peer\r\n").unwrap();
            if matches!(self.talk(&mut plain, false), End::Gone) {
                return;
            }
        }
        let tls = ServerConnection::new(Arc::clone(config)).unwrap();
        let mut secure = StreamOwned::new(tls, plain);
        while secure.conn.is_handshaking() {
            // A client that does not trust the certificate hangs up here.
            if secure.conn.complete_io(&mut secure.sock).is_err() {
                return;
            }
        }
        self.seen.handshakes += 1;
        if self.speech == Speech::Implicit {
            secure.write_all(b"220 peer\r\n").unwrap();
        }
        self.talk(&mut secure, true);
    }

    fn talk(&mut self, stream: &mut (impl Read + Write), secure: bool) -> End {
        while let Some(line) = read_line(stream) {
            self.seen.commands.push(line.clone());
            let answer = match self.tricked(&line) {
                Some("") => {
                    while read_line(stream).is_some() {}
                    return End::Gone;
                }
                Some(answer) => answer,
                None => self.answer(&line, secure),
            };
            if write!(stream, "{answer}\r\n")
                .and_then(|()| stream.flush())
                .is_err()
            {
                return End::Gone;
            }
            match answer {
                "220 go ahead" => return End::Upgrade,
                "354 go ahead" if !self.mail(stream) => return End::Gone,
                _ => {}
            }
        }
        End::Gone
    }

    fn answer(&self, line: &str, secure: bool) -> &'static str {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if self.speech == Speech::StartTls && !secure => {
                "250-peer\r\n250-STARTTLS\r\n250 8BITMIME"
            }
            "EHLO" => "250-peer\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "STARTTLS" => "220 go ahead",
            "AUTH" => "235 welcome",
            "DATA" => "354 go ahead",
            "QUIT" => "221 bye",
            _ => "250 fine",
        }
    }

    /// Takes a mail; false when the client is gone or left without an answer.
    fn mail(&mut self, stream: &mut (impl Read + Write)) -> bool {
        let mut mail = String::new();
        while let Some(line) = read_line(stream) {
            if line == "." {
                self.seen.mails.push(mail);
                let answer = self.tricked(".").unwrap_or("250 queued as 7");
                if answer.is_empty() {
                    while read_line(stream).is_some() {}
                    return false;
                }
                return write!(stream, "{answer}\r\n")
                    .and_then(|()| stream.flush())
                    .is_ok();
            }
            mail.push_str(&line);
            mail.push('\n');
        }
        false
    }

    fn tricked(&mut self, line: &str) -> Option<&'static str> {
        let (_, answer) = self.trick.filter(|(begin, _)| line.starts_with(begin))?;
        self.trick = None;
        Some(answer)
    }
}

/// A line without its end; `None` when the client is gone.
fn read_line(stream: &mut impl Read) -> Option<String> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while !line.ends_with(b"\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => line.push(byte[0]),
            _ => return None,
        }
    }
    line.truncate(line.len() - 2);
    Some(String::from_utf8(line).unwrap())
}
