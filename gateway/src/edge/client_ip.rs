//! Whose address a call counts for (`reliability.md` D and E27).

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A block of addresses, written `10.0.0.0/8` or as a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u32,
}

/// The text is no block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address block such as 10.0.0.0/8")]
pub struct NotANetwork;

impl Network {
    /// Whether `address` lies in this block.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, unmapped(address)) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                same_head(u32::from(base).into(), u32::from(address).into(), self.prefix, 32)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                same_head(base.into(), address.into(), self.prefix, 128)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_head(left: u128, right: u128, prefix: u32, width: u32) -> bool {
    let ignored = width.saturating_sub(prefix);
    // A shift by the whole width is not defined for the type, and means "all are in it".
    match (left.checked_shr(ignored), right.checked_shr(ignored)) {
        (Some(left), Some(right)) => left == right,
        (_, _) => true,
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => {
                (address, Some(prefix.parse().map_err(|_number| NotANetwork)?))
            }
            None => (text, None),
        };
        let base: IpAddr = address.trim().parse().map_err(|_address| NotANetwork)?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(width);
        if prefix > width {
            return Err(NotANetwork);
        }
        Ok(Network { base, prefix })
    }
}

/// The caller's address: the peer's, unless the peer is one of our proxies; then the last one in
/// `X-Forwarded-For` that is not ours, since everything left of it was written by the caller.
pub(crate) fn client_ip(peer: IpAddr, forwarded_for: Option<&str>, trusted: &[Network]) -> IpAddr {
    let is_ours = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = unmapped(peer);
    if !is_ours(peer) {
        return peer;
    }
    let mut nearest = peer;
    for hop in forwarded_for.unwrap_or_default().rsplit(',') {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = unmapped(address);
        if !is_ours(nearest) {
            break;
        }
    }
    nearest
}

/// What limits count: an IPv4 address, or the /64 an IPv6 customer gets.
pub(crate) fn counted_as(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let head = u128::from(address) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(head))
        }
    }
}

/// The neighbourhood login throttling looks at: /24 for IPv4, /64 for IPv6.
pub(crate) fn neighbourhood(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            format!("{first}.{second}.{third}.0/24")
        }
        IpAddr::V6(_) => counted_as(address),
    }
}

fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_stranger_cannot_name_his_own_address() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_ip(ip("203.0.113.9"), Some("1.2.3.4"), &trusted), ip("203.0.113.9"));
    }

    #[test]
    fn behind_our_proxies_the_last_foreign_hop_counts() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let hops = "6.6.6.6, 203.0.113.9, 10.1.1.1";
        assert_eq!(client_ip(ip("10.0.0.2"), Some(hops), &trusted), ip("203.0.113.9"));
        assert_eq!(client_ip(ip("10.0.0.2"), Some("rubbish"), &trusted), ip("10.0.0.2"));
        assert_eq!(client_ip(ip("10.0.0.2"), None, &trusted), ip("10.0.0.2"));
    }

    #[test]
    fn mapped_addresses_are_ipv4_and_ipv6_counts_by_customer() {
        assert_eq!(client_ip(ip("::ffff:192.0.2.1"), None, &[]), ip("192.0.2.1"));
        assert_eq!(counted_as(ip("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::/64");
        assert_eq!(neighbourhood(ip("192.0.2.77")), "192.0.2.0/24");
    }

    #[test]
    fn networks_read_and_contain() {
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains(ip("8.8.8.8")));
        let one: Network = "192.0.2.1".parse().unwrap();
        assert!(one.contains(ip("192.0.2.1")) && !one.contains(ip("192.0.2.2")));
        let v6: Network = "fd00::/8".parse().unwrap();
        assert!(v6.contains(ip("fd12::1")) && !v6.contains(ip("fe80::1")));
        for bad in ["", "10.0.0.0/33", "ten", "1.2.3.4/x"] {
            assert_eq!(bad.parse::<Network>(), Err(NotANetwork), "{bad}");
        }
    }
}
