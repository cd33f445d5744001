//! Which addresses a notifier or a scrape test may reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use thiserror::Error;

/// Who chose the destination, and so what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The operator, in the settings: anything.
    Infra,
    /// A superuser, who imports from it: what the guard lets pass, and this machine itself.
    Import,
    /// A user, in a form: what the guard lets pass.
    Notify,
    /// A user, who put a host into a farm of theirs: what the guard lets pass. Only the hosts of farms
    /// that serve a project of theirs are asked for it.
    Scrape,
}

/// Why an address may not be reached.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{address} is {why}; `egress.allow` in the settings lets it pass")]
pub struct Refusal {
    /// The address.
    pub address: IpAddr,
    /// What it is.
    pub why: &'static str,
}

/// The rule for addresses: `allow` wins over `deny`, and both win over the default, which refuses
/// loopback, link-local, metadata, multicast, broadcast and unspecified addresses. Private ranges
/// pass: that is where the chat servers of companies live.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allow: Vec<IpNet>,
    deny: Vec<IpNet>,
}

impl Guard {
    /// A guard with its lists.
    pub fn new(allow: Vec<IpNet>, deny: Vec<IpNet>) -> Self {
        Self { allow, deny }
    }

    /// Judges an address for a class of destinations.
    ///
    /// # Errors
    /// [`Refusal`] says what the address is.
    pub fn allows(&self, class: Class, address: IpAddr) -> Result<(), Refusal> {
        match class {
            Class::Infra => Ok(()),
            Class::Import => {
                let own = undress(address).is_loopback() && !listed(&self.deny, address);
                if own { Ok(()) } else { self.check(address) }
            }
            Class::Notify | Class::Scrape => self.check(address),
        }
    }

    /// Judges an address that a user chose. An IPv4 address in the clothes of IPv6 (mapped, compatible, NAT64, 6to4,
    /// Teredo, ISATAP) is judged as what it is.
    ///
    /// # Errors
    /// [`Refusal`] says what the address is.
    pub fn check(&self, address: IpAddr) -> Result<(), Refusal> {
        let plain = undress(address);
        if listed(&self.allow, address) {
            return Ok(());
        }
        let why = if listed(&self.deny, address) {
            Some("on `egress.deny`")
        } else {
            forbidden(plain).or_else(|| forbidden(address))
        };
        why.map_or(Ok(()), |why| Err(Refusal { address, why }))
    }
}

fn listed(list: &[IpNet], address: IpAddr) -> bool {
    let plain = undress(address);
    list.iter()
        .any(|net| net.contains(&plain) || net.contains(&address))
}

fn undress(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        // Mapped (::ffff:0:0/96), translated (::ffff:0:0:0/96), NAT64 (64:ff9b::/96), 6to4
        // (2002::/16).
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        // ISATAP, below any prefix (RFC 5214).
        | [.., 0 | 0x200, 0x5efe, high, low] => v4(high, low),
        // Teredo (2001::/32) keeps the client's address with all bits turned over (RFC 4380).
        [0x2001, 0, _, _, _, _, high, low] => v4(!high, !low),
        // Compatible (::/96), but for :: and ::1.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 || low > 1 => v4(high, low),
        _ => address,
    }
}

