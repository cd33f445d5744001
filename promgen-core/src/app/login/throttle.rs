//! Guessing takes time: logins that fail make the next ones wait, longer and longer. So do mails that
//! somebody has sent to others.
//!
//! Counted are two things, each on its own: what is tried, such as a user name, and the network that
//! tries.
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

/// For an address that mails are sent to: nobody needs many, and everybody may have them sent.
const MAIL: Limit = Limit {
    free: 3,
    longest: Duration::from_mins(15),
};

const NETWORK: Limit = Limit {
    free: 20,
    longest: Duration::from_mins(15),
};

/// After so long without a failure, all is forgotten.
const FORGET: Duration = Duration::from_mins(30);

/// Most names and networks that are counted; some 100 bytes each.
const MOST: usize = 20_000;

/// What somebody tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Attempt<'a> {
    /// To come in by this user name.
    Login(&'a str),
    /// To have a mail sent to this address.
    Mail(&'a str),
    /// To use a link, which names nobody.
    Link,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Mail(String),
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
        attempt: Attempt<'_>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(attempt, address);
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
    pub(in crate::app) fn succeeded(&self, attempt: Attempt<'_>, address: Option<IpAddr>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(attempt, address) {
            match &key {
                Key::Name(_) | Key::Mail(_) => {
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
            Self::Mail(_) => &MAIL,
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

fn keys(attempt: Attempt<'_>, address: Option<IpAddr>) -> Vec<Key> {
    let network = address.map(|address| Key::Network(network(address)));
    let what = match attempt {
        Attempt::Login(username) => Some(Key::Name(canonical(username))),
        Attempt::Mail(email) => Some(Key::Mail(canonical(email))),
        Attempt::Link => None,
    };
    what.into_iter().chain(network).collect()
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
            .find(|turn| {
                throttle
                    .begin(Attempt::Login(&name(*turn)), address, NOW)
                    .is_err()
            })
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
            assert!(
                throttle
                    .begin(Attempt::Login(spelling), address, NOW)
                    .is_ok(),
                "{spelling}"
            );
        }
        assert!(
            throttle
                .begin(Attempt::Login("mARIA"), Some(ip("192.0.2.99")), NOW)
                .is_err()
        );
        assert!(
            throttle
                .begin(Attempt::Login("mario"), Some(ip("192.0.2.99")), NOW)
                .is_ok()
        );
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
                throttle
                    .begin(Attempt::Login("maria"), Some(ip(same)), NOW)
                    .is_err(),
                "{same}"
            );
            assert!(
                throttle
                    .begin(Attempt::Login("maria"), Some(ip(other)), NOW)
                    .is_ok(),
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
            let wait = throttle
                .begin(Attempt::Login("maria"), None, now)
                .unwrap_err();
            waits.push(wait.as_secs());
            now = now.plus(wait);
            throttle.begin(Attempt::Login("maria"), None, now).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(
            throttle
                .begin(Attempt::Login("maria"), None, now.plus(FORGET))
                .is_ok()
        );
        assert!(
            throttle
                .begin(Attempt::Login("maria"), None, now.plus(FORGET))
                .is_ok()
        );
    }

    #[test]
    fn who_comes_in_starts_anew_but_their_network_does_not() {
        let throttle = Throttle::default();
        let address = Some(ip("192.0.2.1"));
        for turn in 0..NETWORK.free {
            throttle
                .begin(Attempt::Login(&format!("user{turn}")), address, NOW)
                .unwrap();
        }
        assert!(
            throttle
                .begin(Attempt::Login("maria"), address, NOW)
                .is_err()
        );
        throttle.succeeded(Attempt::Login("user0"), address);
        assert!(
            throttle
                .begin(Attempt::Login("user0"), address, NOW)
                .is_ok()
        );
        assert!(
            throttle
                .begin(Attempt::Login("user0"), address, NOW)
                .is_err()
        );
    }

    #[test]
    fn a_flood_of_names_fills_no_memory_and_hides_no_guessing() {
        let throttle = Throttle::default();
        until_wait(&throttle, |_| "maria".to_owned(), None);
        for turn in 0..2 * MOST {
            throttle
                .begin(Attempt::Login(&format!("user{turn}")), None, NOW)
                .unwrap();
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST);
        assert!(throttle.begin(Attempt::Login("maria"), None, NOW).is_err());
    }

    #[test]
    fn mails_to_one_address_wait_on_their_own() {
        let throttle = Throttle::default();
        let begin = |attempt| throttle.begin(attempt, None, NOW);
        for _ in 0..MAIL.free {
            begin(Attempt::Mail("maria@example.com")).unwrap();
        }
        assert!(begin(Attempt::Mail("Maria@example.com")).is_err());
        assert!(begin(Attempt::Login("maria@example.com")).is_ok());
        assert!(begin(Attempt::Mail("mario@example.com")).is_ok());
    }

    #[test]
    fn links_are_counted_by_network_alone() {
        let throttle = Throttle::default();
        let begin = |address| throttle.begin(Attempt::Link, address, NOW);
        for _ in 0..NETWORK.free {
            begin(Some(ip("192.0.2.1"))).unwrap();
            begin(None).unwrap();
        }
        assert!(begin(Some(ip("192.0.2.1"))).is_err());
        assert!(begin(Some(ip("192.0.2.2"))).is_ok());
        assert!(begin(None).is_ok());
    }
}
