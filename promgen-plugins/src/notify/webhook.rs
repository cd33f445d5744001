//! Webhooks: the whole message as JSON, posted once per group of alerts.

use std::sync::Arc;

use async_trait::async_trait;
use hmac::{Hmac, Mac};
use promgen_core::plugin::{
    Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind, NotifyContext,
    NotifyError, Receipt, Target,
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
            help: "Where to post.",
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
    use super::*;

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
