//! The discovery sources.

#[cfg(feature = "file")]
mod file;
#[cfg(any(feature = "file", feature = "http"))]
mod groups;
#[cfg(feature = "http")]
mod http;
#[cfg(any(feature = "file", feature = "http"))]
mod memo;
#[cfg(any(feature = "file", feature = "http"))]
mod section;

#[cfg(test)]
mod tests {
    use promgen_core::plugin::Registry;
    use promgen_core::testing::discovery_description_keeps_the_contract;

    #[test]
    fn exactly_these_sources_are_linked() {
        let registry = Registry::linked().unwrap();
        let sources = registry.discoveries();
        let keys: Vec<_> = sources.map(|source| (source.key, source.section)).collect();
        assert_eq!(
            keys,
            [
                ("file", "promgen.discovery.file"),
                ("http", "promgen.discovery.http")
            ]
        );
    }

    #[test]
    fn every_description_keeps_the_contract() {
        let registry = Registry::linked().unwrap();
        registry
            .discoveries()
            .for_each(discovery_description_keeps_the_contract);
    }
}
