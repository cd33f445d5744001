//! LINE Notify, for servers that speak what LINE's own did until 2025-03-31.

use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::alert::chat_text;
use promgen_core::config::Settings;
use promgen_core::model::Problem;
use promgen_core::plugin::{
    DriverSettings, Field, FieldKind, HttpRequest, Method, Notifier, NotifierDescription,
    NotifierKind, NotifyContext, NotifyError, Pace, PluginError, Receipt, Target,
};
use promgen_core::register_notifier;

const KEY: &str = "promgen.notification.linenotify";

static LINE_NOTIFY: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "LINE Notify",
    help: "Posts texts to the server that the setting promgen.notification.linenotify: server \
           names. LINE's own closed on 2025-03-31: for LINE, use promgen.notification.line.",
    fields: &[
        Field {
            name: "value",
            label: "LINE Notify Token",
            help: "A token of that server.",
            kind: FieldKind::Secret,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the token.",
            kind: FieldKind::Text,
            required: true,
        },
    ],
    settings: &["server"],
    check_value: None,
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|settings| Ok(Arc::new(LineNotify::new(settings)?))),
};

register_notifier!(LINE_NOTIFY);

/// What to do about a missing server.
const REMEDY: &str = "set `promgen.notification.linenotify: server` to the URL of the server";

#[derive(Debug)]
struct LineNotify {
    server: Option<String>,
}

impl LineNotify {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, KEY);
        let server = section.url("server")?;
        Ok(Self { server })
    }

    fn request(&self, token: &str, text: &str) -> Result<HttpRequest, NotifyError> {
        let Some(server) = &self.server else {
            return Err(NotifyError::Permanent {
                message: format!("no server: {REMEDY}"),
            });
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.append_pair("message", text).finish();
        let form = "application/x-www-form-urlencoded";
        Ok(HttpRequest {
            method: Method::Post,
            url: server.clone(),
            headers: vec![
                ("Content-Type".to_owned(), form.to_owned()),
                ("Authorization".to_owned(), format!("Bearer {token}")),
            ],
            body: body.into_bytes(),
            proxy: None,
        })
    }
}

#[async_trait]
impl Notifier for LineNotify {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let text = chat_text(context.message());
        let request = self.request(target.value.reveal(), &text)?;
        let answer = context.http(request).await?;
        answer.accepted()?;
        Ok(Receipt {
            note: format!("HTTP {}", answer.status),
        })
    }

    fn problems(&self) -> Vec<Problem> {
        let problem = match &self.server {
            None => Problem::warning(KEY, "has no server: nothing can be sent", REMEDY),
            Some(server) if is_closed(server) => Problem::warning(
                KEY,
                "names LINE's own server, which closed on 2025-03-31",
                "use promgen.notification.line, or name another server",
            ),
            Some(_) => return Vec::new(),
        };
        vec![problem]
    }
}

/// Whether the URL is one of LINE's own.
fn is_closed(server: &str) -> bool {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    ["notify-api.line.me", "notify-bot.line.me"]
        .iter()
        .any(|closed| host.ends_with(closed))
}

#[cfg(test)]
mod tests {
    use promgen_core::alert::{Message, body, subject};
    use promgen_core::model::Secret;
    use promgen_core::testing::{RecordingContext, http_notifier_keeps_the_contract};

    use super::*;
    use crate::notify::samples::{self, section};

    fn driver(server: &str) -> LineNotify {
        LineNotify::new(&section(KEY, &[("server", server.into())])).unwrap()
    }

    fn target(token: &str) -> Target {
        Target {
            value: Secret::new(token.to_owned()),
            secret: None,
        }
    }

    async fn posted(message: Message) -> HttpRequest {
        let context = RecordingContext::new(message);
        let driver = driver("https://notify.example.com/api/notify");
        driver.send(&context, &target("t0k3n")).await.unwrap();
        context.requests().remove(0)
    }

    /// The text in a form.
    fn read(request: &HttpRequest) -> String {
        let pairs: Vec<_> = form_urlencoded::parse(&request.body).collect();
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].0, "message");
        pairs[0].1.clone().into_owned()
    }

    #[tokio::test]
    async fn the_text_is_posted_as_a_form_with_the_token() {
        let request = posted(samples::firing()).await;
        assert_eq!(request.url, "https://notify.example.com/api/notify");
        let header = ("Authorization".to_owned(), "Bearer t0k3n".to_owned());
        assert_eq!(request.headers[1], header);
        assert_eq!(read(&request), body(&samples::firing()));
        let resolved = posted(samples::resolved()).await;
        assert_eq!(read(&resolved), "[resolved] DiskFull shop major");
        assert_eq!(resolved.body, b"message=%5Bresolved%5D+DiskFull+shop+major");
    }

    #[tokio::test]
    async fn no_label_reaches_a_header_or_another_field() {
        let message = samples::hostile("resolved");
        let request = posted(message.clone()).await;
        assert_eq!(read(&request), subject(&message));
        assert_eq!(request.headers, posted(samples::firing()).await.headers);
    }

    #[tokio::test]
    async fn the_driver_keeps_the_contract() {
        let driver = driver("https://notify.example.com/api/notify");
        let message = samples::firing();
        http_notifier_keeps_the_contract(&driver, &target("t0k3n"), &message).await;
    }

    #[tokio::test]
    async fn without_a_server_the_driver_says_what_to_set() {
        let driver = LineNotify::new(&Settings::default()).unwrap();
        let context = RecordingContext::new(samples::firing());
        let error = driver.send(&context, &target("t0k3n")).await.unwrap_err();
        assert!(matches!(error, NotifyError::Permanent { .. }));
        for text in [error.to_string(), driver.problems()[0].to_string()] {
            assert!(
                text.contains("promgen.notification.linenotify: server"),
                "{text}"
            );
        }
        assert!(context.requests().is_empty());
    }

    #[test]
    fn only_the_server_that_closed_is_warned_of() {
        for closed in [
            "https://notify-api.line.me/api/notify",
            "https://Notify-Bot.LINE.me.:443?x",
        ] {
            let problem = driver(closed).problems().remove(0).to_string();
            assert!(problem.contains("promgen.notification.line,"), "{problem}");
        }
        for alive in [
            "https://notify.example.com/notify-api.line.me",
            "http://127.0.0.1:1",
        ] {
            assert_eq!(driver(alive).problems(), []);
        }
    }
}
