//! The operator's SMTP server: connections, their reuse, and what its failures mean.
//!
//! Connections are kept here and not in lettre's pool, for that pool takes back a connection whose
//! `send` was cut short by a deadline. The next mail on it reads the answers to the one before, and
//! may count as sent when it was not. Here a connection is out of the pool while it is used, and
//! only one whose mail was taken comes back; any other is closed by being dropped.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use promgen_core::config::{Mail, MailTls};
use promgen_core::model::Timestamp;
use promgen_core::plugin::NotifyError;

/// Idle connections that are kept at most: enough for a burst of mails to need few handshakes, few
/// enough for a server that counts connections by client.
const MOST_IDLE: usize = 8;

/// How long an idle connection is worth trying again. Servers hang up after some minutes (five, by
/// RFC 5321), some much sooner.
const LONGEST_IDLE: Duration = Duration::from_secs(30);

/// Most characters kept of what a server or the network said.
const COMPLAINT_CHARS: usize = 300;

/// One SMTP server, with the connections to it that wait for their next mail.
pub(super) struct Server {
    mail: Mail,
    tls: Option<TlsParameters>,
    timeout: Duration,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Timestamp,
}

impl Server {
    /// Reads the settings and the certificates that they name. Connects to nothing.
    ///
    /// `timeout` is for one mail, from connecting to the server's last word.
    ///
    /// # Errors
    /// What is wrong with the TLS settings.
    pub(super) fn new(mail: Mail, timeout: Duration) -> Result<Self, String> {
        let tls = match mail.tls {
            MailTls::None => None,
            MailTls::StartTls | MailTls::Implicit => Some(tls_parameters(&mail)?),
        };
        Ok(Self {
            mail,
            tls,
            timeout,
            idle: Mutex::default(),
        })
    }

    /// The host, for logs.
    pub(super) fn host(&self) -> &str {
        &self.mail.host
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// Permanent when the server refuses this mail with a 5xx. Everything else is worth a retry: a
    /// 4xx, the network, and whatever happens before the mail is mentioned (a refused login, say,
    /// which the operator can mend within the day).
    pub(super) async fn send(
        &self,
        message: &Message,
        now: Timestamp,
    ) -> Result<Response, NotifyError> {
        let sending = tokio::time::timeout(self.timeout, self.exchange(message, now));
        sending.await.unwrap_or_else(|_| {
            let seconds = self.timeout.as_secs_f64();
            Err(retry(format!(
                "no answer from the mail server within {seconds} s"
            )))
        })
    }

    async fn exchange(&self, message: &Message, now: Timestamp) -> Result<Response, NotifyError> {
        let mut connection = match self.idle_connection(now).await {
            Some(connection) => connection,
            None => self
                .connect()
                .await
                .map_err(|error| retry(complaint(&error)))?,
        };
        let answer = connection
            .send(message.envelope(), &message.formatted())
            .await
            .map_err(|error| judge(&error))?;
        self.park(connection, now);
        Ok(answer)
    }

    async fn idle_connection(&self, now: Timestamp) -> Option<AsyncSmtpConnection> {
        loop {
            let mut idle = self.pop_idle()?;
            let fresh = now.since(idle.since) <= LONGEST_IDLE;
            if fresh && idle.connection.test_connected().await {
                return Some(idle.connection);
            }
        }
    }

    fn pop_idle(&self) -> Option<Idle> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn park(&self, connection: AsyncSmtpConnection, since: Timestamp) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE && !connection.has_broken() {
            idle.push(Idle { connection, since });
        }
    }

    #[cfg(test)]
    pub(super) fn has_no_idle_connection(&self) -> bool {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let mail = &self.mail;
        let hello = ClientId::default();
        let wrapper = match mail.tls {
            MailTls::Implicit => self.tls.clone(),
            MailTls::None | MailTls::StartTls => None,
        };
        let server = (mail.host.as_str(), mail.port);
        let limit = Some(self.timeout);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, limit, &hello, wrapper, None).await?;
        if let (MailTls::StartTls, Some(tls)) = (mail.tls, &self.tls) {
            // Fails where the server does not offer it: never on in plain text.
            connection.starttls(tls.clone(), &hello).await?;
        }
        if !mail.user.is_empty() {
            let password = mail.password.as_ref().map(|secret| secret.reveal().clone());
            let login = Credentials::new(mail.user.clone(), password.unwrap_or_default());
            connection.auth(DEFAULT_MECHANISMS, &login).await?;
        }
        Ok(connection)
    }
}

fn tls_parameters(mail: &Mail) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(mail.host.clone());
    if let Some(path) = &mail.ca_file {
        let unusable =
            |why: &dyn std::fmt::Display| format!("EMAIL_CA_FILE {}: {why}", path.display());
        let pem = std::fs::read(path).map_err(|error| unusable(&error))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| unusable(&error))?;
        builder = builder.add_root_certificate(authority);
    }
    builder
        .build_rustls()
        .map_err(|error| format!("TLS: {error}"))
}

fn judge(error: &lettre::transport::smtp::Error) -> NotifyError {
    let message = complaint(error);
    if error.is_permanent() {
        NotifyError::Permanent { message }
    } else {
        retry(message)
    }
}

fn retry(message: String) -> NotifyError {
    NotifyError::Retry {
        after: None,
        message,
    }
}

/// What the server or the network said, on one line.
fn complaint(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let more = source.to_string();
        // The outer error quotes the inner one in some cases, and leaves it out in others.
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = source.source();
    }
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(COMPLAINT_CHARS).collect()
}
