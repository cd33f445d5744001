//! How properties are run: the same cases every time, and nothing written to disk.

use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::test_runner::RngSeed;

/// 256 cases from a fixed seed, without a file of past failures.
///
/// A failure is therefore seen by everybody at once; long runs with other input are for fuzzing.
pub fn property_config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20),
        ..ProptestConfig::default()
    }
}

/// Bytes for a [`Draw`](super::Draw): enough for the largest thing that is drawn from them.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..512)
}