fn forbidden(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => forbidden_v6(v6),
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<&'static str> {
    // The services of Alibaba, Azure and Oracle, outside of the link-local range.
    let metadata = [
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    match address.octets() {
        [0, ..] => Some("unspecified"),
        [127, ..] => Some("this machine itself"),
        [169, 254, ..] => Some("link-local, where clouds keep their metadata"),
        [224..=239, ..] => Some("multicast"),
        [240..=255, ..] => Some("reserved"),
        _ if metadata.contains(&address) => Some("a metadata service"),
        _ => None,
    }
}

fn forbidden_v6(address: Ipv6Addr) -> Option<&'static str> {
    let metadata = match address.segments() {
        // All of the range in which AWS keeps its services, and the one address of Google's.
        [0xfd00, 0xec2, ..] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => true,
        _ => false,
    };
    // Where the IPv4 address stands in it depends on the network (RFC 8215).
    let translated = matches!(address.segments(), [0x64, 0xff9b, 1, ..]);
    if address.is_unspecified() {
        Some("unspecified")
    } else if address.is_loopback() {
        Some("this machine itself")
    } else if address.is_unicast_link_local() {
        Some("link-local")
    } else if address.is_multicast() {
        Some("multicast")
    } else if metadata {
        Some("a metadata service")
    } else if translated {
        Some("translated to an unknown IPv4 address")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn passes(guard: &Guard, address: &str) -> bool {
        guard.check(address.parse().unwrap()).is_ok()
    }

    #[test]
    fn this_machine_and_metadata_are_out_of_reach_in_any_dress() {
        let guard = Guard::default();
        for address in [
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "100.100.100.200",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::ffff:a9fe:a9fe",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "168.63.129.16",
            "2001:0:4136:e378:8000:63bf:80ff:fffe",
            "fe80::5efe:7f00:1",
            "2001:db8::200:5efe:7f00:1",
            "fe80::5efe:808:808",
            "64:ff9b:1::7f00:1",
        ] {
            assert!(!passes(&guard, address), "{address}");
        }
    }

    #[test]
    fn public_and_private_addresses_pass() {
        let guard = Guard::default();
        for address in [
            "8.8.8.8",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "2001:db8::1",
            "fd12::1",
        ] {
            assert!(passes(&guard, address), "{address}");
        }
    }

    #[test]
    fn the_lists_win_and_allow_wins_over_deny() {
        let nets = |net: &str| vec![net.parse().unwrap()];
        let guard = Guard::new(nets("127.0.0.0/8"), nets("0.0.0.0/0"));
        assert!(passes(&guard, "127.0.0.1"));
        assert!(passes(&guard, "::ffff:127.0.0.1"));
        assert!(!passes(&guard, "8.8.8.8"));
    }

    #[test]
    fn the_operator_may_name_any_address() {
        let deny = vec!["0.0.0.0/0".parse().unwrap()];
        let guard = Guard::new(Vec::new(), deny);
        let own: IpAddr = Ipv4Addr::LOCALHOST.into();
        assert!(guard.allows(Class::Infra, own).is_ok());
        assert!(guard.allows(Class::Notify, own).is_err());
        assert!(guard.allows(Class::Scrape, own).is_err());
        assert!(guard.allows(Class::Import, own).is_err());
    }

    #[test]
    fn imports_may_come_from_this_machine_but_not_from_where_clouds_keep_their_secrets() {
        let allows = |address: &str| {
            let address: IpAddr = address.parse().unwrap();
            Guard::default().allows(Class::Import, address).is_ok()
        };
        for fine in [
            "127.0.0.1",
            "::1",
            "::ffff:127.0.0.1",
            "10.1.2.3",
            "fd12::1",
            "8.8.8.8",
        ] {
            assert!(allows(fine), "{fine}");
        }
        for not in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "0.0.0.0",
        ] {
            assert!(!allows(not), "{not}");
        }
    }

    proptest! {
        #[test]
        fn a_dress_changes_nothing(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            // Compatible addresses that low are :: and ::1 themselves.
            prop_assume!(bits > 1);
            let (low, wide) = (u128::from(bits), u128::from(!bits));
            let dresses = [
                low,
                0xffff_0000_0000 | low,
                0xffff_0000_0000_0000 | low,
                (0x64_ff9b << 96) | low,
                (0x2002 << 112) | (low << 80),
                (0x2001_0000 << 96) | wide,
                (0x2001_0db8 << 96) | (0x5efe << 32) | low,
            ];
            let guard = Guard::default();
            let plain = guard.check(v4.into()).is_ok();
            for dress in dresses {
                let dressed = IpAddr::V6(Ipv6Addr::from(dress));
                prop_assert_eq!(guard.check(dressed).is_ok(), plain, "{}", dressed);
            }
        }
    }
}
