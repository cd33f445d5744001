//! The contract of a plugin as tests that its author asks for in one line.

use std::fmt::Debug;
use std::sync::Arc;

use crate::alert::Message;
use crate::config::Settings;
use crate::model::{Secret, has_errors};
use crate::plugin::{
    Discovery, DiscoveryDescription, Notifier, NotifierDescription, NotifierKind, Registry, Target,
};

use super::{RecordingContext, http_notifier_keeps_the_contract};

/// What a notifier is tried with: settings, a destination, a message, and what must stay hidden.
#[derive(Debug, Clone)]
pub struct NotifierCase {
    /// The settings of the program; all defaults.
    pub settings: Settings,
    /// Where to send.
    pub target: Target,
    /// What to send; a firing alert of one service.
    pub message: Message,
    /// Further texts that must never be told, such as a key in the driver's section.
    pub hidden: Vec<String>,
}

impl NotifierCase {
    /// A case with this value as the destination, and a secret to sign with.
    pub fn to(value: &str) -> Self {
        Self {
            settings: Settings::default(),
            target: Target {
                value: Secret::new(value.to_owned()),
                secret: Some(Secret::new("contract-s3cret".to_owned())),
            },
            message: message(),
            hidden: Vec::new(),
        }
    }

    /// The same with these settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The same with this message.
    #[must_use]
    pub fn message(mut self, message: Message) -> Self {
        self.message = message;
        self
    }

    /// The same, and this text of the settings must never be told.
    #[must_use]
    pub fn hiding(mut self, secret: &str) -> Self {
        self.hidden.push(secret.to_owned());
        self
    }

    /// Makes the driver, and checks that the form takes the destination.
    ///
    /// # Panics
    /// When the settings do not make a driver, or it has errors to tell about them.
    pub fn driver(&self, description: &NotifierDescription) -> Arc<dyn Notifier> {
        let problems = description.check(self.target.value.reveal(), "");
        assert!(problems.is_empty(), "the form refuses it: {problems:?}");
        let build = match description.kind {
            NotifierKind::Send(build) => Ok(build),
            NotifierKind::FanOut => Err("it sends nothing itself"),
        };
        let driver = needed("a driver", needed(description.key, build)(&self.settings));
        let problems = driver.problems();
        assert!(!has_errors(&problems), "{problems:?}");
        driver
    }

    /// Checks that what the driver prints and says holds no secret: not the destination, not the
    /// key for signatures, not what [`Self::hiding`] names.
    ///
    /// # Panics
    /// When it does.
    pub async fn stays_secret(&self, description: &NotifierDescription) {
        let driver = self.driver(description);
        let mut told = vec![format!("{driver:?} {:?}", driver.problems())];
        for status in [200, 302, 401, 503] {
            let context = RecordingContext::new(self.message.clone()).answering(status);
            told.push(format!("{:?}", driver.send(&context, &self.target).await));
        }
        let secret = self.target.secret.iter().map(Secret::reveal);
        let hidden = self.hidden.iter().chain(secret);
        for text in hidden.chain([self.target.value.reveal()]) {
            let teller = told.iter().find(|told| told.contains(text.as_str()));
            assert!(teller.is_none(), "a secret is told: {teller:?}");
        }
    }

    /// Checks the contract over HTTP, see [`http_notifier_keeps_the_contract`].
    ///
    /// # Panics
    /// When the driver does not keep it.
    pub async fn keeps_the_http_contract(&self, description: &NotifierDescription) {
        let driver = self.driver(description);
        http_notifier_keeps_the_contract(driver.as_ref(), &self.target, &self.message).await;
    }
}

fn message() -> Message {
    let body = serde_json::json!({
        "version": "4", "groupKey": "contract", "status": "firing",
        "commonLabels": {"alertname": "Down", "service": "shop"},
        "commonAnnotations": {"summary": "it is down"},
        "alerts": [{"status": "firing", "labels": {"alertname": "Down", "service": "shop"}}],
    });
    match body {
        serde_json::Value::Object(fields) => Message::from_fields(fields),
        _ => Message::default(),
    }
}

/// Makes a discovery source.
///
/// # Panics
/// When the settings do not make one.
pub fn source_of(description: &DiscoveryDescription, settings: &Settings) -> Arc<dyn Discovery> {
    needed(description.key, (description.build)(settings))
}

/// What a result holds.
#[expect(clippy::panic, reason = "a contract that is not kept is a failed test")]
fn needed<T, E: Debug>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error:?}"))
}

/// Checks that the program that runs this knows a plugin under its key: that it was registered.
///
/// # Panics
/// When it was not, or two plugins have the same key.
pub fn is_registered(key: &str) {
    let registry = needed("the registry", Registry::linked());
    let known = registry.notifier(key).is_some()
        || registry.discovery(key).is_some()
        || registry.backend(key).is_some();
    assert!(known, "{key} is not registered");
}

/// Waits for a future without a runtime of the caller's own.
///
/// # Panics
/// When the system cannot run one.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    needed("a runtime", runtime).block_on(future)
}

/// Expands to the tests that every notifier over HTTP should have: its description, its
/// registration, what each HTTP status leads to, and that no secret is told.
///
/// Takes the `static` description and a [`NotifierCase`](crate::testing::NotifierCase). It belongs
/// into the test module beside the driver, once in each module, as `promgen-plugins/examples/acme`
/// does.
#[macro_export]
macro_rules! notifier_contract {
    ($description:path, $case:expr $(,)?) => {
        #[test]
        fn the_description_keeps_the_contract() {
            $crate::testing::description_keeps_the_contract(&$description);
        }

        #[test]
        fn the_driver_is_registered() {
            $crate::testing::is_registered($description.key);
        }

        #[test]
        fn the_driver_keeps_the_contract_over_http() {
            $crate::testing::block_on($case.keeps_the_http_contract(&$description));
        }

        #[test]
        fn the_driver_tells_no_secrets() {
            $crate::testing::block_on($case.stays_secret(&$description));
        }
    };
}

/// Expands to the tests that every discovery source should have: its description, its
/// registration, and what it says of its farms.
///
/// Takes the `static` description, the [`Settings`](crate::config::Settings) to make the source
/// from, and, for a source that asks over HTTP, a context that answers it
/// ([`RecordingDiscoveryContext`](crate::testing::RecordingDiscoveryContext) or the author's own).
#[macro_export]
macro_rules! discovery_contract {
    ($description:path, $settings:expr $(,)?) => {
        $crate::discovery_contract!(
            $description,
            $settings,
            $crate::testing::RecordingDiscoveryContext::default()
        );
    };
    ($description:path, $settings:expr, $context:expr $(,)?) => {
        #[test]
        fn the_description_of_the_source_keeps_the_contract() {
            $crate::testing::discovery_description_keeps_the_contract(&$description);
        }

        #[test]
        fn the_source_is_registered() {
            $crate::testing::is_registered($description.key);
        }

        #[test]
        fn the_source_keeps_the_contract() {
            let source = $crate::testing::source_of(&$description, &$settings);
            let context = $context;
            $crate::testing::block_on($crate::testing::discovery_keeps_the_contract(
                source.as_ref(),
                &context,
            ));
        }
    };
}
