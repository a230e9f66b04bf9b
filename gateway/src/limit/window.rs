//! One caller's count over one window, as arithmetic.

use std::collections::BTreeMap;

use super::policy::{BUCKETS, Policy};

/// What a count says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether there was room.
    pub(crate) admits: bool,
    /// Calls still free in this window.
    pub(crate) remaining: u32,
    /// The second at which the next one comes free.
    pub(crate) reset_at: i64,
}

/// Calls by bucket number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window(BTreeMap<i64, u32>);

impl Window {
    /// What the count says at second `now`, before this call is counted.
    pub(crate) fn standing(&mut self, policy: &Policy, now: i64) -> Standing {
        let current = now.div_euclid(policy.bucket_seconds);
        self.0.retain(|bucket, _| *bucket >= current - BUCKETS);
        let used: u32 = self.0.values().sum();
        Standing {
            admits: used < policy.limit,
            remaining: policy.limit.saturating_sub(used),
            reset_at: self.reset_at(policy, current),
        }
    }

    /// Counts one call.
    pub(crate) fn count(&mut self, policy: &Policy, now: i64) {
        let current = now.div_euclid(policy.bucket_seconds);
        *self.0.entry(current).or_default() += 1;
    }

    /// Whether nothing is counted any more.
    pub(crate) fn is_over(&self, policy: &Policy, now: i64) -> bool {
        let oldest = now.div_euclid(policy.bucket_seconds) - BUCKETS;
        self.0.keys().all(|bucket| *bucket < oldest)
    }

    fn reset_at(&self, policy: &Policy, current: i64) -> i64 {
        let first = self.0.keys().next().copied().unwrap_or(current);
        (first + BUCKETS + 1) * policy.bucket_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy(limit: u32) -> Policy {
        Policy { name: "public", principal: "1.2.3.4".to_owned(), limit, bucket_seconds: 60 }
    }

    fn call(window: &mut Window, policy: &Policy, now: i64) -> bool {
        let admits = window.standing(policy, now).admits;
        if admits {
            window.count(policy, now);
        }
        admits
    }

    #[test]
    fn what_is_full_comes_free_when_it_says() {
        let (mut window, policy) = (Window::default(), policy(2));
        assert!(call(&mut window, &policy, 30));
        assert!(call(&mut window, &policy, 90));
        let standing = window.standing(&policy, 95);
        assert_eq!((standing.admits, standing.remaining), (false, 0));
        assert!(!call(&mut window, &policy, standing.reset_at - 1));
        assert!(call(&mut window, &policy, standing.reset_at));
    }

    proptest! {
        /// The promise itself: whatever the calls' times, no hour admits more than the limit.
        #[test]
        fn no_window_admits_more_than_the_limit(pauses in prop::collection::vec(0i64..400, 1..400), limit in 1u32..30) {
            let (mut window, policy) = (Window::default(), policy(limit));
            let mut now = 0;
            let mut admitted: Vec<i64> = Vec::new();
            for pause in pauses {
                now += pause;
                if call(&mut window, &policy, now) {
                    admitted.push(now);
                }
            }
            for (index, start) in admitted.iter().enumerate() {
                let within = admitted[index..].iter().filter(|at| **at < start + 3_600).count();
                prop_assert!(u32::try_from(within).unwrap() <= limit);
            }
        }
    }
}
