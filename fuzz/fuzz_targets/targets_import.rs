#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    promgen_core::testing::targets_import_body(data);
    promgen_core::testing::targets_import_body(
        promgen_core::testing::drawn_targets(data).as_bytes(),
    );
    promgen_core::testing::probes_import_body(data);
});
