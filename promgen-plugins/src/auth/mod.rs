//! The login backends.

#[cfg(feature = "github")]
mod github;
#[cfg(feature = "oauth")]
mod oauth;
#[cfg(feature = "oidc")]
mod oidc;
#[cfg(feature = "password")]
mod password;
#[cfg(feature = "proxy-header")]
mod proxy_header;

#[cfg(test)]
mod tests {
    use promgen_core::plugin::Registry;
    use promgen_core::testing::auth_description_keeps_the_contract;

    #[test]
    fn exactly_these_backends_are_linked() {
        let registry = Registry::linked().unwrap();
        let keys: Vec<&str> = registry.backends().map(|backend| backend.key).collect();
        assert_eq!(keys, ["github", "oidc", "password", "proxy-header"]);
    }

    #[test]
    fn every_description_keeps_the_contract() {
        let registry = Registry::linked().unwrap();
        registry
            .backends()
            .for_each(auth_description_keeps_the_contract);
    }
}
