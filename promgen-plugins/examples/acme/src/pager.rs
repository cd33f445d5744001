//! A notifier: pages a team through Acme's gateway, with one small JSON document.
//!
//! ```yaml
//! acme.notification.pager:
//!   gateway: https://pager.acme.example/v1/pages
//!   key: a-key-of-the-gateway
//! ```

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::alert::subject;
use promgen_core::config::Settings;
use promgen_core::model::{Problem, Secret};
use promgen_core::plugin::{
    Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind, NotifyContext,
    NotifyError, Pace, PluginError, Receipt, Target,
};
use promgen_core::register_notifier;
use serde::{Deserialize, Serialize};

const KEY: &str = "acme.notification.pager";

static PAGER: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "Acme pager",
    help: "Pages whoever of a team is on call. The gateway and its key are in the settings \
           (acme.notification.pager: gateway, key).",
    fields: &[
        Field {
            name: "value",
            label: "Team",
            help: "The team's name at the gateway, such as storage-oncall.",
            kind: FieldKind::Text,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the team.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    settings: &["gateway", "key"],
    check_value: None,
    // The gateway calls people one after another: two pages to a team at once gain nothing.
    pace: Pace {
        at_once: 1,
        ..Pace::USUAL
    },
    kind: NotifierKind::Send(|settings| Ok(Arc::new(Pager::new(settings)?))),
};

register_notifier!(PAGER);

/// The driver's section of the settings.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Section {
    gateway: Option<String>,
    key: Option<String>,
}

struct Pager {
    gateway: Option<String>,
    key: Option<Secret<String>>,
}

/// What the gateway takes.
#[derive(Serialize)]
struct Page<'a> {
    team: &'a str,
    text: String,
    resolved: bool,
    /// Pages with the same subject of conversation are one incident at the gateway.
    incident: String,
}

impl Pager {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = match settings.plugins.get(KEY) {
            // What serde says may hold a piece of the section, and so the key: it is not repeated.
            Some(section) => Section::deserialize(section).map_err(|_| unusable())?,
            None => Section::default(),
        };
        Ok(Self {
            gateway: section.gateway,
            key: section.key.map(Secret::new),
        })
    }
}

fn unusable() -> PluginError {
    PluginError {
        key: KEY.to_owned(),
        message: "the section holds something else than the texts `gateway` and `key`".to_owned(),
        remedy: "write `gateway: https://…` and `key: …`, with quotes around digits".to_owned(),
    }
}

/// Keys stay out of logs and of failed tests.
impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("gateway", &self.gateway)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Notifier for Pager {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let message = context.message();
        let page = Page {
            team: target.value.reveal(),
            text: subject(message),
            resolved: message.status() == "resolved",
            incident: message.group_key(),
        };
        let body =
            serde_json::to_vec(&page).map_err(|_| permanent("the page cannot be written"))?;
        let gateway = self.gateway.as_deref();
        let gateway = gateway.ok_or_else(|| permanent("`gateway` is not set"))?;
        let mut request = HttpRequest::post_json(gateway, body);
        let mut header = |name: &str, value: String| request.headers.push((name.to_owned(), value));
        if let Some(key) = &self.key {
            header("Authorization", format!("Bearer {}", key.reveal()));
        }
        // The same over retries, so that the gateway calls nobody twice.
        header("Idempotency-Key", format!("promgen-{}", context.delivery()));
        let answer = context.http(request).await?;
        match answer.status {
            // An earlier attempt came through, and only its answer was lost.
            409 => Ok(receipt("HTTP 409: paged before".to_owned())),
            // Nobody is on call for some minutes while shifts change hands.
            423 => Err(NotifyError::Retry {
                after: answer.retry_after,
                message: "HTTP 423: nobody is on call at the moment".to_owned(),
            }),
            // All other statuses mean what they mean everywhere.
            status => answer
                .accepted()
                .map(|()| receipt(format!("HTTP {status}"))),
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let missing = |field: &str, remedy: &str| {
            Problem::warning(format!("{KEY}.{field}"), "is not set", remedy)
        };
        let gateway = "set it, or no page can be sent";
        let key = "set it, if the gateway asks for one";
        let gateway = self.gateway.is_none().then(|| missing("gateway", gateway));
        let key = self.key.is_none().then(|| missing("key", key));
        gateway.into_iter().chain(key).collect()
    }
}

fn permanent(message: &str) -> NotifyError {
    NotifyError::Permanent {
        message: message.to_owned(),
    }
}

fn receipt(note: String) -> Receipt {
    Receipt { note }
}

#[cfg(test)]
mod tests {
    use promgen_core::config::parse;
    use promgen_core::testing::{NotifierCase, RecordingContext, block_on};

    use super::*;

    const SETTINGS: &str = "acme.notification.pager:\n  \
        gateway: https://pager.acme.example/v1/pages\n  \
        key: pager-k3y\n";

    fn case() -> NotifierCase {
        let settings = parse(SETTINGS).unwrap().settings;
        NotifierCase::to("storage-oncall")
            .settings(settings)
            .hiding("pager-k3y")
    }

    promgen_core::notifier_contract!(PAGER, case());

    fn paged(status: u16) -> (Result<Receipt, NotifyError>, HttpRequest) {
        let case = case();
        let context = RecordingContext::new(case.message.clone()).answering(status);
        let result = block_on(case.driver(&PAGER).send(&context, &case.target));
        (result, context.requests().remove(0))
    }

    #[test]
    fn a_page_is_small_and_bears_key_and_delivery() {
        let (result, request) = paged(200);
        assert_eq!(result.unwrap().note, "HTTP 200");
        assert_eq!(request.url, "https://pager.acme.example/v1/pages");
        let page: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let expected = serde_json::json!({
            "team": "storage-oncall", "text": "[firing] Down shop", "resolved": false,
            "incident": "contract",
        });
        assert_eq!(page, expected);
        for (name, value) in [
            ("Authorization", "Bearer pager-k3y"),
            ("Idempotency-Key", "promgen-1"),
        ] {
            let header = (name.to_owned(), value.to_owned());
            assert!(request.headers.contains(&header), "{name}");
        }
    }

    #[test]
    fn a_page_that_came_through_before_is_done_and_a_gap_between_shifts_passes() {
        assert!(paged(409).0.is_ok());
        assert!(matches!(paged(423).0, Err(NotifyError::Retry { .. })));
    }

    #[test]
    fn a_missing_gateway_is_told_and_a_wrong_section_refused_without_its_values() {
        let pager = Pager::new(&Settings::default()).unwrap();
        assert_eq!(pager.problems().len(), 2);
        for section in [
            "{key: [s3cret]}",
            "{key: s3cret, keys: 1}",
            "[s3cret]",
            "{key: 1}",
        ] {
            let settings = parse(&format!("{KEY}: {section}")).unwrap().settings;
            let error = Pager::new(&settings).unwrap_err();
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
