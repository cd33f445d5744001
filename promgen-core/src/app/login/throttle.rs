//! Guessing takes time: logins that fail make the next ones wait, longer and longer.
//!
//! Counted are two things, each on its own: the user name that is tried, and the network that tries.
//! The name counts in a canonical form, so that another spelling of it is no other name; one network
//! is an IPv4 address, or 64 bits of an IPv6 address, which is what one customer gets. Memory is
//! bounded. Each process counts for itself.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use unicode_normalization::UnicodeNormalization as _;

use crate::model::Timestamp;

/// What is counted, with how much of it is free and how long a wait can become.
struct Limit {
    /// Failures before there is any wait.
    free: u32,
    /// Longest wait. For a name it is short: whoever fails for somebody else shuts them out as well.
    longest: Duration,
}

const NAME: Limit = Limit {
    free: 5,
    longest: Duration::from_mins(1),
};

const NETWORK: Limit = Limit {
    free: 20,
    longest: Duration::from_mins(15),
};

/// After so long without a failure, all is forgotten.
const FORGET: Duration = Duration::from_mins(30);

/// Most names and networks that are counted; some 100 bytes each.
const MOST: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Network(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: Timestamp,
}

/// Failures of a while.
#[derive(Debug, Default)]
pub(in crate::app) struct Throttle(Mutex<HashMap<Key, Count>>);

impl Throttle {
    /// Lets an attempt begin, or says how long to wait. An attempt that begins counts as a failure
    /// until [`Throttle::succeeded`], so that many at once are no way around.
    pub(in crate::app) fn begin(
        &self,
        username: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(username, address);
        let wait = |key: &Key| counts.get(key).map(|count| key.limit().wait(*count, now));
        let longest = keys.iter().filter_map(wait).max().unwrap_or_default();
        if !longest.is_zero() {
            return Err(longest);
        }
        make_room(&mut counts, now);
        for key in keys {
            let fresh = Count {
                failures: 0,
                last: now,
            };
            let count = counts.entry(key).or_insert(fresh);
            if now.since(count.last) >= FORGET {
                *count = fresh;
            }
            count.failures = count.failures.saturating_add(1);
            count.last = now;
        }
        Ok(())
    }

    /// The attempt was right: the name starts anew, and the network loses one failure.
    pub(in crate::app) fn succeeded(&self, username: &str, address: Option<IpAddr>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(username, address) {
            match &key {
                Key::Name(_) => {
                    counts.remove(&key);
                }
                // Not forgotten: whoever has one good password could else guess on for ever.
                Key::Network(_) => {
                    if let Some(count) = counts.get_mut(&key) {
                        count.failures = count.failures.saturating_sub(1);
                    }
                }
            }
        }
    }
}

impl Key {
    fn limit(&self) -> &'static Limit {
        match self {
            Self::Name(_) => &NAME,
            Self::Network(_) => &NETWORK,
        }
    }
}

impl Limit {
    /// One second after the first failure that is not free, doubled by each further one.
    fn wait(&self, count: Count, now: Timestamp) -> Duration {
        let Some(over) = count.failures.checked_sub(self.free) else {
            return Duration::ZERO;
        };
        let seconds = 1_u64.checked_shl(over).unwrap_or(u64::MAX);
        let span = Duration::from_secs(seconds).min(self.longest);
        span.saturating_sub(now.since(count.last))
    }
}

fn keys(username: &str, address: Option<IpAddr>) -> Vec<Key> {
    let network = address.map(|address| Key::Network(network(address)));
    let name = Key::Name(canonical(username));
    std::iter::once(name).chain(network).collect()
}

