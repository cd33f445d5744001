//! Mails against a server on a socket of its own.

use promgen_core::alert;
use promgen_core::config::{MailTls, Section};
use promgen_core::model::{DeliveryId, Secret};
use promgen_core::testing::RecordingContext;
use tempfile::NamedTempFile;

use super::*;

mod peer;

use peer::{Peer, Seen, Speech, Trick};

/// Longer than the server ever takes.
const PATIENT: Duration = Duration::from_mins(1);

fn section(sender: Section) -> Section {
    Section::Mapping([("sender".into(), sender)].into_iter().collect())
}

fn settings(sender: Option<&str>, default_from: Option<&str>) -> Settings {
    let mut settings = Settings::default();
    settings.mail.default_from = default_from.map(str::to_owned);
    settings.delivery.timeout = PATIENT;
    if let Some(sender) = sender {
        let section = section(sender.into());
        settings.plugins.insert(KEY.to_owned(), section);
    }
    settings
}

/// Settings for a server on this port.
fn reaching(port: u16) -> Settings {
    let mut settings = settings(Some("promgen@example.com"), None);
    settings.mail.port = port;
    settings
}

fn message(json: &str) -> alert::Message {
    alert::Message::parse(json.as_bytes(), 64).unwrap()
}

/// The example of the specification, as expanded by routing.
fn disk_full() -> RecordingContext {
    let mut context = RecordingContext::new(message(
        r#"{"status": "firing", "groupKey": "{}:{a=\"b\"}",
            "commonLabels": {"severity": "major", "service": "shop", "project": "shop-web", "alertname": "DiskFull"},
            "commonAnnotations": {"grafana": "http://g/x", "project": "http://promgen/project/1", "service": "http://promgen/service/1"},
            "alerts": [
              {"labels": {"instance": "a.example", "service": "shop"}, "generatorURL": "http://prom", "annotations": {"summary": "Error on a.example"}},
              {"labels": {"instance": "b.example", "service": "shop"}, "generatorURL": "http://prom", "annotations": {"summary": "Error on b.example"}}]}"#,
    ));
    context.delivery = DeliveryId(42);
    context
}

const DISK_FULL: &str = "[firing] DiskFull shop-web shop major

Grafana: http://g/x
Project: http://promgen/project/1
Service: http://promgen/service/1

Labels: a.example\u{20}
Summary: Error on a.example
Source: http://prom

Labels: b.example\u{20}
Summary: Error on b.example
Source: http://prom
";

fn to(value: &str) -> Target {
    Target {
        value: Secret::new(value.to_owned()),
        secret: None,
    }
}

async fn send(email: &Email, context: &RecordingContext) -> Result<Receipt, NotifyError> {
    email.send(context, &to("team@example.com")).await
}

/// Sends one mail to a server that plays this trick.
async fn sent(trick: Trick) -> (Result<Receipt, NotifyError>, Seen) {
    let peer = Peer::start(1, Speech::Plain, trick);
    let email = Email::new(&reaching(peer.port)).unwrap();
    let result = send(&email, &disk_full()).await;
    drop(email);
    (result, peer.seen())
}

#[tokio::test]
async fn a_mail_reads_as_the_original_wrote_it() {
    let (result, seen) = sent(None).await;
    assert_eq!(result.unwrap().note, "SMTP 250 queued as 7");
    assert!(
        seen.commands
            .contains(&"MAIL FROM:<promgen@example.com>".to_owned())
    );
    assert!(
        seen.commands
            .contains(&"RCPT TO:<team@example.com>".to_owned())
    );
    let (head, text) = seen.mails[0].split_once("\n\n").unwrap();
    assert_eq!(text, DISK_FULL);
    for line in [
        "From: promgen@example.com",
        "To: team@example.com",
        "Subject: [firing] DiskFull shop-web shop major",
        "X-Promgen-Delivery: 42",
        "Date: Fri, 02 Jan 2026 03:04:05 +0000",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(
            head.lines().any(|found| found == line),
            "no {line} in {head}"
        );
    }
}

