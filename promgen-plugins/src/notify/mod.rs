//! The notifiers.

#[cfg(feature = "alertmanager")]
mod alertmanager;
#[cfg(feature = "email")]
mod email;
#[cfg(feature = "line")]
mod line;
#[cfg(feature = "linenotify")]
mod linenotify;
#[cfg(feature = "pagerduty")]
mod pagerduty;
#[cfg(test)]
mod samples;
#[cfg(feature = "slack")]
mod slack;
#[cfg(feature = "email")]
mod smtp;
#[cfg(feature = "user")]
mod user;
#[cfg(feature = "webhook")]
mod webhook;

#[cfg(test)]
mod tests {
    use promgen_core::config::{Section, Settings};
    use promgen_core::plugin::{NotifierKind, Registry};
    use promgen_core::testing::description_keeps_the_contract;

    use super::samples::section;

    #[test]
    fn exactly_these_drivers_are_linked() {
        let registry = Registry::linked().unwrap();
        let keys: Vec<&str> = registry
            .notifiers()
            .map(|description| description.key)
            .collect();
        assert_eq!(
            keys,
            [
                "promgen.notification.alertmanager",
                "promgen.notification.email",
                "promgen.notification.line",
                "promgen.notification.linenotify",
                "promgen.notification.pagerduty",
                "promgen.notification.slack",
                "promgen.notification.user",
                "promgen.notification.webhook"
            ]
        );
    }

    #[test]
    fn every_driver_refuses_keys_that_it_does_not_know_and_what_is_no_mapping() {
        for description in Registry::linked().unwrap().notifiers() {
            let NotifierKind::Send(build) = description.kind else {
                continue;
            };
            let key = description.key;
            assert!(build(&Settings::default()).is_ok(), "{key}");
            let mut list = Settings::default();
            let value = Section::Sequence(vec![4711.into()]);
            list.plugins.insert(key.to_owned(), value);
            let stranger = section(key, &[("strange", 4711.into())]);
            for (settings, part) in [(list, "mapping"), (stranger, "\"strange\"")] {
                let error = build(&settings).err().unwrap().to_string();
                let told = error.contains(key) && error.contains(part);
                assert!(told && !error.contains("4711"), "{error}");
            }
        }
    }

    #[test]
    fn every_description_keeps_the_contract() {
        let registry = Registry::linked().unwrap();
        registry
            .notifiers()
            .for_each(description_keeps_the_contract);
    }
}
