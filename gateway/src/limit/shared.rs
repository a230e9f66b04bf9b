//! The counts of all gateways, in Redis: one script, one round trip.

use konveksi_cache::Script;
use konveksi_cache::{Cache, CacheError};

use super::policy::{BUCKETS, Policy};
use super::window::Standing;

/// What the script said.
pub(super) struct Counted {
    /// Redis's own second.
    pub(super) now: i64,
    pub(super) standings: Vec<Standing>,
}

pub(super) struct SharedCounts {
    cache: Cache,
    script: Script,
    prefix: String,
}

impl SharedCounts {
    pub(super) fn new(cache: Cache, prefix: String) -> SharedCounts {
        SharedCounts { cache, script: Script::new(include_str!("window.lua")), prefix }
    }

    /// Admits a call if every count has room, and then counts it on all.
    pub(super) async fn admit(&self, policies: &[Policy]) -> Result<Counted, CacheError> {
        let keys: Vec<String> = policies.iter().map(|policy| self.key(policy)).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut arguments = vec![BUCKETS];
        for policy in policies {
            arguments.extend([i64::from(policy.limit), policy.bucket_seconds]);
        }
        let answer: Vec<i64> = self.cache.run(&self.script, &keys, &arguments).await?;
        let (admitted, now, counts) = match answer.as_slice() {
            [admitted, now, counts @ ..] => (*admitted == 1, *now, counts),
            _ => (true, 0, [].as_slice()),
        };
        let standings = policies
            .iter()
            .zip(counts.chunks_exact(2))
            .map(|(policy, pair)| standing(policy, pair, admitted))
            .collect();
        Ok(Counted { now, standings })
    }

    fn key(&self, policy: &Policy) -> String {
        konveksi_cache::key(&self.prefix, "rl", &policy.key())
    }
}

fn standing(policy: &Policy, pair: &[i64], counted: bool) -> Standing {
    let (used, reset_at) = match pair {
        [used, reset_at] => (u32::try_from(*used).unwrap_or(u32::MAX), *reset_at),
        _ => (0, 0),
    };
    let remaining = policy.limit.saturating_sub(used).saturating_sub(u32::from(counted));
    Standing { admits: used < policy.limit, remaining, reset_at }
}
