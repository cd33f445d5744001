//! Slack: texts, posted to an incoming webhook.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::iter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use promgen_core::alert::{Fit, chat_text};
use promgen_core::config::Settings;
use promgen_core::model::{DeliveryId, Secret};
use promgen_core::plugin::{
    DriverSettings, Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind,
    NotifyContext, NotifyError, Pace, PluginError, Receipt, Target,
};
use promgen_core::register_notifier;
use serde_json::json;

const KEY: &str = "promgen.notification.slack";

static SLACK: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "Slack",
    help: "Posts texts to an incoming webhook, at most one a second: what waits for its turn goes \
           out in one. The setting promgen.notification.slack: proxies names a proxy.",
    fields: &[
        Field {
            name: "value",
            label: "Slack Incoming Webhook URL",
            help: "As Slack shows it, like https://hooks.slack.com/services/... Only its host is shown again.",
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
    settings: &["proxies", "proxy"],
    check_value: None,
    // Slack takes one message a second and webhook.
    pace: Pace {
        at_once: 1,
        every: Duration::from_secs(1),
        bundle: 20,
    },
    kind: NotifierKind::Send(|settings| Ok(Arc::new(Slack::new(settings)?))),
};

register_notifier!(SLACK);

/// Slack cuts a text off at 40,000 characters. Fifty posts list some 10,000 alerts; nobody reads
/// more, and Slack would not take them within a day.
const FIT: Fit = Fit {
    units: 40_000,
    pieces: 50,
    width: escaped_width,
};

/// Most bundles of which it is remembered how many of their posts went out.
const MOST_BEGUN: usize = 1000;

/// Which posts: those of a delivery, and of the others that go out with it.
type Bundle = (DeliveryId, u64);

#[derive(Debug)]
struct Slack {
    proxy: Option<Secret<String>>,
    /// How many posts of a bundle Slack has taken, so that a retry goes on from there.
    begun: Mutex<BTreeMap<Bundle, usize>>,
}

impl Slack {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, KEY);
        let proxy = match section.url("proxies")? {
            None => section.url("proxy")?,
            proxies => proxies,
        };
        Ok(Self {
            proxy: proxy.map(Secret::new),
            begun: Mutex::default(),
        })
    }

    fn request(&self, target: &Target, text: &str) -> HttpRequest {
        let body = json!({ "text": text }).to_string();
        let mut request = HttpRequest::post_json(target.value.reveal(), body.into_bytes());
        request.proxy = self.proxy.as_ref().map(|proxy| proxy.reveal().clone());
        request
    }

    /// Nothing in here can be left half done by a panic.
    fn begun(&self) -> MutexGuard<'_, BTreeMap<Bundle, usize>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, bundle: Bundle, taken: usize) {
        let mut begun = self.begun();
        begun.insert(bundle, taken);
        if begun.len() > MOST_BEGUN {
            begun.pop_first();
        }
    }
}

#[async_trait]
impl Notifier for Slack {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let posts = posts(context);
        let bundle = (context.delivery(), digest(&posts));
        let taken = self.begun().get(&bundle).copied().unwrap_or(0);
        for (number, text) in (1..).zip(&posts).skip(taken) {
            let answer = context.http(self.request(target, text)).await?;
            answer.accepted()?;
            if number < posts.len() {
                self.remember(bundle, number);
            }
        }
        self.begun().remove(&bundle);
        Ok(Receipt {
            note: format!("{} of {} posted", posts.len() - taken, posts.len()),
        })
    }
}

/// The texts of all messages, in as few posts as they fit into.
fn posts(context: &dyn NotifyContext) -> Vec<String> {
    let messages = iter::once(context.message()).chain(context.further());
    let texts: Vec<String> = messages.map(chat_text).collect();
    let link = context.message().external_url();
    let pieces = FIT.cut(&texts.join("\n\n"), &link);
    pieces.iter().map(|piece| escape(piece)).collect()
}

fn digest(posts: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    posts.hash(&mut hasher);
    hasher.finish()
}

/// As Slack's documents ask. Without it, a label `<!channel>` would call everybody.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn escaped_width(c: char) -> usize {
    match c {
        '&' => 5,
        '<' | '>' => 4,
        c => c.len_utf16(),
    }
}

#[cfg(test)]
mod tests;
