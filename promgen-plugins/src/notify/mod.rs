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
    use promgen_core::plugin::Registry;
    use promgen_core::testing::description_keeps_the_contract;

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
    fn every_description_keeps_the_contract() {
        let registry = Registry::linked().unwrap();
        registry
            .notifiers()
            .for_each(description_keeps_the_contract);
    }
}
