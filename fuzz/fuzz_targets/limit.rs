#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    promgen_core::testing::limit_body(data);
    promgen_core::testing::limit_text_body(&String::from_utf8_lossy(data));
});
