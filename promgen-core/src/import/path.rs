//! Path and query of an exporter, put together from labels.

use std::collections::BTreeMap;

/// Most characters of a path.
pub(super) const MAX_CHARS: usize = 128;

/// The path that [`ExporterPath::split`](crate::model::ExporterPath::split) takes apart into this
/// `__metrics_path__` and these `__param_*` again. Empty values say nothing and are left out.
pub(super) fn join(metrics_path: &str, params: &BTreeMap<String, String>) -> String {
    let mut path = metrics_path.to_owned();
    for (key, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        path.push(if path.contains('?') { '&' } else { '?' });
        push_encoded(&mut path, key, "%&#+=");
        path.push('=');
        push_encoded(&mut path, value, "%&#+");
    }
    path
}

/// Encodes what would end the text or change its meaning, and nothing else: paths are short.
fn push_encoded(out: &mut String, text: &str, special: &str) {
    for c in text.chars() {
        if c == ' ' {
            out.push('+');
        } else if special.contains(c) || c.is_control() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push('%');
                for digit in [byte >> 4, byte & 0xf] {
                    out.extend(
                        char::from_digit(u32::from(digit), 16).map(|d| d.to_ascii_uppercase()),
                    );
                }
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExporterPath;

    #[test]
    fn what_is_put_together_comes_apart_again() {
        for (metrics_path, params) in [
            ("/m", vec![("x", "a b"), ("match[]", "{job=\"x\"}")]),
            ("/m", vec![("a=b&c", "1+1=2&#%\n日本")]),
            ("", vec![("x", "1")]),
            ("/m;p", vec![]),
        ] {
            let own = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
            let params: BTreeMap<String, String> = params.into_iter().map(own).collect();
            let path = join(metrics_path, &params);
            let split = ExporterPath::split(&path);
            assert_eq!(split.metrics_path.as_deref(), Some(metrics_path), "{path}");
            assert_eq!(split.params, params, "{path}");
        }
        assert_eq!(join("", &BTreeMap::new()), "");
    }

    #[test]
    fn a_query_in_the_path_is_gone_on_with() {
        let params = BTreeMap::from([("y".to_owned(), "2".to_owned())]);
        assert_eq!(join("/m?x=1", &params), "/m?x=1&y=2");
    }
}
