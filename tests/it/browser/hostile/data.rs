//! An installation in which every text is hostile.

use promgen_core::app::people::{self, UserChange};
use promgen_core::app::{Actor, groups, users};
use promgen_tests::http::{client, post_alerts, send};
use promgen_tests::promgen::Installation;
use promgen_tests::sample::{PEOPLE, open};
use promgen_tests::wait::until;
use serde_json::{Value, json};

/// What 1234 times 5678 is.
pub(super) const PRODUCT: &str = "7006652";

/// What a text may hold that somebody typed, or a label.
pub(super) const TEXT: &str = concat!(
    "<script>window.__owned=1</script>",
    "\"><img src=x onerror=window.__owned=2>",
    "' onmouseover='window.__owned=3' x='",
    "</textarea></title></style></script><script>window.__owned=4</script>",
    "<svg/onload=window.__owned=5>",
    " javascript:window.__owned=6 ",
    "https://example.com/\"onmouseover=\"window.__owned=7 ",
    "https://example.com/<script>window.__owned=8</script> ",
    "{{1234*5678}} [[1234*5678]] ${1234*5678} {%25 1234*5678 %25} <%= 1234*5678 %> ",
    "&lt;script&gt;window.__owned=9&lt;/script&gt; &#60;script&#62; ",
    "\u{202e}txt.exe \u{2066}\u{200f} ' \" ` \\ -->",
);

/// The worst of it, for places where little fits.
const SHORT: &str = "\"><script>window.__owned=20</script>{{1234*5678}}[[1234*5678]]<img src=x onerror=window.__owned=21>'";

/// The least of it.
const SHORTEST: &str = "\"><script>window.__owned=22</script>{{1234*5678}}";

/// What names may hold: no slashes, quotes and angle brackets.
const NAMES: [&str; 8] = [
    "{{1234*5678}}",
    "[[1234*5678]] ${1234*5678}",
    "javascript:window.__owned=10",
    "x onmouseover=window.__owned=11 autofocus onfocus=window.__owned=11",
    "&lt;script&gt;window.__owned=12&lt;&#47;script&gt;",
    "\u{202e}gnp.exe \u{2066}",
    "%3Cscript%3E#?&=+;,%00..%2f",
    "テスト 🎉 `${window.__owned=13}`",
];

/// A word of this length that cannot be broken.
fn long(letters: usize) -> String {
    "W".repeat(letters)
}

/// A text that is hostile and long.
fn long_text() -> String {
    format!("{TEXT} {}", long(10_000))
}

/// The names, with a mark that keeps them apart, and the longest that a name may be.
fn names(mark: &str) -> Vec<String> {
    let mut names: Vec<String> = NAMES.iter().map(|name| format!("{name} {mark}")).collect();
    names.push(format!("{mark}{}", long(128 - mark.len())));
    names
}

/// The tree document: JSON is YAML.
pub(super) fn tree() -> Value {
    let users: Vec<Value> = PEOPLE
        .iter()
        .map(|(name, _)| json!({"username": name}))
        .collect();
    let shards: Vec<Value> = (9090..)
        .zip(names("shard"))
        .map(|(port, name)| {
            json!({"name": name, "url": "http://prometheus.example.com:9090", "servers": [
                {"host": format!("{}.example.com", long(50)), "port": port},
            ]})
        })
        .collect();
    let mut services: Vec<Value> = (0..).zip(names("service")).map(service).collect();
    services.push(json!({"name": "shop", "description": long_text(), "owner": "olga"}));
    services.push(json!({"name": "billing"}));
    let users = [users, vec![json!({"username": "alertmanager"})]].concat();
    json!({
        "promgen": 1,
        "site": {"domain": "promgen.example.com", "name": SHORTEST, "rules": [rule(99)]},
        "shards": shards,
        "probes": [{"module": "http_2xx", "description": long_text()}],
        "presets": [{"job": long(100), "port": 9100, "path": "/\"><script>window.__owned=14</script>"}],
        "users": users,
        "services": services,
    })
}

