use std::collections::BTreeSet;

use promgen_core::alert::{Message, body};
use promgen_core::model::{AlertId, DeliveryId};
use promgen_core::testing::{RecordingContext, http_notifier_keeps_the_contract};

use super::*;
use crate::notify::samples::{self, section};

const ID: &str = "U0123456789abcdef0123456789abcdef";

fn line() -> Line {
    let token = ("channel_access_token", "t0k3n".into());
    Line::new(&section(KEY, &[token])).unwrap()
}

fn target() -> Target {
    Target {
        value: Secret::new(ID.to_owned()),
        secret: None,
    }
}

fn request(context: &RecordingContext) -> HttpRequest {
    line().request(context, &target()).unwrap()
}

fn texts(message: Message) -> Vec<String> {
    let request = request(&RecordingContext::new(message));
    let json: Value = serde_json::from_slice(&request.body).unwrap();
    let messages = json["messages"].as_array().unwrap();
    let text = |message: &Value| message["text"].as_str().unwrap().to_owned();
    messages.iter().map(text).collect()
}

#[tokio::test]
async fn a_push_is_what_the_messaging_api_asks_for() {
    let context = RecordingContext::new(samples::resolved());
    let receipt = line().send(&context, &target()).await.unwrap();
    assert_eq!(receipt.note, "HTTP 200");
    let request = context.requests().remove(0);
    assert_eq!(request.url, "https://api.line.me/v2/bot/message/push");
    assert_eq!(
        serde_json::from_slice::<Value>(&request.body).unwrap(),
        json!({"to": ID, "messages":
            [{"type": "text", "text": "[resolved] DiskFull shop major"}]})
    );
    let names: Vec<&str> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["Content-Type", "Authorization", "X-Line-Retry-Key"]);
    assert_eq!(request.headers[1].1, "Bearer t0k3n");
    assert_eq!(texts(samples::firing()), [body(&samples::firing())]);
}

#[test]
fn every_try_bears_the_same_retry_key_and_no_other_push_does() {
    let key = |context: &RecordingContext| request(context).headers[2].1.clone();
    let first = RecordingContext::new(samples::firing());
    let mut again = RecordingContext::new(samples::firing());
    again.attempt = 2;
    again.now = again.now.plus(std::time::Duration::from_mins(1));
    assert_eq!(key(&first), key(&again));
    let mut others = [
        RecordingContext::new(samples::firing()),
        RecordingContext::new(samples::firing()),
        // The same numbers in another database.
        RecordingContext::new(samples::resolved()),
        RecordingContext::new(samples::firing()),
    ];
    others[0].delivery = DeliveryId(2);
    others[1].alert = AlertId(2);
    let moved = others[3].message.fields_mut();
    moved.insert("externalURL".to_owned(), json!("http://other/alert/7"));
    let mut keys: BTreeSet<String> = others.iter().map(key).collect();
    keys.insert(key(&first));
    assert_eq!(keys.len(), 5);
    for key in keys {
        let parts: Vec<&str> = key.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
        assert!(key.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()));
        assert!(parts[2].starts_with('5') && parts[3].starts_with(['8', '9', 'a', 'b']));
    }
}

#[tokio::test]
async fn a_push_that_was_taken_before_is_a_success() {
    let context = RecordingContext::new(samples::firing()).answering(409);
    let receipt = line().send(&context, &target()).await.unwrap();
    assert!(receipt.note.contains("409"), "{}", receipt.note);
}

#[test]
fn ten_thousand_alerts_are_cut_to_one_push() {
    let message = samples::many(10_000);
    let lines = body(&message).lines().count();
    let texts = texts(message);
    assert_eq!(texts.len(), 5);
    for text in &texts {
        assert!(text.encode_utf16().count() <= 5000);
    }
    let last = texts[4].lines().last().unwrap();
    let missing = last.strip_prefix("Lines not shown: ").unwrap();
    let (missing, link) = missing.split_once(". All of them: ").unwrap();
    assert_eq!(link, "http://promgen/alert/10");
    // Blank lines at cuts are neither shown nor missing.
    let shown: usize = texts.iter().map(|text| text.lines().count()).sum::<usize>() - 1;
    let missing: usize = missing.parse().unwrap();
    assert!((lines - 5..=lines).contains(&(shown + missing)));
}

#[test]
fn letters_beyond_the_basic_plane_count_twice() {
    let labels = json!({"a": "𝄞".repeat(6000)});
    let texts = texts(samples::message(
        &json!({"status": "firing", "commonLabels": labels}),
    ));
    assert_eq!(texts.len(), 3);
    assert!(texts.iter().all(|text| text.encode_utf16().count() <= 5000));
    assert_eq!(texts.concat().matches('𝄞').count(), 6000);
}

#[test]
fn no_label_reaches_a_header() {
    let hostile = RecordingContext::new(samples::hostile("firing"));
    let request = request(&hostile);
    for (name, value) in &request.headers {
        assert!(!value.contains(char::is_control), "{name}");
    }
    assert_eq!(texts(hostile.message.clone()), [body(&hostile.message)]);
}

#[tokio::test]
async fn without_a_token_the_driver_says_what_to_set() {
    let silent = Line::new(&Settings::default()).unwrap();
    let context = RecordingContext::new(samples::firing());
    let error = silent.send(&context, &target()).await.unwrap_err();
    assert!(matches!(error, NotifyError::Permanent { .. }));
    for text in [error.to_string(), silent.problems()[0].to_string()] {
        assert!(
            text.contains("promgen.notification.line: channel_access_token"),
            "{text}"
        );
    }
    assert!(context.requests().is_empty());
    assert_eq!(line().problems(), []);
}

#[test]
fn the_token_is_not_told_and_the_server_is_checked() {
    assert!(!format!("{:?}", line()).contains("t0k3n"));
    let own = section(KEY, &[("server", "http://127.0.0.1:1/".into())]);
    assert_eq!(Line::new(&own).unwrap().server, "http://127.0.0.1:1");
    let strange = section(KEY, &[("server", "api.line.me".into())]);
    let error = Line::new(&strange).unwrap_err().to_string();
    assert!(error.contains("`server`"), "{error}");
}

#[test]
fn only_ids_pass_the_form() {
    for kind in ["U", "C", "R"] {
        let id = ID.replace('U', kind);
        assert_eq!(LINE.check(&id, ""), []);
    }
    for wrong in [
        "",
        "U",
        &ID[1..],
        &ID.to_uppercase(),
        &format!("{ID}0"),
        "@maria",
    ] {
        let problems = LINE.check(wrong, "");
        assert_eq!(problems.len(), 1, "{wrong:?}: {problems:?}");
        assert_eq!(problems[0].field, "value");
    }
}

#[tokio::test]
async fn the_driver_keeps_the_contract() {
    let message = samples::hostile("firing");
    http_notifier_keeps_the_contract(&line(), &target(), &message).await;
}
