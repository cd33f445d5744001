//! S20: what an alert says is text, for every driver, and nothing in it is run.

use promgen_tests::fakes::Fake;
use promgen_tests::promgen::QUICK;
use promgen_tests::sink::Sink;
use promgen_tests::smtp::{Smtp, Tls};
use serde_json::json;

use crate::deliveries::World;

/// What template engines, format functions, shells and loggers would run.
const HOSTILE: [&str; 12] = [
    "{{ range $i := .Alerts }}{{ $i }}{{ end }}",
    "{{ 7*7 }} {% include '/etc/passwd' %} {# gone #}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "${jndi:ldap://127.0.0.1:1/a} ${7*7} #{7*7} <%= 7*7 %>",
    "%s %n %d %(password)s %1$s {0} {self} {}",
    "$(touch ran) `touch ran` ; touch ran | cat",
    "<script>alert(1)</script> &lt;b&gt; <!channel> @everyone",
    "=cmd|' /C calc'!A0",
    "\\u{202e}gnp.exe \\x41 \\u0041 \\n",
    "{{ `{{` }} }} {{{ triple }}} [[ ng ]] v-html",
    "*bold* _it_ ~no~ `code` > quote",
    "../../etc/passwd file:///etc/passwd",
];

#[tokio::test(flavor = "multi_thread")]
async fn s20_texts_of_alerts_come_out_as_they_came_in() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, slack) = (Sink::start().await, Fake::slack().await);
    let mut senders = format!(
        "{{driver: promgen.notification.webhook, value: '{}'}}, \
         {{driver: promgen.notification.slack, value: '{}'}}",
        sink.url("/x"),
        slack.url("/services/T0/B0/x")
    );
    let mut settings = QUICK.to_owned();
    let smtp = Smtp::start(folder.path(), Tls::Implicit).await;
    if let Some(smtp) = &smtp {
        let ca = smtp.ca_file.display();
        settings = format!(
            "{QUICK}django: {{EMAIL_HOST: 127.0.0.1, EMAIL_PORT: {}, EMAIL_USE_SSL: true, \
             EMAIL_CA_FILE: '{ca}', DEFAULT_FROM_EMAIL: promgen@example.com}}\n",
            smtp.port
        );
        senders.push_str(", {driver: promgen.notification.email, value: team@example.com}");
    }
    let world = World::new(&settings, &senders).await;
    let labels: serde_json::Map<_, _> = (0..)
        .zip(HOSTILE)
        .map(|(number, text)| (format!("l{number}"), json!(text)))
        .chain([("service".to_owned(), json!("shop"))])
        .collect();
    let annotations = json!({"summary": HOSTILE.join("\n"), "{{ name }}": "%s"});
    let alert = json!({"status": "firing", "labels": labels, "annotations": annotations});
    let message = json!({"status": "firing", "commonLabels": labels,
        "commonAnnotations": annotations, "alerts": [alert]});
    world.post_message(&message).await;
    world.ended(if smtp.is_some() { 3 } else { 2 }).await;

    let got = &sink.on("/x")[0].json;
    assert_eq!(got["commonLabels"], message["commonLabels"]);
    assert_eq!(got["alerts"], message["alerts"]);
    let posts: Vec<_> = slack
        .taken()
        .iter()
        .map(promgen_tests::fakes::Posted::json)
        .collect();
    let post = posts[0]["text"].as_str().unwrap();
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    for text in HOSTILE {
        assert!(post.matches(&escaped(text)).count() >= 2, "{text}\n{post}");
    }
    if let Some(smtp) = &smtp {
        let mail = &smtp.mails()[0];
        for text in HOSTILE {
            assert!(
                mail.body.matches(text).count() >= 2,
                "{text}\n{}",
                mail.body
            );
            assert!(mail.subject.contains(text), "{text}\n{}", mail.subject);
        }
    }
    assert!(!world.installation.folder().join("ran").exists());
}

#[test]
fn s20_texts_of_rules_are_written_as_they_are() {
    let installation = promgen_tests::promgen::Installation::new(None, "");
    let annotations: serde_json::Map<_, _> = (0..)
        .zip(HOSTILE)
        .map(|(number, text)| (format!("a{number}"), json!(text)))
        .filter(|(_, text)| !text.as_str().is_some_and(|text| text.contains("{{")))
        .collect();
    let document = json!({"promgen": 1, "services": [{"name": "shop", "rules": [
        {"name": "R", "clause": "up", "annotations": annotations}
    ]}]});
    installation.load(&document.to_string());
    let rules = installation.ok(&["rules"]);
    let rules: serde_yaml::Value = serde_yaml::from_str(&rules).unwrap();
    let written = &rules["groups"][0]["rules"][0]["annotations"];
    for (name, text) in &annotations {
        assert_eq!(written[name.as_str()].as_str(), text.as_str(), "{name}");
    }
    assert!(!installation.folder().join("ran").exists());
}
