#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    promgen_core::testing::rule_import_body(data);
    promgen_core::testing::rules_come_back(&promgen_core::testing::drawn_rules(data));
});
