//! What limiting makes of expressions, by the tricks that were tried elsewhere.

use super::*;

fn names(names: &[&str]) -> std::collections::BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn services() -> Limit {
    Limit {
        services: names(&["a"]),
        projects: names(&[]),
    }
}

fn both() -> Limit {
    Limit {
        services: names(&["a"]),
        projects: names(&["p"]),
    }
}

fn limited(text: &str, limit: &Limit) -> String {
    let mut limited = enforce(text, limit).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(limited.len(), 1, "{text}");
    limited.remove(0)
}

#[test]
fn s22_every_selector_is_limited_wherever_it_stands() {
    let s = r#"service=~"a""#;
    for (text, wanted) in [
        ("up", format!("up{{{s}}}")),
        ("1 + time()", "1 + time()".to_owned()),
        ("{__name__=~'.+'}", format!("{{__name__=~\".+\",{s}}}")),
        (r#"up{service="b"}"#, format!(r#"up{{service="b",{s}}}"#)),
        ("up offset 5m", format!("up{{{s}}} offset 5m")),
        (
            "up @ 3.5 offset -1d",
            format!("up{{{s}}} @ 3.500 offset -1d"),
        ),
        ("up @ end()", format!("up{{{s}}} @ end()")),
        (
            "max_over_time(rate(up[5m] @ start())[1h:1m] offset 2h)",
            format!("max_over_time(rate(up{{{s}}}[5m] @ start())[1h:1m] offset 2h)"),
        ),
        (
            "a unless on (x) b or c and d",
            format!("a{{{s}}} unless on (x) b{{{s}}} or c{{{s}}} and d{{{s}}}"),
        ),
        (
            r#"label_replace(up{service="b"}, "service", "a", "", "")"#,
            format!(r#"label_replace(up{{service="b",{s}}}, "service", "a", "", "")"#),
        ),
        (
            "topk(scalar(limit), up)",
            format!("topk(scalar(limit{{{s}}}), up{{{s}}})"),
        ),
        (
            r#"count_values("v", -(up))"#,
            format!(r#"count_values("v", -(up{{{s}}}))"#),
        ),
        (
            "up # } or down\n == bool down",
            format!("up{{{s}}} == bool down{{{s}}}"),
        ),
        ("absent(up)", format!("absent(up{{{s}}})")),
        ("(up[5m])", format!("up{{{s}}}[5m]")),
        (
            r#"{"up or up","a{b}"!="\"} or up"}"#,
            format!(r#"{{"a{{b}}"!="\"}} or up",__name__="up or up",{s}}}"#),
        ),
    ] {
        assert_eq!(limited(text, &services()), wanted, "{text}");
    }
}

#[test]
fn s22_services_and_projects_are_a_union() {
    let (s, p) = (r#"service=~"a""#, r#"project=~"p",service!~"a""#);
    for (text, wanted) in [
        ("up", format!("(up{{{s}}} or up{{{p}}})")),
        (
            "sum(rate(up[5m]))",
            format!("sum((rate(up{{{s}}}[5m]) or rate(up{{{p}}}[5m])))"),
        ),
        (
            "quantile_over_time(0.9, (up[5m] offset 1h))",
            format!(
                "(quantile_over_time(0.9, (up{{{s}}}[5m] offset 1h)) or \
                 quantile_over_time(0.9, (up{{{p}}}[5m] offset 1h)))"
            ),
        ),
        (
            "absent(up)",
            format!("(absent(up{{{s}}}) and absent(up{{{p}}}))"),
        ),
        (
            "absent_over_time(up[1h])",
            format!("(absent_over_time(up{{{s}}}[1h]) and absent_over_time(up{{{p}}}[1h]))"),
        ),
        (
            "absent(sum(up))",
            format!("absent(sum((up{{{s}}} or up{{{p}}})))"),
        ),
        (
            "timestamp(up)",
            format!("(timestamp(up{{{s}}}) or timestamp(up{{{p}}}))"),
        ),
        ("up[1h:5m]", format!("(up{{{s}}} or up{{{p}}})[1h:5m]")),
        ("-up ^ 2", format!("-(up{{{s}}} or up{{{p}}}) ^ 2")),
    ] {
        assert_eq!(limited(text, &both()), wanted, "{text}");
    }
    let two = [format!("up{{{s}}}[5m]"), format!("up{{{p}}}[5m]")];
    assert_eq!(enforce("((up[5m]))", &both()).unwrap(), two);
}

#[test]
fn s22_selectors_of_match_are_limited_and_one_is_added_where_there_is_none() {
    let given = ["up".to_owned(), r#"{job="x"}"#.to_owned()];
    assert_eq!(
        enforce_selectors(&given, &services()).unwrap(),
        [r#"up{service=~"a"}"#, r#"{job="x",service=~"a"}"#]
    );
    assert_eq!(
        enforce_selectors(&[], &both()).unwrap(),
        [r#"{service=~"a"}"#, r#"{project=~"p",service!~"a"}"#]
    );
    for text in ["up offset 5m", "up[5m]", "(up)", "up or up", "1", "up @ 3"] {
        let refused = enforce_selectors(&[text.to_owned()], &services());
        assert_eq!(refused, Err(QueryError::NotASelector), "{text}");
    }
    assert!(enforce_selectors(&["up}, {".to_owned()], &services()).is_err());
}

#[test]
fn s22_what_is_not_understood_is_refused() {
    for text in [
        "",
        "up{",
        "up; down",
        "no_such_function(up)",
        r#"up{a="b" or c="d"}"#,
        "info(up)",
        "up[5m:1m",
        "rate(up)",
        "up{a=~\"(\"}",
    ] {
        assert!(enforce(text, &services()).is_err(), "{text}");
    }
    let entangled = enforce("predict_linear(up[1h], scalar(ahead))", &both());
    let function = "predict_linear".to_owned();
    assert_eq!(entangled, Err(QueryError::Entangled { function }));
    assert!(enforce("predict_linear(up[1h], 3600)", &both()).is_ok());
}

#[test]
fn s22_whoever_sees_nothing_gets_nothing() {
    let nothing = Limit::default();
    let limited = limited("up", &nothing);
    assert_eq!(limited, r#"up{service!~"",service=~""}"#);
}

#[test]
fn the_longest_expressions_overflow_no_stack() {
    let longest = || {
        for text in [
            format!("{}up", "up+".repeat(499)),
            format!("{}up", "up or ".repeat(499)),
            format!("{}up", "-".repeat(500)),
            format!("{}up{}", "abs(".repeat(100), ")".repeat(100)),
            format!("1{}", "^up".repeat(500)),
        ] {
            enforce(&text, &both()).unwrap();
        }
    };
    // Half of what threads usually have.
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    thread.spawn(longest).unwrap().join().unwrap();
}

#[test]
fn many_services_times_many_selectors_are_too_much() {
    let many = Limit {
        services: (0..10_000).map(|n| format!("service-{n}")).collect(),
        projects: names(&[]),
    };
    assert!(enforce("sum(up) / sum(up)", &many).is_ok());
    let error = enforce(&format!("{}up", "up+".repeat(9)), &many).unwrap_err();
    assert!(matches!(error, QueryError::TooLarge { .. }));
}
