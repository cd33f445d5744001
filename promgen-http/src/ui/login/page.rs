//! The login page, as plain as the home page.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Response};
use http::header::CACHE_CONTROL;
use promgen_core::app::login::{Choice, Way};
use url::form_urlencoded;

use crate::ui::escape;

/// What the page shows.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    /// Ways to log in, in order.
    pub(super) choices: &'a [Choice],
    /// Where to go afterwards.
    pub(super) next: &'a str,
    /// What was typed.
    pub(super) username: &'a str,
    /// The form token.
    pub(super) token: &'a str,
    /// Why nobody came in.
    pub(super) message: Option<&'a str>,
}

impl Page<'_> {
    /// The page as an answer that nobody keeps.
    pub(super) fn answer(&self) -> Response {
        ([(CACHE_CONTROL, "no-store")], Html(self.html())).into_response()
    }

    fn html(&self) -> String {
        let message = self
            .message
            .map(|text| format!("<p role=\"alert\">{}</p>\n", escape(text)));
        let by_form = self.choices.iter().any(|choice| choice.way == Way::Form);
        format!(
            r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in – Promgen</title>
</head>
<body>
<main>
<h1>Log in</h1>
{}{}{}</main>
</body>
</html>
"#,
            message.unwrap_or_default(),
            self.buttons(),
            if by_form { self.form() } else { String::new() },
        )
    }

    fn buttons(&self) -> String {
        let mut html = String::new();
        let next: String = form_urlencoded::byte_serialize(self.next.as_bytes()).collect();
        for choice in self
            .choices
            .iter()
            .filter(|choice| choice.way == Way::Button)
        {
            let (key, label) = (escape(choice.key), escape(choice.label));
            let link =
                format!("<p><a href=\"/login/{key}/?next={next}\">Sign in with {label}</a></p>");
            // Writing to a text does not fail.
            writeln!(html, "{link}").ok();
        }
        html
    }

    fn form(&self) -> String {
        let (token, next) = (escape(self.token), escape(self.next));
        let username = escape(self.username);
        format!(
            r#"<form method="post" action="/login/">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="next" value="{next}">
<p><label for="username">User name</label>
<input id="username" name="username" value="{username}" maxlength="150" autocomplete="username" required></p>
<p><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button type="submit">Log in</button></p>
</form>
"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Choice; 2] = [
        Choice {
            key: "oidc",
            label: "OpenID <Connect>",
            way: Way::Button,
        },
        Choice {
            key: "password",
            label: "Password",
            way: Way::Form,
        },
    ];

    #[test]
    fn what_somebody_typed_is_text() {
        let page = Page {
            choices: &BOTH,
            next: "/a?b=\"><script>",
            username: "\"><script>alert(1)</script>",
            token: "t0ken",
            message: Some("<b>no</b>"),
        };
        let html = page.html();
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("Sign in with OpenID &lt;Connect&gt;"));
        assert!(html.contains("/login/oidc/?next=%2Fa%3Fb%3D%22%3E%3Cscript%3E"));
        assert!(html.contains("name=\"csrfmiddlewaretoken\" value=\"t0ken\""));
    }

    #[test]
    fn without_a_backend_for_it_there_is_no_form() {
        let [button, _] = BOTH;
        let page = Page {
            choices: &[button],
            ..Page::default()
        };
        assert!(!page.html().contains("<form"));
    }
}