/// A name without what tells spellings apart: compatibility forms, case, blanks around it.
pub(super) fn canonical(username: &str) -> String {
    // To upper case and back folds what has several lower-case forms, such as ß and ss.
    let folded: String = username.trim().nfkc().collect();
    let folded = folded.to_uppercase().to_lowercase();
    folded.trim().nfkc().take(256).collect()
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Keeps the memory within bounds: first what is old goes, then what failed least. A flood of
/// made-up names pushes out each other, and not the name that is really guessed at.
fn make_room(counts: &mut HashMap<Key, Count>, now: Timestamp) {
    if counts.len() + 2 <= MOST {
        return;
    }
    counts.retain(|_, count| now.since(count.last) < FORGET);
    let mut least = 1;
    while counts.len() + 2 > MOST {
        counts.retain(|_, count| count.failures > least);
        least += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Fails until there is a wait; answers after how many times, and how long it is.
    fn until_wait(
        throttle: &Throttle,
        name: impl Fn(u32) -> String,
        address: Option<IpAddr>,
    ) -> u32 {
        (0..1000)
            .find(|turn| throttle.begin(&name(*turn), address, NOW).is_err())
            .unwrap()
    }

    #[test]
    fn s14_another_spelling_is_the_same_name() {
        for spelling in ["Maria", " maria ", "MARIA", "ｍａｒｉａ", "\u{2003}maria"] {
            assert_eq!(canonical(spelling), "maria", "{spelling:?}");
        }
        assert_eq!(canonical("STRASSE"), canonical("straße"));
        assert_eq!(canonical("ﬁnn"), "finn");
        assert_ne!(canonical("maria"), canonical("mario"));
        let throttle = Throttle::default();
        let spellings = ["maria", "Maria", "MARIA", " maria", "ｍaria"];
        for (turn, spelling) in spellings.iter().enumerate() {
            let address = Some(ip(&format!("192.0.2.{turn}")));
            assert!(throttle.begin(spelling, address, NOW).is_ok(), "{spelling}");
        }
        assert!(
            throttle
                .begin("mARIA", Some(ip("192.0.2.99")), NOW)
                .is_err()
        );
        assert!(throttle.begin("mario", Some(ip("192.0.2.99")), NOW).is_ok());
    }

    #[test]
    fn s14_a_network_is_counted_whatever_names_it_tries() {
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        ] {
            let throttle = Throttle::default();
            let turns = until_wait(&throttle, |turn| format!("user{turn}"), Some(ip(one)));
            assert_eq!(turns, NETWORK.free);
            assert!(
                throttle.begin("maria", Some(ip(same)), NOW).is_err(),
                "{same}"
            );
            assert!(
                throttle.begin("maria", Some(ip(other)), NOW).is_ok(),
                "{other}"
            );
        }
    }

    #[test]
    fn waits_double_up_to_their_longest_and_end() {
        let throttle = Throttle::default();
        let maria = |_| "maria".to_owned();
        assert_eq!(until_wait(&throttle, maria, None), NAME.free);
        let mut now = NOW;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let wait = throttle.begin("maria", None, now).unwrap_err();
            waits.push(wait.as_secs());
            now = now.plus(wait);
            throttle.begin("maria", None, now).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(throttle.begin("maria", None, now.plus(FORGET)).is_ok());
        assert!(throttle.begin("maria", None, now.plus(FORGET)).is_ok());
    }

    #[test]
    fn who_comes_in_starts_anew_but_their_network_does_not() {
        let throttle = Throttle::default();
        let address = Some(ip("192.0.2.1"));
        for turn in 0..NETWORK.free {
            throttle
                .begin(&format!("user{turn}"), address, NOW)
                .unwrap();
        }
        assert!(throttle.begin("maria", address, NOW).is_err());
        throttle.succeeded("user0", address);
        assert!(throttle.begin("user0", address, NOW).is_ok());
        assert!(throttle.begin("user0", address, NOW).is_err());
    }

    #[test]
    fn a_flood_of_names_fills_no_memory_and_hides_no_guessing() {
        let throttle = Throttle::default();
        until_wait(&throttle, |_| "maria".to_owned(), None);
        for turn in 0..2 * MOST {
            throttle.begin(&format!("user{turn}"), None, NOW).unwrap();
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST);
        assert!(throttle.begin("maria", None, NOW).is_err());
    }
}
