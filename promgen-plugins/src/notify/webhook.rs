//! Webhooks: the whole message as JSON, posted once per group of alerts.

use std::sync::Arc;

use async_trait::async_trait;
use hmac::{Hmac, Mac};
use promgen_core::plugin::{
    Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind, NotifyContext,
    NotifyError, Pace, Receipt, Target,
};
use promgen_core::register_notifier;
use sha2::Sha256;

static WEBHOOK: NotifierDescription = NotifierDescription {
    key: "promgen.notification.webhook",
    label: "Webhook",
    help: "Posts the Alertmanager message as JSON, with links to Promgen's own pages added. The \
           header X-Promgen-Delivery stays the same over retries. With a secret, \
           X-Promgen-Signature is `sha256=` and the HMAC of X-Promgen-Timestamp, a dot, and the \
           body.",
    fields: &[
        Field {
            name: "value",
            label: "URL",
            help: "Where to post. Only its host is shown again.",
            kind: FieldKind::Url,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the URL.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    settings: &[],
    check_value: None,
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|_settings| Ok(Arc::new(Webhook))),
};

register_notifier!(WEBHOOK);

#[derive(Debug)]
struct Webhook;

#[async_trait]
impl Notifier for Webhook {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let body = context.message().to_json();
        let mut request = HttpRequest::post_json(target.value.reveal(), body);
        let delivery = context.delivery().to_string();
        request
            .headers
            .push(("X-Promgen-Delivery".to_owned(), delivery));
        if let Some(secret) = &target.secret {
            let timestamp = (context.now().0 / 1000).to_string();
            let signature = sign(secret.reveal(), &timestamp, &request.body)?;
            request
                .headers
                .push(("X-Promgen-Timestamp".to_owned(), timestamp));
            request
                .headers
                .push(("X-Promgen-Signature".to_owned(), signature));
        }
        let answer = context.http(request).await?;
        answer.accepted()?;
        Ok(Receipt {
            note: format!("HTTP {}", answer.status),
        })
    }
}

fn sign(secret: &str, timestamp: &str, body: &[u8]) -> Result<String, NotifyError> {
    let unusable = |_| NotifyError::Permanent {
        message: "the secret is no HMAC key".to_owned(),
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(unusable)?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Ok(format!(
        "sha256={}",
        hex::encode(mac.finalize().into_bytes())
    ))
}

#[cfg(test)]
mod tests {
    use promgen_core::alert::Message;
    use promgen_core::model::{DeliveryId, Secret};
    use promgen_core::testing::{NotifierCase, RecordingContext};

    use super::*;

    const BODY: &str = r#"{"version":"4","groupKey":"g","strange":[1,null],"alerts":[]}"#;

    fn message() -> Message {
        Message::parse(BODY.as_bytes(), 64).unwrap()
    }

    fn target(secret: Option<&str>) -> Target {
        Target {
            value: Secret::new("https://chat.example.com/hook/s0".to_owned()),
            secret: secret.map(|secret| Secret::new(secret.to_owned())),
        }
    }

    async fn posted(secret: Option<&str>) -> HttpRequest {
        let mut context = RecordingContext::new(message());
        context.delivery = DeliveryId(42);
        let receipt = Webhook.send(&context, &target(secret)).await.unwrap();
        assert_eq!(receipt.note, "HTTP 200");
        context.requests().remove(0)
    }

    fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
        let found = request.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[tokio::test]
    async fn the_whole_message_is_posted_with_the_delivery_id() {
        let request = posted(None).await;
        assert_eq!(request.url, "https://chat.example.com/hook/s0");
        assert_eq!(request.body, BODY.as_bytes());
        assert_eq!(header(&request, "Content-Type"), Some("application/json"));
        assert_eq!(header(&request, "X-Promgen-Delivery"), Some("42"));
        assert_eq!(header(&request, "X-Promgen-Signature"), None);
    }

    #[tokio::test]
    async fn with_a_secret_the_request_is_signed_at_its_time() {
        let request = posted(Some("hush")).await;
        let time = header(&request, "X-Promgen-Timestamp").unwrap();
        assert_eq!(time, "1767323045");
        let expected = sign("hush", time, BODY.as_bytes()).unwrap();
        assert_eq!(
            header(&request, "X-Promgen-Signature"),
            Some(expected.as_str())
        );
    }

    promgen_core::notifier_contract!(
        WEBHOOK,
        NotifierCase::to("https://chat.example.com/hook/s0").message(message())
    );

    #[test]
    fn the_signature_covers_time_and_body() {
        let signed = |time: &str, body: &str| sign("key", time, body.as_bytes()).unwrap();
        // echo -n '1.{}' | openssl dgst -sha256 -hmac key
        assert_eq!(
            signed("1", "{}"),
            "sha256=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
        );
        assert_ne!(signed("1", "{}"), signed("2", "{}"));
        assert_ne!(signed("1", "{}"), signed("1", "{} "));
    }
}
