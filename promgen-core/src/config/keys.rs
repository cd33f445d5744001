//! The keys that mean something, section by section, and the nearest one to a key that does not.

/// Sections and keys at the top of the file.
pub(super) const TOP: &[&str] = &[
    "prometheus",
    "alertmanager",
    "timezone",
    "django",
    "exports",
    "alerts",
    "metrics",
    "delivery",
    "egress",
    "keep",
    "discovery",
    "login",
    "state",
    "permissions",
    "proxy",
];

/// Keys of `prometheus:`.
pub(super) const PROMETHEUS: &[&str] = &[
    "url",
    "promtool",
    "rules",
    "targets",
    "blackbox",
    "min_version",
];

/// Keys of `alertmanager:`.
pub(super) const ALERTMANAGER: &[&str] = &["url", "blacklist", "split"];

/// Keys of `exports:`.
pub(super) const EXPORTS: &[&str] = &["anonymous"];

/// Keys of `alerts:`.
pub(super) const ALERTS: &[&str] = &["anonymous", "max_body", "max_depth"];

/// Keys of `permissions:`.
pub(super) const PERMISSIONS: &[&str] = &["default_role"];

/// Keys of `metrics:`.
pub(super) const METRICS: &[&str] = &["anonymous"];

/// Keys of `delivery:`.
pub(super) const DELIVERY: &[&str] = &[
    "timeout",
    "give_up_after",
    "first_retry",
    "longest_retry",
    "concurrency",
];

/// Keys of `keep:`.
pub(super) const KEEP: &[&str] = &["alerts", "dropped", "audit"];

/// Keys of `egress:`.
pub(super) const EGRESS: &[&str] = &["allow", "deny"];

/// Keys of `discovery:`.
pub(super) const DISCOVERY: &[&str] = &["every", "timeout"];

/// Keys of `proxy:`.
pub(super) const PROXY: &[&str] = &["anonymous", "enforce", "timeout", "max_bytes"];

/// Keys of `login:`.
pub(super) const LOGIN: &[&str] = &[
    "backends",
    "create_users",
    "session",
    "idle",
    "proxies",
    "groups",
];

/// Keys of `django:` that mean something here; the rest of the framework is not in this program.
pub(super) const DJANGO: &[&str] = &[
    "DEBUG",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
    "EMAIL_CA_FILE",
    "DEFAULT_FROM_EMAIL",
    "TIME_ZONE",
    "ALLOWED_HOSTS",
    "AUTHENTICATION_BACKENDS",
];

/// The key that somebody probably meant, written as a path from the top.
pub(super) fn nearest(path: &str, key: &str, known: &[&str]) -> Option<String> {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    // One slip in three characters still tells what was meant; more is a guess.
    let near = known
        .iter()
        .map(|name| (distance(key, name), *name))
        .min()
        .filter(|(slips, name)| *slips <= name.len().div_ceil(3));
    match near {
        Some((_, name)) => Some(below(name)),
        None => elsewhere(key),
    }
}

/// The section in which exactly this key would mean something.
fn elsewhere(key: &str) -> Option<String> {
    let sections = [
        ("django", DJANGO),
        ("prometheus", PROMETHEUS),
        ("alertmanager", ALERTMANAGER),
        ("alerts", ALERTS),
        ("delivery", DELIVERY),
        ("egress", EGRESS),
        ("discovery", DISCOVERY),
        ("login", LOGIN),
    ];
    sections
        .iter()
        .find(|(_, keys)| keys.contains(&key))
        .map(|(section, _)| format!("{section}.{key}"))
}

/// How many letters must be put in, taken out or replaced to make one text the other; case does
/// not count.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.to_lowercase().chars().enumerate() {
        let mut next = vec![line + 1];
        for (other, pair) in right.iter().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            let before = next.last().copied().unwrap_or_default();
            let replaced = diagonal + usize::from(letter != *other);
            next.push(replaced.min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_found_despite_slips() {
        assert_eq!(nearest("", "promtheus", TOP).as_deref(), Some("prometheus"));
        assert_eq!(
            nearest("django", "EMAIL_USE_STARTTLS", DJANGO).as_deref(),
            Some("django.EMAIL_USE_TLS")
        );
        assert_eq!(
            nearest("", "EMAIL_HOST", TOP).as_deref(),
            Some("django.EMAIL_HOST")
        );
        assert_eq!(nearest("", "grafana_address", TOP), None);
    }

    #[test]
    fn distances_are_counted_in_letters() {
        for (left, right, slips) in [("", "abc", 3), ("abc", "ABC", 0), ("kitten", "sitting", 3)] {
            assert_eq!(distance(left, right), slips, "{left} {right}");
        }
    }
}
