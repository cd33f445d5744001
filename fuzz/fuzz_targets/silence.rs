#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    promgen_core::testing::silence_body(data);
});
