//! Who is at the other end of a connection, and lists of those who are trusted.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{DriverSettings, PluginError};

/// How the local socket is written in a list of peers.
const UNIX: &str = "unix";

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// A process of this machine, through the unix socket; who may use that is up to its file.
    Unix,
    /// A network address. An IPv4 address in IPv6 clothes is the IPv4 address.
    Ip(IpAddr),
}

impl Peer {
    /// The peer of this address.
    pub fn ip(address: IpAddr) -> Self {
        Self::Ip(address.to_canonical())
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix => f.write_str(UNIX),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

/// An entry of [`Peers`]: the local socket or a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Unix,
    Net { address: u128, bits: u32, v4: bool },
}

/// A list of peers, such as the proxies that are believed. Empty, it holds nobody.
///
/// ```
/// use promgen_core::plugin::{Peer, Peers};
/// let peers = Peers::parse(["10.0.0.0/8", "unix"]).unwrap();
/// assert!(peers.contains(Peer::ip("10.1.2.3".parse().unwrap())));
/// assert!(!peers.contains(Peer::ip("192.0.2.1".parse().unwrap())));
/// assert!(peers.contains(Peer::Unix));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peers(Vec<Entry>);

impl Peers {
    /// Reads a list of networks (`10.0.0.0/8`), addresses, and `unix` for the local socket.
    ///
    /// # Errors
    /// The entry that is none of them.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let entry = |text: &'t str| text.parse::<Entry>().map_err(|()| text.to_owned());
        texts
            .into_iter()
            .map(entry)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The list under a key of a driver's section; empty when there is none.
    ///
    /// # Errors
    /// [`PluginError`] for anything else than a list of networks.
    pub fn of(section: &DriverSettings<'_>, name: &str) -> Result<Self, PluginError> {
        let texts = section.list(name)?.unwrap_or_default();
        Self::parse(texts.iter().map(String::as_str)).map_err(|_| {
            let remedy = "write networks such as 10.0.0.0/8, addresses, or unix for the socket";
            section.error(name, "holds what is not a network", remedy)
        })
    }

    /// Whether a peer is in it.
    pub fn contains(&self, peer: Peer) -> bool {
        self.0.iter().any(|entry| entry.holds(peer))
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Entry {
    fn holds(self, peer: Peer) -> bool {
        match (self, peer) {
            (Self::Unix, Peer::Unix) => true,
            (Self::Net { address, bits, v4 }, Peer::Ip(ip)) => {
                let (other, width) = number(ip);
                // A shift by the whole width is no shift at all: zero bits hold everybody.
                let rest = |number: u128| number.checked_shr(width - bits).unwrap_or(0);
                ip.is_ipv4() == v4 && rest(address) == rest(other)
            }
            _ => false,
        }
    }
}

impl FromStr for Entry {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == UNIX {
            return Ok(Self::Unix);
        }
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let ip: IpAddr = address.parse().map_err(|_| ())?;
        let (address, width) = number(ip);
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| ())?
            }
            Some(_) => return Err(()),
            None => width,
        };
        let v4 = ip.is_ipv4();
        (bits <= width)
            .then_some(Self::Net { address, bits, v4 })
            .ok_or(())
    }
}

/// An address as a number, and how many bits it has.
fn number(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(v4) => (u32::from(v4).into(), 32),
        IpAddr::V6(v6) => (v6.into(), 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(list: &[&str], peer: &str) -> bool {
        let peer = peer.parse().map_or(Peer::Unix, Peer::ip);
        Peers::parse(list.iter().copied()).unwrap().contains(peer)
    }

    #[test]
    fn networks_hold_their_addresses_and_no_others() {
        assert!(holds(&["10.0.0.0/8"], "10.255.255.255"));
        assert!(!holds(&["10.0.0.0/8"], "11.0.0.0"));
        assert!(holds(&["127.0.0.1"], "127.0.0.1"));
        assert!(!holds(&["127.0.0.1"], "127.0.0.2"));
        assert!(holds(&["0.0.0.0/0"], "192.0.2.1"));
        assert!(!holds(&["0.0.0.0/0"], "2001:db8::1"));
        assert!(holds(&["2001:db8::/32", "::1"], "::1"));
        assert!(holds(&["::/0"], "2001:db8::1"));
        assert!(!holds(&["::/0"], "unix"));
        assert!(!holds(&[], "127.0.0.1"));
    }

    #[test]
    fn an_address_in_other_clothes_is_the_same() {
        assert!(holds(&["127.0.0.1"], "::ffff:127.0.0.1"));
        assert!(!holds(&["::/0"], "::ffff:127.0.0.1"));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for text in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0/8",
            "Unix",
            "::/129",
        ] {
            assert_eq!(Peers::parse(["::1", text]), Err(text.to_owned()));
        }
    }
}
