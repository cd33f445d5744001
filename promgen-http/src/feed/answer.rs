//! An export as a response.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use promgen_core::app::Rendered;

use super::encoding::Encoding;
use super::etag;

/// The revision of the tree that the bytes were made from.
const REVISION: HeaderName = HeaderName::from_static("x-promgen-revision");

/// What an export is to its reader. Source: the original's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format<'a> {
    /// Targets or URLs for `http_sd_configs` and `file_sd_configs`.
    Json,
    /// Rules, which browsers offer to save.
    RuleFile,
    /// Rules of something, which browsers offer to save under its name.
    NamedRuleFile(&'a str),
}

/// Answers with the form that the client wants, or with 304 when it has that already.
pub(crate) fn answer(
    request: &HeaderMap,
    rendered: &Rendered,
    format: Format<'_>,
    revision: i64,
) -> Response {
    let encoding = Encoding::wanted(request);
    let (bytes, tag) = match encoding {
        Encoding::Identity => (&rendered.plain, &rendered.etag_plain),
        Encoding::Gzip => (&rendered.gzip, &rendered.etag_gzip),
    };
    if etag::matches(request, tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        validators(response.headers_mut(), tag, revision);
        return response;
    }
    let mut response = Response::new(Body::from(bytes.clone()));
    let headers = response.headers_mut();
    validators(headers, tag, revision);
    let (media, file) = match format {
        Format::Json => ("application/json", None),
        Format::RuleFile => ("application/x-yaml", Some("promgen")),
        Format::NamedRuleFile(name) => ("application/x-yaml; charset=utf-8", Some(name)),
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    if let Some(disposition) = file.and_then(disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    if encoding == Encoding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// How a rule file is called when it is saved (RFC 6266): a name that is no token stands in quotes,
/// and one beyond ASCII once more in the form that keeps it.
fn disposition(name: &str) -> Option<HeaderValue> {
    let file = format!("{name}.rule.yml");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let text = if file.chars().all(plain) {
        format!("attachment; filename={file}")
    } else {
        // Names hold neither quotes nor backslashes.
        let ascii: String = file
            .chars()
            .map(|c| if c.is_ascii() { c } else { '_' })
            .collect();
        let encoded: String = file.bytes().map(percent_encoded).collect();
        format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
    };
    HeaderValue::from_str(&text).ok()
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || byte == b'.' {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// The headers that a 304 has in common with a 200.
fn validators(headers: &mut HeaderMap, tag: &str, revision: i64) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(REVISION, HeaderValue::from(revision));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    // Any copy may be kept, but none is used without asking.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
    use http_body_util::BodyExt as _;

    use super::*;

    fn rendered() -> Rendered {
        Rendered {
            plain: Bytes::from_static(b"[]"),
            gzip: Bytes::from_static(b"zip"),
            etag_plain: "\"p\"".to_owned(),
            etag_gzip: "\"z\"".to_owned(),
        }
    }

    fn get(request: &[(HeaderName, &str)], format: Format<'_>) -> Response {
        let pair = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        let request = request.iter().map(pair).collect();
        answer(&request, &rendered(), format, 7)
    }

    async fn body(response: Response) -> Bytes {
        response.into_body().collect().await.unwrap().to_bytes()
    }

    #[tokio::test]
    async fn each_form_has_its_own_tag() {
        let plain = get(&[], Format::Json);
        assert_eq!(plain.headers()[ETAG], "\"p\"");
        assert_eq!(plain.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(plain.headers()[REVISION], "7");
        assert!(!plain.headers().contains_key(CONTENT_DISPOSITION));
        assert_eq!(body(plain).await, "[]");

        let gzip = get(&[(ACCEPT_ENCODING, "gzip")], Format::RuleFile);
        assert_eq!(gzip.headers()[ETAG], "\"z\"");
        assert_eq!(gzip.headers()[CONTENT_ENCODING], "gzip");
        assert_eq!(gzip.headers()[VARY], "Accept-Encoding");
        assert_eq!(gzip.headers()[CONTENT_TYPE], "application/x-yaml");
        let disposition = &gzip.headers()[CONTENT_DISPOSITION];
        assert_eq!(disposition, "attachment; filename=promgen.rule.yml");
        assert_eq!(body(gzip).await, "zip");
    }

    #[test]
    fn a_file_bears_the_name_of_what_it_is_about() {
        let named =
            |name| get(&[], Format::NamedRuleFile(name)).headers()[CONTENT_DISPOSITION].clone();
        assert_eq!(named("svc-000"), "attachment; filename=svc-000.rule.yml");
        assert_eq!(
            named("a b"),
            "attachment; filename=\"a b.rule.yml\"; filename*=UTF-8''a%20b.rule.yml"
        );
        assert_eq!(
            named("é"),
            "attachment; filename=\"_.rule.yml\"; filename*=UTF-8''%C3%A9.rule.yml"
        );
    }

    #[tokio::test]
    async fn bytes_that_the_client_has_are_not_sent_again() {
        let same = get(&[(IF_NONE_MATCH, "W/\"p\"")], Format::Json);
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(same.headers()[ETAG], "\"p\"");
        assert_eq!(same.headers()[VARY], "Accept-Encoding");
        assert!(!same.headers().contains_key(CONTENT_TYPE));
        assert!(body(same).await.is_empty());

        let other = [(IF_NONE_MATCH, "\"p\""), (ACCEPT_ENCODING, "gzip")];
        assert_eq!(get(&other, Format::Json).status(), StatusCode::OK);
    }
}
