//! The forms of the original: what they take, and in which order they complain.

use serde_json::{Value, json};

use super::*;

/// The present of the original's own tests.
fn moment(zone: &Zone) -> Moment<'_> {
    let now = Zone::default().read("2017-12-14").unwrap();
    Moment { zone, now }
}

fn tokyo() -> Zone {
    Zone::parse("Asia/Tokyo").unwrap()
}

fn by_labels(body: Value) -> Result<Silence, Vec<(String, String)>> {
    let request: LabelRequest = serde_json::from_value(body).unwrap();
    let site_rule = request
        .labels
        .get("alertname")
        .is_some_and(|name| name == "example-rule");
    let silence = request.silence("admin", moment(&tokyo()), site_rule);
    silence.map_err(told)
}

fn by_matchers(body: Value) -> Result<Silence, Vec<(String, String)>> {
    let request: MatcherRequest = serde_json::from_value(body).unwrap();
    request.silence("admin", moment(&tokyo())).map_err(told)
}

fn told(problems: Vec<Problem>) -> Vec<(String, String)> {
    let told = |problem: Problem| (problem.field, problem.message);
    problems.into_iter().map(told).collect()
}

fn whole(message: &str) -> Vec<(String, String)> {
    vec![(WHOLE.to_owned(), message.to_owned())]
}

#[test]
fn the_examples_of_the_original_give_what_it_sends() {
    let instance = json!({"instance": "example.com:[0-9]*"});
    let silence = by_labels(json!({"labels": instance, "duration": "1m"})).unwrap();
    let matcher = json!({
        "name": "instance", "value": "example.com:[0-9]*", "isRegex": true, "isEqual": true,
    });
    assert_eq!(
        serde_json::to_value(&silence).unwrap(),
        json!({
            "matchers": [matcher],
            "startsAt": "2017-12-14T00:00:00.000Z",
            "endsAt": "2017-12-14T00:01:00.000Z",
            "createdBy": "admin",
            "comment": "Silenced from Promgen",
        })
    );
    let silence = by_labels(json!({
        "labels": instance, "startsAt": "2017-12-14 09:01", "endsAt": "2017-12-14 09:05",
    }));
    let silence = silence.unwrap();
    assert_eq!(silence.starts_at.rfc3339(), "2017-12-14T00:01:00.000Z");
    assert_eq!(silence.ends_at.rfc3339(), "2017-12-14T00:05:00.000Z");
}

#[test]
fn labels_are_checked_in_the_order_of_the_original() {
    let labels = json!({"service": "foo"});
    for (body, expected) in [
        (
            json!({"duration": "1x", "startsAt": "soon", "endsAt": "later"}),
            vec![
                ("duration".to_owned(), "\"1x\" is not a duration; write it like 30s, 5m or 1h30m, \
                    units in the order y w d h m s ms".to_owned()),
                ("startsAt".to_owned(), "Invalid timestamp".to_owned()),
                ("endsAt".to_owned(), "Invalid timestamp".to_owned()),
            ],
        ),
        (json!({"duration": "1m"}), whole("Missing labels for silence.")),
        (json!({"labels": {}}), whole("Missing labels for silence.")),
        (
            json!({"labels": {"alertname": "example-rule"}, "duration": "1m"}),
            whole("Unable to silence global rules with alertname alone."),
        ),
        (
            json!({"labels": {"alertname": "example-rule", "foo": "bar"}}),
            whole("Unable to silence global rules with alertname alone."),
        ),
        (json!({"labels": labels}), whole("Both start and end are required.")),
        (
            json!({"labels": labels, "startsAt": "2017-12-15", "endsAt": " "}),
            whole("Both start and end are required."),
        ),
        (
            json!({"labels": labels, "startsAt": "2017-12-16", "endsAt": "2017-12-15"}),
            whole("Start time and end time are mismatched."),
        ),
        (
            json!({"labels": {"a-b": "c"}, "duration": "1m"}),
            vec![(
                "labels".to_owned(),
                "\"a-b\" is not a label name; use letters, digits and _, and do not begin with a digit"
                    .to_owned(),
            )],
        ),
    ] {
        assert_eq!(by_labels(body.clone()).unwrap_err(), expected, "{body}");
    }
}

#[test]
fn a_rule_of_nobody_and_one_with_an_owner_may_be_named() {
    for labels in [
        json!({"alertname": "example-rule", "service": "foo"}),
        json!({"alertname": "unknown"}),
    ] {
        let silence = by_labels(json!({"labels": labels, "duration": "2h"})).unwrap();
        assert_eq!(silence.ends_at.since(silence.starts_at).as_secs(), 7200);
    }
}

#[test]
fn the_author_of_labels_may_be_given_and_that_of_matchers_may_not() {
    let body = |author: &str| {
        json!({
            "labels": {"service": "a"}, "matchers": [{"name": "service", "value": "a"}],
            "duration": "1d12h", "createdBy": author, "comment": " ",
        })
    };
    assert_eq!(by_labels(body("rita")).unwrap().created_by, "rita");
    assert_eq!(by_labels(body(" ")).unwrap().created_by, "admin");
    let silence = by_matchers(body("rita")).unwrap();
    assert_eq!(
        (&*silence.created_by, &*silence.comment),
        ("admin", "Silenced from Promgen")
    );
}

#[test]
fn matchers_are_checked_in_the_order_of_the_original() {
    let instance = json!({"name": "instance", "value": "a", "isRegex": true});
    let service = json!({"name": "service", "value": "a", "isRegex": true, "isEqual": false});
    for (body, expected) in [
        (json!({}), whole("Missing matchers for silence.")),
        (
            json!({"matchers": [instance]}),
            whole("Silence must include a service or project matcher."),
        ),
        (
            json!({"matchers": [service]}),
            whole("Both start and end are required."),
        ),
        (
            json!({"matchers": [service, {"name": "1", "value": "a"}], "duration": "1m"}),
            vec![(
                "matchers[1].name".to_owned(),
                "\"1\" is not a label name".to_owned(),
            )],
        ),
        (
            json!({"matchers": vec![&service; 101], "duration": "1m"}),
            whole("more than 100 matchers"),
        ),
        (
            json!({"matchers": [service], "duration": "1m"}),
            vec![(
                "matchers".to_owned(),
                "match every alert, for all of them match an empty value".to_owned(),
            )],
        ),
    ] {
        assert_eq!(by_matchers(body.clone()).unwrap_err(), expected, "{body}");
    }
    let both = json!({"matchers": [service, instance], "duration": "1m"});
    assert_eq!(by_matchers(both).unwrap().matchers.len(), 2);
}

#[test]
fn a_form_is_told_everything_at_once() {
    let fields = |body: Value| -> Vec<String> {
        let request: MatcherRequest = serde_json::from_value(body).unwrap();
        let found = request.findings(moment(&tokyo()));
        found.into_iter().map(|problem| problem.field).collect()
    };
    let service = json!({"name": "service", "value": "a"});
    let odd = json!({"name": "1", "value": "a"});
    assert_eq!(
        fields(json!({"matchers": [odd, odd], "duration": "1x", "startsAt": "soon"})),
        [
            "matchers[0].name",
            "matchers[1].name",
            WHOLE,
            "duration",
            "startsAt"
        ]
    );
    let regex = json!({"name": "a", "value": "(", "isRegex": true});
    assert_eq!(
        fields(json!({"matchers": [service, regex]})),
        ["matchers", WHOLE]
    );
    assert_eq!(fields(json!({})), [WHOLE, WHOLE]);
    assert_eq!(
        fields(json!({"matchers": [service], "duration": "1m"})),
        [""; 0]
    );
}