#[tokio::test]
async fn mail_goes_over_tls_with_a_login() {
    for (speech, tls) in [
        (Speech::StartTls, MailTls::StartTls),
        (Speech::Implicit, MailTls::Implicit),
    ] {
        let peer = Peer::start(1, speech, None);
        let authority = NamedTempFile::new().unwrap();
        std::fs::write(authority.path(), &peer.certificate).unwrap();
        let mut settings = reaching(peer.port);
        settings.mail.tls = tls;
        settings.mail.ca_file = Some(authority.path().to_owned());
        settings.mail.user = "promgen".to_owned();
        settings.mail.password = Some(Secret::new("hush".to_owned()));
        let email = Email::new(&settings).unwrap();
        send(&email, &disk_full()).await.unwrap();
        drop(email);
        let seen = peer.seen();
        assert_eq!((seen.handshakes, seen.mails.len()), (1, 1));
        let login = |command: &String| command.starts_with("AUTH PLAIN ");
        assert_eq!(seen.commands.iter().filter(|c| login(c)).count(), 1);
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_is_not_the_one() {
    let cases = [
        // Its certificate is not signed by anybody we know.
        (Speech::StartTls, MailTls::StartTls),
        (Speech::Implicit, MailTls::Implicit),
        // It offers no TLS, perhaps because somebody in between took the offer away.
        (Speech::Plain, MailTls::StartTls),
    ];
    for (speech, tls) in cases {
        let peer = Peer::start(1, speech, None);
        let mut settings = reaching(peer.port);
        settings.mail.tls = tls;
        settings.mail.user = "promgen".to_owned();
        let email = Email::new(&settings).unwrap();
        let result = send(&email, &disk_full()).await;
        assert!(
            matches!(result, Err(NotifyError::Retry { .. })),
            "{result:?}"
        );
        drop(email);
        let seen = peer.seen();
        let secret = |c: &&String| c.starts_with("AUTH") || c.starts_with("MAIL");
        assert_eq!(seen.commands.iter().find(secret), None);
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_everything_else_is_tried_again() {
    let cases = [
        ("RCPT", "550 nobody here", true),
        ("MAIL", "553 not from you", true),
        (".", "554 looks like spam", true),
        ("RCPT", "450 greylisted", false),
        (".", "452 disk full", false),
        ("EHLO", "554 go away", false),
        ("DATA", "421 shutting down", false),
    ];
    for (command, answer, last) in cases {
        let (result, _) = sent(Some((command, answer))).await;
        let error = result.unwrap_err();
        let permanent = matches!(error, NotifyError::Permanent { .. });
        assert_eq!(permanent, last, "{answer}: {error:?}");
        let said = answer.split_once(' ').unwrap().1;
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again() {
    let peer = Peer::start(0, Speech::Plain, None);
    let port = peer.port;
    peer.seen();
    let email = Email::new(&reaching(port)).unwrap();
    let result = send(&email, &disk_full()).await;
    assert!(
        matches!(result, Err(NotifyError::Retry { .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn mails_share_a_connection_until_it_is_old() {
    let peer = Peer::start(2, Speech::Plain, None);
    let email = Email::new(&reaching(peer.port)).unwrap();
    let mut context = disk_full();
    for _ in 0..3 {
        send(&email, &context).await.unwrap();
    }
    context.now = context.now.plus(PATIENT);
    send(&email, &context).await.unwrap();
    drop(email);
    let seen = peer.seen();
    assert_eq!((seen.connections, seen.mails.len()), (2, 4));
}

#[tokio::test]
async fn a_mail_without_an_answer_is_not_sent_and_its_connection_not_used_again() {
    let peer = Peer::start(2, Speech::Plain, Some((".", "")));
    let mut settings = reaching(peer.port);
    settings.delivery.timeout = Duration::from_millis(500);
    let email = Email::new(&settings).unwrap();
    let result = send(&email, &disk_full()).await;
    assert!(
        matches!(result, Err(NotifyError::Retry { .. })),
        "{result:?}"
    );
    // A caller that gives up earlier leaves the driver no worse.
    let context = disk_full();
    let nothing = tokio::time::timeout(Duration::ZERO, send(&email, &context));
    assert!(nothing.await.is_err());
    assert!(email.server.has_no_idle_connection());
    drop(email);
    drop(peer);
}

#[tokio::test]
async fn every_try_bears_the_same_id_and_no_other_mail_does() {
    let email = Email::new(&settings(Some("promgen@example.com"), None)).unwrap();
    let id = |context: &RecordingContext| {
        let message = email.message(context, "team@example.com").unwrap();
        message.headers().get_raw("Message-ID").unwrap().to_owned()
    };
    let first = disk_full();
    let mut again = disk_full();
    (again.attempt, again.now) = (2, again.now.plus(PATIENT));
    assert_eq!(id(&first), id(&again));
    again.delivery = DeliveryId(43);
    assert_ne!(id(&first), id(&again));
    // Delivery 42 of another database.
    let mut other = RecordingContext::new(message(r#"{"groupKey": "g", "alerts": []}"#));
    other.delivery = DeliveryId(42);
    assert_ne!(id(&first), id(&other));
    assert!(id(&first).starts_with("<promgen-42-") && id(&first).ends_with("@example.com>"));
}

#[test]
fn no_label_and_no_address_makes_a_header() {
    let email = Email::new(&settings(Some("promgen@example.com"), None)).unwrap();
    let hostile = "x\r\nBcc: spy@example.com\r\n\r\nhello\0\u{85}";
    let posted =
        serde_json::json!({"status": hostile, "commonLabels": {"a": hostile}, "groupKey": hostile});
    let context = RecordingContext::new(message(&posted.to_string()));
    let mail = email
        .message(&context, "team@example.com")
        .unwrap()
        .formatted();
    let mail = String::from_utf8(mail).unwrap();
    let (head, text) = mail.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(
        !mail.contains('\0') && !text.replace("\r\n", "").contains('\r'),
        "{mail:?}"
    );
    for value in [
        "team@example.com\r\nBcc: spy@example.com",
        "a@example.com, b@example.com",
        "team",
        "",
    ] {
        let refused = email.message(&context, value).unwrap_err();
        assert!(matches!(&refused, NotifyError::Permanent { message } if !message.contains("spy")));
    }
}

#[tokio::test]
async fn without_a_sender_address_the_driver_says_what_to_set() {
    let email = Email::new(&settings(None, None)).unwrap();
    let error = send(&email, &disk_full()).await.unwrap_err();
    let problems = email.problems();
    for text in [error.to_string(), problems[0].to_string()] {
        assert!(
            text.contains("promgen.notification.email: sender"),
            "{text}"
        );
        assert!(text.contains("DEFAULT_FROM_EMAIL"), "{text}");
    }
    assert!(matches!(error, NotifyError::Permanent { .. }));
    let complete = Email::new(&settings(Some("a@x.org"), None)).unwrap();
    assert_eq!(complete.problems(), []);
}

fn from(sender: Option<&str>, default_from: Option<&str>) -> Option<String> {
    let email = Email::new(&settings(sender, default_from)).unwrap();
    email.from.map(|from| from.to_string())
}

#[test]
fn the_plugins_own_sender_wins_over_the_default() {
    assert_eq!(
        from(Some("a@x.org"), Some("b@x.org")).as_deref(),
        Some("a@x.org")
    );
    assert_eq!(
        from(None, Some("P <b@x.org>")).as_deref(),
        Some("P <b@x.org>")
    );
    assert_eq!(from(None, None), None);
}

#[test]
fn a_sender_that_is_no_address_is_refused_with_a_remedy() {
    for (wrong, named) in [
        (settings(Some("nobody"), None), "`sender`"),
        (settings(None, Some("nobody")), "DEFAULT_FROM_EMAIL"),
    ] {
        let error = Email::new(&wrong).unwrap_err().to_string();
        assert!(
            error.contains(named) && !error.contains("nobody"),
            "{error}"
        );
    }
    let mut number = settings(None, Some("b@x.org"));
    number.plugins.insert(KEY.to_owned(), section(7.into()));
    assert!(Email::new(&number).is_err());
}

#[test]
fn certificates_that_cannot_be_read_are_named_at_the_start() {
    let mut settings = settings(Some("a@x.org"), None);
    settings.mail.ca_file = Some("/nonexistent/ca.pem".into());
    assert!(Email::new(&settings).is_ok(), "without TLS nobody looks");
    settings.mail.tls = MailTls::StartTls;
    let error = Email::new(&settings).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("EMAIL_CA_FILE /nonexistent/ca.pem"),
        "{error}"
    );
}
