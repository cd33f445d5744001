use promgen_core::alert::{Message, body};
use promgen_core::model::DeliveryId;
use promgen_core::plugin::HttpResponse;
use promgen_core::testing::{RecordingContext, http_notifier_keeps_the_contract};
use serde_json::Value;

use super::*;
use crate::notify::samples::{self, section};

const URL: &str = "https://hooks.slack.com/services/T0/B0/x0";

fn slack() -> Slack {
    Slack::new(&Settings::default()).unwrap()
}

fn target() -> Target {
    Target {
        value: Secret::new(URL.to_owned()),
        secret: None,
    }
}

async fn posted_by(slack: &Slack, context: &RecordingContext) -> Vec<HttpRequest> {
    slack.send(context, &target()).await.unwrap();
    context.requests()
}

/// The text of a post that holds nothing else.
fn text(request: &HttpRequest) -> String {
    let json: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 1);
    json["text"].as_str().unwrap().to_owned()
}

async fn texts(message: Message) -> Vec<String> {
    let context = RecordingContext::new(message);
    let requests = posted_by(&slack(), &context).await;
    requests.iter().map(text).collect()
}

#[tokio::test]
async fn what_fires_is_posted_whole_and_what_is_over_in_a_line() {
    let context = RecordingContext::new(samples::firing());
    let requests = posted_by(&slack(), &context).await;
    assert_eq!(requests[0].url, URL);
    assert_eq!(requests[0].proxy, None);
    assert_eq!(text(&requests[0]), body(&samples::firing()));
    assert_eq!(
        texts(samples::resolved()).await,
        ["[resolved] DiskFull shop major"]
    );
}

#[tokio::test]
async fn a_label_calls_nobody_and_makes_no_header() {
    let context = RecordingContext::new(samples::hostile("firing"));
    let requests = posted_by(&slack(), &context).await;
    let text = text(&requests[0]);
    assert!(text.contains("&lt;!channel&gt; &amp;amp; \"\\ \u{0} 𝄞 日本"));
    assert!(!text.contains(['<', '>']));
    let plain = HttpRequest::post_json(URL, Vec::new());
    assert_eq!(requests[0].headers, plain.headers);
}

#[tokio::test]
async fn messages_that_waited_go_out_in_one_post() {
    let mut context = RecordingContext::new(samples::firing());
    context.further = vec![samples::resolved(), samples::hostile("resolved")];
    let requests = posted_by(&slack(), &context).await;
    assert_eq!(requests.len(), 1);
    let parts = [&context.message, &context.further[0], &context.further[1]];
    let expected = parts.map(|message| escape(&chat_text(message)));
    assert_eq!(text(&requests[0]), expected.join("\n\n"));
}

#[tokio::test]
async fn of_ten_thousand_alerts_none_is_lost() {
    let texts = texts(samples::many(10_000)).await;
    assert!(texts.len() > 1);
    for text in &texts {
        assert!(text.chars().count() <= 40_000);
    }
    let all: std::collections::BTreeSet<&str> = texts.iter().flat_map(|t| t.lines()).collect();
    for n in 0..10_000 {
        let line = format!("Labels: host-{n}.example ");
        assert!(all.contains(line.as_str()), "{line}");
    }
}

#[tokio::test]
async fn more_than_anybody_reads_is_counted_and_linked() {
    let texts = texts(samples::many(60_000)).await;
    assert_eq!(texts.len(), 50);
    assert!(texts.iter().all(|text| text.chars().count() <= 40_000));
    let last = texts[49].lines().last().unwrap();
    assert!(last.starts_with("Lines not shown: "), "{last}");
    assert!(last.ends_with(" All of them: http://promgen/alert/10"));
}

#[tokio::test]
async fn one_endless_line_is_cut_without_breaking_what_is_escaped() {
    let message = samples::message(&json!({"status": "firing",
        "commonLabels": {"a": "<&>".repeat(20_000)}}));
    let texts = texts(message).await;
    assert!(texts.len() > 1);
    for text in texts {
        assert!(text.chars().count() <= 40_000);
        let left = ["&lt;", "&gt;", "&amp;"]
            .iter()
            .fold(text, |t, e| t.replace(e, ""));
        assert!(!left.contains('&') && !left.contains(';'));
    }
}

/// Takes so many posts, and then is busy.
struct Busy {
    recording: RecordingContext,
    takes: usize,
}

#[async_trait]
impl NotifyContext for Busy {
    fn message(&self) -> &Message {
        self.recording.message()
    }

    fn alert(&self) -> promgen_core::model::AlertId {
        self.recording.alert()
    }

    fn delivery(&self) -> DeliveryId {
        self.recording.delivery()
    }

    fn attempt(&self) -> u32 {
        self.recording.attempt()
    }

    fn now(&self) -> promgen_core::model::Timestamp {
        self.recording.now()
    }

    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, NotifyError> {
        let mut answer = self.recording.http(request).await?;
        if self.recording.requests().len() > self.takes {
            answer.status = 429;
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn a_retry_goes_on_where_slack_was_busy() {
    let message = samples::many(2000);
    let all = texts(message.clone()).await;
    let slack = slack();
    let mut posted = Vec::new();
    for takes in [1, 0, all.len()] {
        let recording = RecordingContext::new(message.clone());
        let busy = Busy { recording, takes };
        let result = slack.send(&busy, &target()).await;
        assert_eq!(result.is_ok(), takes == all.len(), "{result:?}");
        posted.extend(busy.recording.requests().iter().take(takes).map(text));
    }
    assert_eq!(posted, all, "each post once, in order");
    // Nothing is kept of what is done: the same again is posted again.
    let again = RecordingContext::new(message);
    assert_eq!(posted_by(&slack, &again).await.len(), all.len());
    assert!(slack.begun().is_empty());
}

#[test]
fn what_is_remembered_is_bounded() {
    let slack = slack();
    for delivery in 0..5000 {
        slack.remember((DeliveryId(delivery), 1), 1);
    }
    assert_eq!(slack.begun().len(), MOST_BEGUN);
    assert!(slack.begun().contains_key(&(DeliveryId(4999), 1)));
}

#[tokio::test]
async fn the_proxy_goes_by_either_name_and_is_not_told() {
    let proxy = "http://user:hush@proxy.example.com:3128";
    for name in ["proxies", "proxy"] {
        let slack = Slack::new(&section(KEY, &[(name, proxy.into())])).unwrap();
        let context = RecordingContext::new(samples::firing());
        let requests = posted_by(&slack, &context).await;
        assert_eq!(requests[0].proxy.as_deref(), Some(proxy));
        assert!(!format!("{slack:?}").contains("hush"));
    }
    for wrong in [7.into(), "proxy-4711".into()] {
        let error = Slack::new(&section(KEY, &[("proxies", wrong)])).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("`proxies`") && !error.contains("4711"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_driver_keeps_the_contract() {
    let message = samples::firing();
    http_notifier_keeps_the_contract(&slack(), &target(), &message).await;
}
