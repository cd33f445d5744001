//! Pages as a browser asks for them, by somebody with a token.

use axum::body::Body;
use http::{HeaderMap, Request, header};
use regex::Regex;
use url::form_urlencoded;

use crate::rest::world::{Person, World};

/// A page, or where it leads.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) html: String,
}

impl Page {
    /// A page that is shown.
    #[track_caller]
    pub(super) fn shown(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.html);
        self
    }

    /// Where the answer leads.
    #[track_caller]
    pub(super) fn leads(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.html);
        self.headers["location"].to_str().unwrap()
    }

    /// What the next page will say.
    pub(super) fn notices(&self) -> String {
        use base64::Engine as _;
        let cookies = self.headers.get_all("set-cookie").iter();
        let mut texts = cookies.filter_map(|value| {
            let value = value.to_str().unwrap().strip_prefix("promgen_notice=")?;
            let value = value.split(';').next().unwrap();
            let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            Some(String::from_utf8(engine.decode(value).unwrap()).unwrap())
        });
        texts.next().unwrap_or_default()
    }

    /// Whether the page has this text, as a reader sees it.
    pub(super) fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// What a reader sees: no tags, no entities, single blanks.
    pub(super) fn text(&self) -> String {
        let tags = Regex::new("<[^>]*>").unwrap();
        let text = tags.replace_all(&self.html, " ");
        let mut plain = text.into_owned();
        for (entity, letter) in [
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#34;", "\""),
            ("&#39;", "'"),
            ("&#38;", "&"),
        ] {
            plain = plain.replace(entity, letter);
        }
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a link of the page leads there.
    pub(super) fn links_to(&self, path: &str) -> bool {
        self.html.contains(&format!("href=\"{path}\""))
    }

    /// Whether a form of the page is posted there.
    pub(super) fn posts_to(&self, path: &str) -> bool {
        self.html.contains(&format!("action=\"{path}\""))
    }
}

/// A world whose pages are asked for.
pub(super) trait Pages {
    /// Asks for a page.
    async fn page(&self, who: &Person, path: &str) -> Page;
    /// Asks for a page by a browser that likes Japanese best.
    async fn in_japanese(&self, who: &Person, path: &str) -> Page;
    /// Asks for a page as nobody.
    async fn stranger(&self, path: &str) -> Page;
    /// Sends a form.
    async fn submit(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Page;
    /// Sends a form by a browser that likes Japanese best.
    async fn submit_in_japanese(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Page;
    /// Sends any request as a browser does.
    async fn browse(
        &self,
        who: Option<&Person>,
        request: http::request::Builder,
        body: Body,
    ) -> Page;
}

impl Pages for World {
    async fn page(&self, who: &Person, path: &str) -> Page {
        self.browse(Some(who), Request::get(path), Body::empty())
            .await
    }

    async fn in_japanese(&self, who: &Person, path: &str) -> Page {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "ja,en;q=0.5");
        self.browse(Some(who), request, Body::empty()).await
    }

    async fn stranger(&self, path: &str) -> Page {
        self.browse(None, Request::get(path), Body::empty()).await
    }

    async fn submit(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        let (request, body) = filled_in(path, fields);
        self.browse(Some(who), request, body).await
    }

    async fn submit_in_japanese(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        let (request, body) = filled_in(path, fields);
        let request = request.header(header::ACCEPT_LANGUAGE, "ja,en;q=0.5");
        self.browse(Some(who), request, body).await
    }

    async fn browse(
        &self,
        who: Option<&Person>,
        request: http::request::Builder,
        body: Body,
    ) -> Page {
        let mut request = request
            .header(header::HOST, "promgen")
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Token {}", who.token));
        }
        let (head, html) = self.exchange(request.body(body).unwrap()).await;
        Page {
            status: head.status.as_u16(),
            headers: head.headers,
            html,
        }
    }
}

/// A form that is sent.
fn filled_in(path: &str, fields: &[(&str, &str)]) -> (http::request::Builder, Body) {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request =
        Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    (request, Body::from(body))
}
