//! What is counted: names, labels, and how each is told.

use std::hash::{Hash, Hasher};

/// A metric that processes count. Its numbers are kept for all processes together.
#[derive(Debug)]
pub(super) struct Family {
    /// The name as it is told, a counter's without `_total`; at most 64 characters.
    pub(super) name: &'static str,
    /// What it counts, in a sentence.
    pub(super) help: &'static str,
    /// Names of the labels, but for `hostname`.
    pub(super) labels: &'static [&'static str],
    /// Whether each machine counts for itself, under the label `hostname`.
    pub(super) by_host: bool,
    /// What one series consists of.
    pub(super) shape: Shape,
}

/// Families are told apart by their names.
impl PartialEq for Family {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Family {}

impl Hash for Family {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// What a series of a family consists of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// One number.
    Counter,
    /// Numbers of observations by size. Observations are whole numbers of a small unit.
    Histogram {
        /// Largest observation of each bucket but the last, which has no end.
        bounds: &'static [u64],
        /// How many of the small units make one of the unit in which it is told.
        per_unit: u64,
    },
}

/// The last bucket of every histogram.
const ENDLESS: &str = "+Inf";

/// The part of a histogram that is no bucket: all observations added up.
const SUM: &str = "sum";

impl Shape {
    /// How many numbers a series has: of a histogram the buckets, the endless one, and the sum.
    pub(super) fn parts(self) -> usize {
        match self {
            Self::Counter => 1,
            Self::Histogram { bounds, .. } => bounds.len() + 2,
        }
    }

    /// The name under which a number is kept. Buckets are named by their bounds, so that other
    /// bounds in a later version find their place.
    pub(super) fn part_name(self, index: usize) -> String {
        match self {
            Self::Counter => String::new(),
            Self::Histogram { bounds, .. } => match bounds.get(index) {
                Some(bound) => bound.to_string(),
                None if index == bounds.len() => ENDLESS.to_owned(),
                None => SUM.to_owned(),
            },
        }
    }

    /// Where a number that was kept under a name belongs.
    pub(super) fn part_index(self, name: &str) -> Option<usize> {
        match self {
            Self::Counter => name.is_empty().then_some(0),
            Self::Histogram { bounds, .. } => match name {
                ENDLESS => Some(bounds.len()),
                SUM => Some(bounds.len() + 1),
                bound => Some(bucket(bounds, bound.parse().ok()?)),
            },
        }
    }
}

/// The first bucket that takes an observation.
pub(super) fn bucket(bounds: &[u64], observed: u64) -> usize {
    bounds.partition_point(|bound| *bound < observed)
}

/// Bounds of the original, in microseconds.
const SECONDS: Shape = Shape::Histogram {
    bounds: &[
        5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000, 1_000_000,
        2_500_000, 5_000_000, 7_500_000, 10_000_000,
    ],
    per_unit: 1_000_000,
};

const fn counter(
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
) -> Family {
    shaped(name, help, labels, Shape::Counter)
}

const fn shaped(
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
    shape: Shape,
) -> Family {
    Family {
        name,
        help,
        labels,
        by_host: true,
        shape,
    }
}

pub(super) static REQUESTS: Family = counter(
    "promgen_requests",
    "HTTP requests that were answered.",
    &["endpoint", "method", "status_code"],
);

pub(super) static REQUEST_SECONDS: Family = shaped(
    "promgen_requests_duration_seconds",
    "Time from the end of a request's head to the beginning of its answer.",
    &["endpoint", "method"],
    SECONDS,
);

pub(super) static ACCEPTED: Family = counter(
    "promgen_intake_accepted",
    "Posts of alerts that were stored.",
    &[],
);

pub(super) static REFUSED: Family = counter(
    "promgen_intake_refused",
    "Posts of alerts of which nothing was stored.",
    &["reason"],
);

/// Reasons for which posts are refused.
pub(super) const REASONS: [&str; 10] = [
    "unauthenticated",
    "forbidden",
    "malformed",
    "too_large",
    "encoded",
    "slow_body",
    "broken_body",
    "overloaded",
    "unavailable",
    "failed",
];

pub(super) static ALERTS_PER_POST: Family = shaped(
    "promgen_intake_alerts",
    "Alerts in one post that was stored.",
    &[],
    Shape::Histogram {
        bounds: &[1, 2, 5, 10, 25, 50, 100, 1_000, 10_000],
        per_unit: 1,
    },
);

pub(super) static BODY_BYTES: Family = shaped(
    "promgen_intake_body_bytes",
    "Size of a post that was stored.",
    &[],
    Shape::Histogram {
        bounds: &[
            1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
        ],
        per_unit: 1,
    },
);

pub(super) static NOTIFICATIONS: Family = counter(
    "promgen_alert_notifications",
    "Notifications that ended, taken by their destination or given up.",
    &["sender_type"],
);

pub(super) static NOTIFICATION_ERRORS: Family = counter(
    "promgen_alert_notifications_error",
    "Notifications that were given up, by the error of their last attempt.",
    &["sender_type", "error_type"],
);

pub(super) static NOTIFICATION_SECONDS: Family = shaped(
    "promgen_alert_notification_duration_seconds",
    "Time from the reception of an alert to the end of a notification.",
    &["sender_type", "status"],
    SECONDS,
);

pub(super) static ATTEMPTS: Family = counter(
    "promgen_delivery_attempts",
    "Attempts at destinations, by outcome (sent, retry, permanent) and class of error.",
    &["driver", "outcome", "error"],
);

pub(super) static ATTEMPT_SECONDS: Family = shaped(
    "promgen_delivery_attempt_duration_seconds",
    "Time that an attempt took.",
    &["driver", "outcome"],
    SECONDS,
);

pub(super) static LEASES_LOST: Family = counter(
    "promgen_delivery_leases_lost",
    "Deliveries whose lease ended before their attempt was recorded; they are sent again.",
    &[],
);

/// The original counts the rows of its errors, which no machine has for itself.
pub(super) static FAILED: Family = Family {
    by_host: false,
    ..counter(
        "promgen_alerts_failed",
        "Alerts that could not be routed, and notifications that were given up.",
        &[],
    )
};

/// All of them, in the order in which they are told.
pub(super) static ALL: [&Family; 13] = [
    &REQUESTS,
    &REQUEST_SECONDS,
    &ACCEPTED,
    &REFUSED,
    &ALERTS_PER_POST,
    &BODY_BYTES,
    &NOTIFICATIONS,
    &NOTIFICATION_ERRORS,
    &NOTIFICATION_SECONDS,
    &ATTEMPTS,
    &ATTEMPT_SECONDS,
    &LEASES_LOST,
    &FAILED,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_goes_into_the_first_bucket_that_is_large_enough() {
        assert_eq!(
            [0, 5, 6, 11].map(|size| bucket(&[5, 10], size)),
            [0, 0, 1, 2]
        );
    }

    #[test]
    fn every_number_is_found_again_under_its_name() {
        for family in ALL {
            for index in 0..family.shape.parts() {
                let name = family.shape.part_name(index);
                assert!(name.len() <= 32 && family.name.len() <= 64);
                assert_eq!(
                    family.shape.part_index(&name),
                    Some(index),
                    "{}",
                    family.name
                );
            }
        }
    }

    #[test]
    fn a_bound_that_is_no_more_falls_into_the_next_bucket() {
        assert_eq!(SECONDS.part_index("6000"), Some(1));
        assert_eq!(SECONDS.part_index("half"), None);
    }
}
