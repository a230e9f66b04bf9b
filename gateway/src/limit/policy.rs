//! Which counts a call goes on.

use std::net::IpAddr;

use crate::edge::client_ip::counted_as;
use crate::identity::Caller;

/// How a route is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitClass {
    /// Staff per user, everybody else per address.
    Standard,
    /// As `Standard`, and on the uploads' own count.
    Upload,
    /// As `Standard`, and on tracking's own count per minute.
    Track,
    /// Logins: their own count per minute and address, whoever it claims to be.
    Login,
    /// Not counted: health, pages, sockets, callbacks whose token decides.
    Free,
}

/// Calls admitted an hour. Tracking and login are spread: a sixtieth of theirs each minute.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Per address, without a login.
    pub public_per_hour: u32,
    /// Per staff user.
    pub admin_per_hour: u32,
    /// Uploads per user or address.
    pub upload_per_hour: u32,
    /// Tracking calls per address; 600 means 10 a minute.
    pub track_per_hour: u32,
    /// Logins per address; 600 means 10 a minute.
    pub login_per_hour: u32,
}

/// One count: whose it is, how much it admits, over how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    /// As the `RateLimit-Policy` header names it.
    pub(crate) name: &'static str,
    /// Whose count it is.
    pub(crate) principal: String,
    pub(crate) limit: u32,
    pub(crate) bucket_seconds: i64,
}

/// Buckets in every window.
pub(crate) const BUCKETS: i64 = 60;

impl Policy {
    pub(crate) fn window_seconds(&self) -> i64 {
        self.bucket_seconds * BUCKETS
    }

    /// The name of this count, without the prefix of the store.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.name, self.principal)
    }
}

impl Limits {
    /// The counts a call of this class by this caller goes on.
    pub(crate) fn policies(self, class: LimitClass, caller: &Caller, ip: IpAddr) -> Vec<Policy> {
        let address = counted_as(ip);
        let principal =
            caller.staff().map_or_else(|| address.clone(), |staff| user(staff.session.user.id.0));
        let standard = || match caller.staff() {
            Some(_) => hourly("admin", principal.clone(), self.admin_per_hour),
            None => hourly("public", address.clone(), self.public_per_hour),
        };
        match class {
            LimitClass::Standard => vec![standard()],
            LimitClass::Upload => {
                vec![standard(), hourly("upload", principal.clone(), self.upload_per_hour)]
            }
            LimitClass::Track => {
                vec![standard(), by_minute("track", address.clone(), self.track_per_hour)]
            }
            LimitClass::Login => vec![by_minute("login", address, self.login_per_hour)],
            LimitClass::Free => Vec::new(),
        }
    }
}

/// Callbacks whose token was wrong: sixty a minute and address.
pub(crate) fn wrong_callbacks(ip: IpAddr) -> Policy {
    by_minute("callback", counted_as(ip), 3_600)
}

fn user(id: i64) -> String {
    format!("user-{id}")
}

fn hourly(name: &'static str, principal: String, limit: u32) -> Policy {
    Policy { name, principal, limit, bucket_seconds: 60 }
}

fn by_minute(name: &'static str, principal: String, per_hour: u32) -> Policy {
    Policy { name, principal, limit: (per_hour / 60).max(1), bucket_seconds: 1 }
}
