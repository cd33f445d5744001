//! Whatever bytes a settings file holds, reading it ends, and what it says can be acted on.

use crate::config::{Parsed, parse};
use crate::model::{Problem, has_errors};

/// Reads bytes as a `promgen.yml` and checks what came back.
///
/// # Panics
/// When a property does not hold: the answer depends on nothing but the text; problems have a
/// field, a message and a remedy and point into the text; an error is told exactly when there are
/// no settings; what was read keeps the promises of the settings.
pub fn settings_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let answer = parse(text);
    match (&answer, &parse(text)) {
        (Ok(one), Ok(two)) => {
            assert_eq!(format!("{one:?}"), format!("{two:?}"));
            assert!(!has_errors(&one.warnings));
        }
        (Err(one), Err(two)) => {
            assert_eq!(one, two);
            assert!(has_errors(one));
        }
        _ => assert_eq!(answer.is_ok(), parse(text).is_ok(), "two readings differ"),
    }
    match answer {
        Ok(parsed) => check_settings(text, &parsed),
        Err(problems) => check_problems(text, &problems),
    }
}

fn check_settings(text: &str, parsed: &Parsed) {
    check_problems(text, &parsed.warnings);
    let delivery = &parsed.settings.delivery;
    assert!(!delivery.timeout.is_zero() && delivery.concurrency > 0);
    assert!(delivery.first_retry <= delivery.longest_retry);
    assert!(parsed.settings.alerts.max_body_bytes > 0);
    assert!((1..128).contains(&parsed.settings.alerts.max_depth));
    let discovery = &parsed.settings.discovery;
    assert!(!discovery.timeout.is_zero() && discovery.every.is_none_or(|every| !every.is_zero()));
    for network in [&parsed.settings.egress.allow, &parsed.settings.egress.deny] {
        assert!(network.iter().all(|network| network.contains('/')));
    }
}

fn check_problems(text: &str, problems: &[Problem]) {
    let lines = text
        .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .count();
    for problem in problems {
        assert!(!problem.field.is_empty() && !problem.message.is_empty());
        assert!(!problem.remedy.is_empty());
        // The end of a document may be told as the line after its last.
        let line = problem.place.map_or(1, |place| place.line);
        assert!(
            (1..=lines + 1).contains(&line),
            "{problem} of {lines} lines"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::property_config;

    /// Scraps of settings files, put together in any order: far more of them parse than of random
    /// letters.
    const SCRAPS: [&str; 24] = [
        "prometheus:",
        "\n",
        "  ",
        "url: http://a/",
        "min_version: 2.50",
        "django:",
        "EMAIL_PORT: 1",
        "EMAIL_USE_TLS: yes",
        "EMAIL_USE_SSL: on",
        "delivery:",
        "timeout: 5m",
        "first_retry: 1d",
        "egress:",
        "allow: [::1]",
        "- ",
        "{",
        "}",
        "&a ",
        "*a",
        "<<: *a",
        "'",
        "x.y: 1",
        ": ",
        "#",
    ];

    proptest! {
        #![proptest_config(property_config())]

        #[test]
        fn any_scraps_are_read_to_an_end(picks in prop::collection::vec(0..SCRAPS.len(), 0..24)) {
            let text: String = picks.into_iter().map(|pick| SCRAPS[pick]).collect();
            settings_body(text.as_bytes());
        }

        #[test]
        fn any_bytes_are_read_to_an_end(data in prop::collection::vec(any::<u8>(), 0..200)) {
            settings_body(&data);
        }

        #[test]
        fn any_text_is_read_to_an_end(text in "\\PC{0,200}") {
            settings_body(text.as_bytes());
        }
    }
}
