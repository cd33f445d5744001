//! Where somebody wants to go on to after they have logged in or done something: only ever to a page of
//! this site.

use url::Url;

/// Where it goes when nothing else is asked for, or nothing that is allowed.
const HOME: &str = "/";

/// Longest address that is kept.
const MOST_BYTES: usize = 2048;

/// How often an address is decoded to see what hides in it.
const LAYERS: usize = 4;

/// The address that was asked for, if it is a path on this site however a browser or a proxy reads
/// it; else the home page. Anything that could be read as the name of another host is not: `//host`,
/// `/\host`, the same in percent signs, or behind control characters, which browsers leave out.
pub(crate) fn safe(wanted: &str) -> &str {
    if wanted.len() <= MOST_BYTES && is_local(wanted) && is_local_all_the_way(wanted) {
        wanted
    } else {
        HOME
    }
}

/// Where it goes on: to the page that was asked for, as [`safe`] has it, and else where it goes when
/// nothing is asked for.
pub(crate) fn or(wanted: Option<&str>, otherwise: impl Into<String>) -> String {
    match wanted.filter(|wanted| !wanted.is_empty()) {
        Some(wanted) => safe(wanted).to_owned(),
        None => otherwise.into(),
    }
}

/// A link to a page that leads on to another one when it is done with; by itself where there is none.
pub(crate) fn leading(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{query}")
}

fn is_local_all_the_way(wanted: &str) -> bool {
    let mut text = wanted.to_owned();
    for _ in 0..LAYERS {
        let decoded = decoded(&text);
        if decoded == text {
            return true;
        }
        if !is_safe(&decoded) {
            return false;
        }
        text = decoded;
    }
    // Whoever wraps an address so often hides something.
    false
}

/// As it stands: visible ASCII, and the same site to a browser.
fn is_local(text: &str) -> bool {
    let base = Url::parse("http://promgen.invalid/").ok();
    let joined = base.as_ref().and_then(|base| base.join(text).ok());
    let same = joined
        .zip(base)
        .is_some_and(|(joined, base)| joined.origin() == base.origin());
    same && text.bytes().all(|byte| byte.is_ascii_graphic()) && is_safe(text)
}

fn is_safe(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let strange = |c: char| c == '\\' || c.is_control();
    path.starts_with('/') && !path.contains("//") && !text.contains(strange)
}

/// Percent signs of one layer undone; what is not UTF-8 becomes a character that is not there.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        let (byte, after) = match byte {
            Some(byte) => (byte, after.get(2..).unwrap_or_default()),
            None => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_paths_of_this_site_are_kept() {
        for path in [
            "/",
            "/service/1",
            "/rule/1/edit?x=y&next=/a#top",
            "/project/1?name=a%20b%2Fc",
            "/search?q=http://example.com//x",
            "/a/%E6%97%A5",
        ] {
            assert_eq!(safe(path), path);
        }
    }

    #[test]
    fn s7_everything_else_leads_home() {
        for path in [
            "",
            "service/1",
            "http://evil.example.com/",
            "//evil.example.com",
            "///evil.example.com",
            "/\\evil.example.com",
            "\\/evil.example.com",
            "\\\\evil.example.com",
            "/%2fevil.example.com",
            "/%2Fevil.example.com",
            "/%5cevil.example.com",
            "%2f%2fevil.example.com",
            "/%252fevil.example.com",
            "/%25252fevil.example.com",
            "/%25%32%66evil.example.com",
            "/\t/evil.example.com",
            "/\n/evil.example.com",
            "/%09/evil.example.com",
            "/%0d%0aSet-Cookie:%20a=b",
            "/a\r\nLocation: //evil.example.com",
            " //evil.example.com",
            "/ /evil.example.com",
            "/a//evil.example.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "/@evil.example.com//",
            "/\u{2028}/evil",
            "/日本",
            "@evil.example.com",
            "?next=//evil",
            "#//evil",
        ] {
            assert_eq!(safe(path), "/", "{path:?}");
        }
        assert_eq!(safe(&format!("/{}", "a".repeat(MOST_BYTES))), "/");
    }
}