fn service((number, name): (usize, String)) -> Value {
    let mark = |kind: &str| names(kind)[number].clone();
    let label =
        json!([{"name": "severity", "value": SHORT}, {"name": "instance", "value": long(128)}]);
    json!({
        "name": name, "description": long_text(), "owner": "olga", "rules": [rule(number)],
        "senders": [{
            "driver": "promgen.notification.webhook", "value": format!("http://127.0.0.1:1/{number}"),
            "alias": SHORT, "filters": label,
        }],
        "projects": [{
            "name": mark("project"), "description": long_text(), "owner": "olga", "shard": mark("shard"),
            "farm": {"name": mark("farm"), "hosts": [format!("{}.example.com", long(50))]},
            "exporters": [{"job": long(100), "port": 1, "path": format!("/{}\"><script>", long(100))}],
            "urls": [{"url": format!("https://example.com/?a=%3Cscript%3E'x{}", long(190)), "probe": "http_2xx"}],
        }],
    })
}

fn rule(number: usize) -> Value {
    let name = names("rule")
        .get(number)
        .cloned()
        .unwrap_or("Global".to_owned());
    json!({
        "name": name, "clause": format!("up{{a=\"<script>window.__owned=15</script>{}\"}} == 0", long(300)),
        "duration": "5m", "description": long_text(), "labels": {"severity": long(300)},
        "annotations": {"summary": text_of_rules(), "link": "javascript:window.__owned=16"},
    })
}

/// Prometheus runs templates in annotations, so those must be legal there.
fn text_of_rules() -> String {
    long_text().replace("{{", "[[").replace("}}", "]]")
}

/// Names of people and groups.
pub(super) async fn people(installation: &Installation) {
    let (app, operator) = (open(installation).await, Actor::operator("test"));
    for (name, _) in PEOPLE {
        let id = users::find(&app, &operator, name).await.unwrap().id;
        let short: String = TEXT.chars().take(140).collect();
        let change = UserChange {
            first_name: Some(&short),
            last_name: Some(NAMES[5]),
            ..UserChange::default()
        };
        people::update(&app, &operator, id, change).await.unwrap();
    }
    for name in names("group") {
        groups::create(&app, &operator, &name).await.unwrap();
    }
    app.close().await;
}

/// A silence whose comment is hostile.
pub(super) async fn silence(alertmanager: &str) {
    let matcher = |name: &str, value: &str| json!({"name": name, "value": value, "isRegex": false, "isEqual": true});
    let silence = json!({
        "matchers": [matcher("service", NAMES[0]), matcher("instance", TEXT)],
        "startsAt": "2024-05-01T12:00:00Z", "endsAt": "2124-05-01T12:00:00Z",
        "createdBy": TEXT, "comment": long_text(),
    });
    let alert = json!([{
        "labels": {"alertname": TEXT, "service": TEXT, "instance": long(300)},
        "annotations": {"summary": long_text()}, "generatorURL": "http://example.com/\"><script>",
    }]);
    for (what, body) in [("silences", silence), ("alerts", alert)] {
        let request = client()
            .post(format!("{alertmanager}/api/v2/{what}"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = send(request).await.unwrap();
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    }
}

/// Alerts whose every text is hostile.
pub(super) async fn alerts(installation: &Installation, url: &str) {
    let token = installation.alerts_token("alertmanager");
    let mut labels =
        json!({"alertname": TEXT, "service": "shop", "instance": long_text(), TEXT: TEXT});
    for name in ["service", "project", "job", "severity", "datasource"] {
        labels[name] = json!(if name == "service" { "shop" } else { TEXT });
    }
    let annotations =
        json!({"summary": long_text(), "link": "javascript:window.__owned=17", TEXT: TEXT});
    let alert = json!({
        "status": TEXT, "labels": labels, "annotations": annotations, "startsAt": TEXT, "endsAt": TEXT,
        "generatorURL": "javascript:window.__owned=18", "fingerprint": TEXT,
    });
    for status in ["firing", TEXT] {
        let body = json!({
            "version": "4", "status": status, "receiver": TEXT, "groupKey": TEXT, "groupLabels": labels,
            "commonLabels": labels, "commonAnnotations": annotations, "alerts": [alert],
            "externalURL": "javascript:window.__owned=19",
        });
        let answer = post_alerts(url, &token, body.to_string()).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
    until("the alerts to be routed", async || {
        let list = installation.ok(&["alerts", "list", "--format", "json"]);
        let alerts: Vec<Value> = serde_json::from_str(&list).ok()?;
        alerts
            .iter()
            .all(|alert| alert["state"] == "routed")
            .then_some(())
    })
    .await;
}
