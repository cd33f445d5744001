//! E-mail: one plain-text mail per address, through the operator's SMTP server.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use promgen_core::alert::{body, subject};
use promgen_core::config::{Mail, MailTls, Settings};
use promgen_core::plugin::{
    Field, FieldKind, Notifier, NotifierDescription, NotifierKind, NotifyContext, NotifyError,
    PluginError, Receipt, Target,
};
use promgen_core::register_notifier;

const KEY: &str = "promgen.notification.email";

static EMAIL: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "E-mail",
    help: "Sends a plain-text mail. The server is named in the settings (django: EMAIL_HOST and \
           so on), the sender's address in promgen.notification.email: sender, or else in \
           django: DEFAULT_FROM_EMAIL.",
    fields: &[
        Field {
            name: "value",
            label: "Email Address",
            help: "One address.",
            kind: FieldKind::Email,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the address.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    kind: NotifierKind::Send(|settings| Ok(Arc::new(Email::new(settings)?))),
};

register_notifier!(EMAIL);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

struct Email {
    from: Option<Mailbox>,
    mail: Mail,
    timeout: Duration,
    /// Made at the first mail: connections belong to the runtime that sends.
    transport: OnceLock<Transport>,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email")
            .field("host", &self.mail.host)
            .finish_non_exhaustive()
    }
}

impl Email {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = settings
            .plugins
            .get(KEY)
            .and_then(|section| section.get("sender"));
        let sender = section.and_then(|sender| sender.as_str().map(str::to_owned));
        let sender = sender.or_else(|| settings.mail.default_from.clone());
        let from = sender
            .map(|text| text.parse::<Mailbox>().map_err(|_| text))
            .transpose();
        let refused = |text: String| PluginError {
            key: KEY.to_owned(),
            message: format!("the sender {text:?} is not an e-mail address"),
            remedy: "write it like promgen@example.com".to_owned(),
        };
        Ok(Self {
            from: from.map_err(refused)?,
            mail: settings.mail.clone(),
            timeout: settings.delivery.timeout,
            transport: OnceLock::new(),
        })
    }

    fn transport(&self) -> Result<&Transport, NotifyError> {
        if let Some(transport) = self.transport.get() {
            return Ok(transport);
        }
        let made = self.connect_settings()?;
        Ok(self.transport.get_or_init(|| made))
    }

    fn connect_settings(&self) -> Result<Transport, NotifyError> {
        let mail = &self.mail;
        let tls = match mail.tls {
            MailTls::None => Tls::None,
            MailTls::StartTls => Tls::Required(self.tls_parameters()?),
            MailTls::Implicit => Tls::Wrapper(self.tls_parameters()?),
        };
        let mut builder = Transport::builder_dangerous(&mail.host)
            .port(mail.port)
            .tls(tls)
            .timeout(Some(self.timeout));
        if !mail.user.is_empty() {
            let password = mail.password.as_ref().map(|secret| secret.reveal().clone());
            let login = Credentials::new(mail.user.clone(), password.unwrap_or_default());
            builder = builder.credentials(login);
        }
        Ok(builder.build())
    }

    fn tls_parameters(&self) -> Result<TlsParameters, NotifyError> {
        let mut builder = TlsParameters::builder(self.mail.host.clone());
        if let Some(path) = &self.mail.ca_file {
            let unreadable = |why: &dyn std::fmt::Display| {
                permanent(format!("EMAIL_CA_FILE {}: {why}", path.display()))
            };
            let pem = std::fs::read(path).map_err(|error| unreadable(&error))?;
            let authority = Certificate::from_pem(&pem).map_err(|error| unreadable(&error))?;
            builder = builder.add_root_certificate(authority);
        }
        builder
            .build_rustls()
            .map_err(|error| permanent(format!("TLS: {error}")))
    }

    fn message(&self, context: &dyn NotifyContext, to: &str) -> Result<Message, NotifyError> {
        let Some(from) = &self.from else {
            return Err(permanent(format!(
                "no sender address: set `{KEY}: sender` or `django: DEFAULT_FROM_EMAIL`"
            )));
        };
        let to: Mailbox = to
            .parse()
            .map_err(|_| permanent("the value is not an e-mail address".to_owned()))?;
        let delivery = context.delivery();
        let id = format!("<promgen-{delivery}@{}>", from.email.domain());
        let builder: MessageBuilder = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(subject(context.message()))
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN);
        let mut message = builder
            .body(body(context.message()))
            .map_err(|error| permanent(format!("the mail cannot be made: {error}")))?;
        let name = HeaderName::new_from_ascii_str("X-Promgen-Delivery");
        message
            .headers_mut()
            .insert_raw(HeaderValue::new(name, delivery.to_string()));
        Ok(message)
    }
}

#[async_trait]
impl Notifier for Email {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let message = self.message(context, target.value.reveal())?;
        match self.transport()?.send(message).await {
            Ok(answer) => {
                let note = answer.first_line().unwrap_or_default().to_owned();
                Ok(Receipt {
                    note: format!("SMTP {} {note}", answer.code()),
                })
            }
            Err(error) if error.is_permanent() => Err(permanent(complaint(&error))),
            Err(error) => Err(NotifyError::Retry {
                after: None,
                message: complaint(&error),
            }),
        }
    }
}

fn permanent(message: String) -> NotifyError {
    NotifyError::Permanent { message }
}

/// What the server or the network said; a server repeats the address that it refuses only in its
/// own text.
fn complaint(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(yaml: Option<&str>, default_from: Option<&str>) -> Settings {
        let mut settings = Settings::default();
        settings.mail.default_from = default_from.map(str::to_owned);
        if let Some(sender) = yaml {
            let section = [("sender", sender)]
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect();
            settings.plugins.insert(
                KEY.to_owned(),
                promgen_core::config::Section::Mapping(section),
            );
        }
        settings
    }

    fn from(yaml: Option<&str>, default_from: Option<&str>) -> Option<String> {
        let email = Email::new(&settings(yaml, default_from)).unwrap();
        email.from.map(|from| from.email.to_string())
    }

    #[test]
    fn the_plugins_own_sender_wins_over_the_default() {
        assert_eq!(
            from(Some("a@x.org"), Some("b@x.org")).as_deref(),
            Some("a@x.org")
        );
        assert_eq!(from(None, Some("b@x.org")).as_deref(), Some("b@x.org"));
        assert_eq!(from(None, None), None);
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused_with_a_remedy() {
        let error = Email::new(&settings(Some("nobody"), None)).unwrap_err();
        assert!(error.to_string().contains("nobody"), "{error}");
    }
}
