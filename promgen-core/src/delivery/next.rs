//! What becomes of a delivery after an attempt.

use super::backoff;
use crate::config;
use crate::model::{AttemptOutcome, DeliveryState, Timestamp};
use crate::plugin::{NotifyError, Receipt};

/// How a delivery goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Its state.
    pub state: DeliveryState,
    /// When the next attempt is due; for an ended delivery, the present.
    pub due: Timestamp,
    /// How the attempt is recorded.
    pub outcome: AttemptOutcome,
    /// Error text, or what the destination said.
    pub message: String,
}

/// Judges an attempt: success ends the delivery as sent; a permanent failure, or one after
/// `give_up_after` since the delivery was made, as dead; any other makes the next attempt due.
///
/// `attempts` counts this attempt; `chance` is a number from 0 to 1.
pub fn next(
    result: &Result<Receipt, NotifyError>,
    attempts: u32,
    created: Timestamp,
    now: Timestamp,
    settings: &config::Delivery,
    chance: f64,
) -> Next {
    let end = |state, outcome, message: &str| Next {
        state,
        due: now,
        outcome,
        message: message.to_owned(),
    };
    match result {
        Ok(receipt) => end(DeliveryState::Sent, AttemptOutcome::Sent, &receipt.note),
        Err(NotifyError::Permanent { message }) => {
            end(DeliveryState::Dead, AttemptOutcome::Permanent, message)
        }
        Err(NotifyError::Retry { after, message }) => {
            let failures = attempts.saturating_sub(1);
            let (first, longest) = (settings.first_retry, settings.longest_retry);
            let due = now.plus(backoff(failures, chance, first, longest, *after));
            if due > created.plus(settings.give_up_after) {
                return end(DeliveryState::Dead, AttemptOutcome::Retry, message);
            }
            let (state, outcome) = (DeliveryState::Pending, AttemptOutcome::Retry);
            Next {
                state,
                due,
                outcome,
                message: message.clone(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn after(result: &Result<Receipt, NotifyError>, attempts: u32, now: i64) -> Next {
        let settings = config::Delivery::default();
        next(
            result,
            attempts,
            Timestamp(0),
            Timestamp(now),
            &settings,
            0.5,
        )
    }

    fn retry() -> Result<Receipt, NotifyError> {
        Err(NotifyError::Retry {
            after: None,
            message: "down".to_owned(),
        })
    }

    #[test]
    fn success_and_refusal_end_a_delivery() {
        let sent = after(
            &Ok(Receipt {
                note: "HTTP 200".to_owned(),
            }),
            1,
            5,
        );
        assert_eq!(
            (sent.state, sent.message.as_str()),
            (DeliveryState::Sent, "HTTP 200")
        );
        let refused = Err(NotifyError::Permanent {
            message: "HTTP 404".to_owned(),
        });
        assert_eq!(after(&refused, 1, 5).state, DeliveryState::Dead);
    }

    #[test]
    fn a_failure_is_retried_until_the_day_is_over() {
        let again = after(&retry(), 3, 1_000);
        assert_eq!(
            (again.state, again.due),
            (DeliveryState::Pending, Timestamp(5_000))
        );
        let day = i64::try_from(Duration::from_hours(24).as_millis()).unwrap();
        let last = after(&retry(), 300, day - 1_000);
        assert_eq!(
            (last.state, last.outcome),
            (DeliveryState::Dead, AttemptOutcome::Retry)
        );
    }

    fn any_result() -> impl Strategy<Value = Result<Receipt, NotifyError>> {
        let message = || "m".to_owned();
        prop_oneof![
            Just(Ok(Receipt::default())),
            Just(Err(NotifyError::Permanent { message: message() })),
            proptest::option::of(0_u64..100_000).prop_map(move |after| Err(NotifyError::Retry {
                after: after.map(Duration::from_secs),
                message: message(),
            })),
        ]
    }

    proptest! {
        #[test]
        fn a_delivery_ends_sent_dead_or_is_due_later_and_in_time(
            result in any_result(),
            attempts in 1_u32..1_000,
            created in 0_i64..1_000_000,
            age in 0_i64..200_000_000,
            chance in 0.0_f64..1.0,
        ) {
            let settings = config::Delivery::default();
            let (created, now) = (Timestamp(created), Timestamp(created + age));
            let next = next(&result, attempts, created, now, &settings, chance);
            let end = created.plus(settings.give_up_after);
            match (&result, next.state) {
                (Ok(_), state) => prop_assert_eq!(state, DeliveryState::Sent),
                (Err(NotifyError::Permanent { .. }), state) => prop_assert_eq!(state, DeliveryState::Dead),
                (Err(NotifyError::Retry { after, .. }), DeliveryState::Pending) => {
                    prop_assert!(next.due > now && next.due <= end);
                    let asked = after.unwrap_or_default().min(Duration::from_hours(1));
                    prop_assert!(next.due >= now.plus(asked));
                }
                (Err(NotifyError::Retry { .. }), state) => {
                    prop_assert_eq!(state, DeliveryState::Dead);
                    prop_assert!(now.plus(Duration::from_hours(1)) > end);
                }
            }
        }
    }
}
