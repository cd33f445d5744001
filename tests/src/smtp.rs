//! A real SMTP server (aiosmtpd), with TLS by a certificate of the test's own.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process::{Running, command, needed};
use crate::tls::Certificate;
use crate::wait::{free_port, until};

/// How the server speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// `STARTTLS`, required.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Recipient of the envelope.
    pub to: String,
    /// Decoded subject.
    pub subject: String,
    /// Decoded text.
    pub body: String,
    /// `Message-ID`.
    pub id: String,
    /// Names of all headers, in order.
    pub headers: Vec<String>,
}

/// The server. Recipients `refused@…` get a 550, `later@…` a 450.
#[derive(Debug)]
pub struct Smtp {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// PEM file of the authority that its certificate is signed by.
    pub ca_file: PathBuf,
    process: Running,
}

impl Smtp {
    /// Starts on a free port; `None` where aiosmtpd is not installed.
    ///
    /// # Panics
    /// When it does not get ready.
    pub async fn start(folder: &Path, tls: Tls) -> Option<Self> {
        let python = needed(&["python3"])?;
        let python = if Path::new("/usr/bin/python3").exists() {
            "/usr/bin/python3".into()
        } else {
            python
        };
        let certificate = Certificate::make(folder);
        let port = free_port();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/smtp_server.py");
        let mode = if tls == Tls::Implicit {
            "implicit"
        } else {
            "starttls"
        };
        let arguments = [
            script,
            &port.to_string(),
            mode,
            &folder.display().to_string(),
        ];
        let log = folder.join(format!("smtp-{port}.log"));
        let process = Running::start(&mut command(&python, &arguments), &log);
        let smtp = Self {
            port,
            ca_file: certificate.authority,
            process,
        };
        until("the SMTP server", async || {
            let log = smtp.process.log();
            assert!(
                !log.contains("Error"),
                "the SMTP server failed (python3-aiosmtpd?): {log}"
            );
            log.contains("ready").then_some(())
        })
        .await;
        Some(smtp)
    }

    /// Mails that arrived, in order.
    pub fn mails(&self) -> Vec<Mail> {
        let log = self.process.log();
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let name = |name: &Value| name.as_str().unwrap_or_default().to_owned();
        let names = |list: &Value| list.as_array().into_iter().flatten().map(name).collect();
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        lines
            .map(|mail| Mail {
                to: text(&mail, "to"),
                subject: text(&mail, "subject"),
                body: text(&mail, "body"),
                id: text(&mail, "id"),
                headers: names(&mail["headers"]),
            })
            .collect()
    }

    /// Waits for the first mail to somebody whose subject begins so.
    pub async fn first(&self, to: &str, subject: &str) -> Mail {
        until(&format!("a mail to {to} about {subject}"), async || {
            self.mails()
                .into_iter()
                .find(|mail| mail.to == to && mail.subject.starts_with(subject))
        })
        .await
    }
}
