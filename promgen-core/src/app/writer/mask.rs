//! What a destination said, without what only it may know.
//!
//! A server that does not know a path often answers with the path, and in the path of a webhook is
//! its secret. What it answers is kept with the attempt, shown, and logged.

use url::Url;

use crate::model::MASKED;

/// Shorter parts of a URL are no secrets, and words of every other answer.
const SHORTEST: usize = 8;

/// The text without the secrets of a destination: without the value that an alias stands for, and
/// without user, password, path and query of a URL.
pub(in crate::app) fn masked(text: &str, value: &str, alias: &str) -> String {
    let mut text = text.to_owned();
    for secret in secrets(value, alias) {
        text = text.replace(&secret, MASKED);
        // What is kept of an answer may end within a secret.
        let starts = secret.char_indices().rev().map(|(at, _)| at);
        let cut = starts
            .filter(|at| *at >= SHORTEST)
            .filter_map(|at| secret.get(..at))
            .find_map(|start| text.strip_suffix(start));
        text = cut.map_or(text.clone(), |rest| format!("{rest}{MASKED}"));
    }
    text
}

/// Longest first, so that none hides a part of another.
fn secrets(value: &str, alias: &str) -> Vec<String> {
    let mut secrets = Vec::new();
    if !alias.is_empty() {
        secrets.push(value.to_owned());
    }
    if let Some(url) = Url::parse(value).ok().filter(Url::has_host) {
        let path = url.path();
        let query = url.query().unwrap_or_default();
        secrets.push(format!("{path}?{query}"));
        secrets.extend([path, query, url.username()].map(ToOwned::to_owned));
        secrets.extend(url.password().map(ToOwned::to_owned));
        secrets.extend(path.split('/').map(ToOwned::to_owned));
        for (_, value) in url.query_pairs() {
            secrets.push(value.into_owned());
        }
    }
    secrets.retain(|secret| secret.len() >= SHORTEST);
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s15_what_a_receiver_repeats_of_its_url_is_masked() {
        let url = "https://robot:pass-word@chat.example.com/services/T0/hush-hush?key=hush-hash";
        let said = |text: &str| masked(text, url, "");
        for (text, expected) in [
            ("Cannot POST /services/T0/hush-hush", "Cannot POST ********"),
            ("no /services/T0/hush-hush?key=hush-hash", "no ********"),
            ("no hush-hush, no hush-hash", "no ********, no ********"),
            ("bad password pass-word", "bad password ********"),
            ("cut off at /services/T0/hush-h", "cut off at ********"),
            ("cut off at hush-h", "cut off at hush-h"),
            ("HTTP 404: no service T0", "HTTP 404: no service T0"),
        ] {
            assert_eq!(said(text), expected);
        }
    }

    #[test]
    fn s15_a_value_with_an_alias_is_masked_and_another_is_not() {
        let said = "550 no such mailbox team@example.com";
        assert_eq!(masked(said, "team@example.com", ""), said);
        let hidden = "550 no such mailbox ********";
        assert_eq!(masked(said, "team@example.com", "team"), hidden);
    }
}
