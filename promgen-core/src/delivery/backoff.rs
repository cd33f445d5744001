//! How long to wait before the next attempt.

use std::time::Duration;

/// How much of the wait is left to chance, to both sides.
const SPREAD: f64 = 0.2;

/// Longest time that a destination may ask to be left alone.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// The wait after `failures` failures before this one: `first`, doubled each time, spread by a
/// fifth to either side, at most `longest`.
///
/// `chance` is a number from 0 to 1. `retry_after` is what the destination asked for: the wait is
/// never shorter, but no longer than an hour because of it.
pub fn backoff(
    failures: u32,
    chance: f64,
    first: Duration,
    longest: Duration,
    retry_after: Option<Duration>,
) -> Duration {
    let factor = 2_f64.powi(i32::try_from(failures.min(62)).unwrap_or(62));
    let spread = 1.0 - SPREAD + 2.0 * SPREAD * chance.clamp(0.0, 1.0);
    let seconds = (first.as_secs_f64() * factor * spread).min(longest.as_secs_f64());
    let wait = Duration::try_from_secs_f64(seconds).unwrap_or(longest);
    retry_after.map_or(wait, |asked| wait.max(asked.min(LONGEST_RETRY_AFTER)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_mins(5);

    #[test]
    fn the_wait_doubles_up_to_five_minutes() {
        let wait = |failures| backoff(failures, 0.5, FIRST, LONGEST, None).as_secs();
        assert_eq!([0, 1, 2, 8, 9, 1000].map(wait), [1, 2, 4, 256, 300, 300]);
    }

    #[test]
    fn a_destination_is_left_alone_for_as_long_as_it_asks() {
        let wait = |asked| backoff(0, 0.5, FIRST, LONGEST, Some(Duration::from_secs(asked)));
        assert_eq!(
            [0, 90, 86_400].map(wait).map(|wait| wait.as_secs()),
            [1, 90, 3600]
        );
    }

    proptest! {
        #[test]
        fn the_wait_stays_within_its_bounds(failures in 0_u32..10_000, chance in 0.0_f64..1.0) {
            let wait = backoff(failures, chance, FIRST, LONGEST, None);
            prop_assert!(wait >= FIRST.mul_f64(0.8) && wait <= LONGEST);
        }
    }
}
