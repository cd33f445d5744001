//! As much of a browser as a login needs: cookies by host, and no redirects by itself.

use std::collections::BTreeMap;

use promgen_tests::http::{Answer, client, send};
use regex::Regex;
use reqwest::Url;

/// A browser.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    base: String,
    cookies: BTreeMap<String, String>,
    /// Headers that a proxy adds on the way.
    pub(crate) added: Vec<(String, String)>,
}

/// Where an answer leads to.
pub(crate) fn location(answer: &Answer) -> &str {
    answer
        .headers
        .get("location")
        .map_or("", |to| to.to_str().unwrap())
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            added: Vec::new(),
        }
    }

    /// The value of a cookie, empty when there is none.
    pub(crate) fn cookie(&self, name: &str) -> &str {
        self.cookies.get(name).map_or("", String::as_str)
    }

    /// Sets a cookie as somebody does who can.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn resolve(&self, path: &str) -> Url {
        Url::parse(&self.base).unwrap().join(path).unwrap()
    }

    /// Sends a request with the cookies, and keeps those of the answer.
    pub(crate) async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = request;
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in &self.added {
            request = request.header(name, value);
        }
        let answer = send(request).await.unwrap();
        for header in answer.headers.get_all("set-cookie") {
            let header = header.to_str().unwrap();
            let (name, value) = header.split(';').next().unwrap().split_once('=').unwrap();
            if header.contains("Max-Age=0") || value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Asks for a path, or a whole URL.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let url = self.resolve(path);
        self.send(client().get(url)).await
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let url = self.resolve(path);
        let body = encoded(fields);
        let request = client()
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.send(request).await
    }

    /// Loads the login page, and posts its form.
    pub(crate) async fn log_in(&mut self, username: &str, password: &str) -> Answer {
        self.log_in_to(username, password, "/").await
    }

    /// The same, to go somewhere afterwards.
    pub(crate) async fn log_in_to(&mut self, username: &str, password: &str, next: &str) -> Answer {
        let page = self.get("/login/").await;
        let token = form_token(&page.text());
        let fields = [
            ("csrfmiddlewaretoken", token.as_str()),
            ("username", username),
            ("password", password),
            ("next", next),
        ];
        self.post("/login/", &fields).await
    }

    /// Who Promgen takes this browser for, by what only a user may see.
    pub(crate) async fn is_in(&mut self) -> bool {
        let page = self.get("/login/").await;
        page.status == 303
    }
}

/// The form token of a page.
pub(crate) fn form_token(html: &str) -> String {
    let field = Regex::new(r#"name="csrfmiddlewaretoken" value="([0-9a-f]+)""#).unwrap();
    field
        .captures(html)
        .map(|found| found[1].to_owned())
        .unwrap_or_default()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://form.invalid/").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}
