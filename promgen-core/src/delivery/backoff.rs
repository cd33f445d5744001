//! How long to wait before the next attempt.

use std::time::Duration;

/// How much of the wait is left to chance, to both sides.
const SPREAD: f64 = 0.2;

/// Longest time that a destination may ask to be left alone.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// The wait after `failures` failures before this one: `first`, doubled each time, spread by a
/// fifth to either side, at most `longest`. Waits of about `longest` are spread as well, so that
/// all that failed with a destination does not come back to it in one moment.
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
    let even = (first.as_secs_f64() * factor).min(longest.as_secs_f64());
    let wait = Duration::try_from_secs_f64(even * spread).map_or(longest, |w| w.min(longest));
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

        #[test]
        fn the_wait_is_never_shorter_than_asked_and_by_asking_never_over_an_hour(
            failures in 0_u32..100,
            chance in 0.0_f64..1.0,
            asked in 0_u64..1_000_000,
        ) {
            let asked = Duration::from_secs(asked);
            let wait = backoff(failures, chance, FIRST, LONGEST, Some(asked));
            prop_assert!(wait >= asked.min(LONGEST_RETRY_AFTER));
            prop_assert!(wait <= LONGEST_RETRY_AFTER);
        }

        #[test]
        fn more_failures_never_make_the_wait_shorter(failures in 0_u32..100, chance in 0.0_f64..1.0) {
            let wait = |failures| backoff(failures, chance, FIRST, LONGEST, None);
            prop_assert!(wait(failures) <= wait(failures + 1));
        }

        #[test]
        fn any_settings_give_a_wait(
            failures in 0_u32..u32::MAX,
            chance in proptest::num::f64::ANY,
            first in 0_u64..u64::MAX,
            longest in 0_u64..u64::MAX,
        ) {
            let longest = Duration::from_secs(longest);
            prop_assert!(backoff(failures, chance, Duration::from_secs(first), longest, None) <= longest);
        }
    }
}
