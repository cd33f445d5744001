//! S25: a label with a line break is a label with a line break, and never a header.

use promgen_tests::fakes::{Fake, LINE_ID, LINE_TOKEN};
use promgen_tests::promgen::QUICK;
use promgen_tests::sink::Sink;
use promgen_tests::smtp::{Smtp, Tls};
use serde_json::{Value, json};

use crate::deliveries::World;

/// Line breaks of all kinds, each before what would be a header.
const BREAKS: [&str; 7] = [
    "x\r\nBcc: evil@example.com",
    "x\nX-Evil: 1",
    "x\rX-Evil: 2",
    "x\r\n\r\n<b>body</b>",
    "x\u{2028}X-Evil: 3\u{85}X-Evil: 4\u{b}\u{c}X-Evil: 5",
    "x\0X-Evil: 6",
    "=?utf-8?q?x=0d=0aX-Evil:_7?=",
];

/// A message that has them wherever a text can stand.
fn message() -> Value {
    let all = BREAKS.join("");
    let mut labels = json!({"service": "shop", "X\r\nX-Evil: name": "x"});
    for (number, text) in (0..).zip(BREAKS) {
        labels[format!("l{number}")] = json!(text);
    }
    let alert = json!({"status": "firing", "labels": labels, "annotations": {"a": all},
        "generatorURL": all, "fingerprint": all});
    json!({"status": "firing", "groupKey": all, "receiver": all, "version": all,
        "externalURL": all, "groupLabels": labels, "commonLabels": labels,
        "commonAnnotations": {"a\r\nX-Evil: a": all}, "alerts": [alert]})
}

fn no_evil(headers: &http::HeaderMap) {
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        assert!(
            !name.as_str().contains("evil") && !value.to_lowercase().contains("evil"),
            "{name}: {value}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s25_no_label_becomes_a_header_of_a_request() {
    let (sink, line, pager) = (
        Sink::start().await,
        Fake::line().await,
        Fake::pagerduty().await,
    );
    let senders = format!(
        "{{driver: promgen.notification.webhook, value: '{}', secret: key}}, \
         {{driver: promgen.notification.alertmanager, value: '{}'}}, \
         {{driver: promgen.notification.pagerduty, value: 'here:now:{}', alias: pager}}, \
         {{driver: promgen.notification.line, value: {LINE_ID}}}",
        sink.url("/webhook"),
        sink.url("/"),
        "0123456789abcdefGHIJKLMNOPQRSTUV",
    );
    let settings = format!(
        "{QUICK}promgen.notification.line: {{server: '{}', channel_access_token: {LINE_TOKEN}}}\n\
         promgen.notification.pagerduty: {{urls: {{'here:now': '{}'}}}}\n",
        line.url(""),
        pager.url("/v2/enqueue")
    );
    let world = World::new(&settings, &senders).await;
    world.post_message(&message()).await;
    for delivery in world.ended(4).await {
        assert_eq!(delivery["state"], "sent", "{delivery}");
    }
    let received = sink.received();
    assert_eq!(received.len(), 2);
    for one in &received {
        no_evil(&one.headers);
    }
    let fakes = [line.taken(), pager.taken()];
    fakes.iter().flatten().for_each(|one| no_evil(&one.headers));
    let webhook = &sink.on("/webhook")[0];
    assert_eq!(
        webhook.json["commonLabels"]["l0"], BREAKS[0],
        "and none is lost"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s25_no_label_becomes_a_header_of_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let Some(smtp) = Smtp::start(folder.path(), Tls::Implicit).await else {
        return;
    };
    let settings = format!(
        "{QUICK}django: {{EMAIL_HOST: 127.0.0.1, EMAIL_PORT: {}, EMAIL_USE_SSL: true, EMAIL_CA_FILE: '{}', \
         DEFAULT_FROM_EMAIL: promgen@example.com}}\n",
        smtp.port,
        smtp.ca_file.display()
    );
    let sender = "{driver: promgen.notification.email, value: team@example.com}";
    let world = World::new(&settings, sender).await;
    world.post_message(&message()).await;
    let ended = world.ended(1).await;
    assert_eq!(ended[0]["state"], "sent", "{ended:?}");
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1, "nobody else got it");
    let mail = &mails[0];
    assert_eq!(mail.to, "team@example.com");
    let mut names: Vec<String> = mail
        .headers
        .iter()
        .map(|name| name.to_lowercase())
        .collect();
    names.sort();
    let expected = [
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
        "x-promgen-delivery",
    ];
    assert_eq!(names, expected);
    assert!(mail.subject.starts_with("[firing] "), "{}", mail.subject);
    assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
    let subject = &mail.subject;
    for kept in ["Bcc: evil@example.com", "= ?utf-8?q?x=0d=0aX-Evil:_7?="] {
        assert!(subject.contains(kept), "none is lost: {subject}");
    }
}
