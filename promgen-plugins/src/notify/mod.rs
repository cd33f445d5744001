//! The notifiers.

#[cfg(feature = "email")]
mod email;
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
                "promgen.notification.email",
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
