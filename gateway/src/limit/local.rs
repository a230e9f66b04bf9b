//! Counts of this gateway alone. They always run along, so that they know the recent past at the
//! moment Redis goes away.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::policy::Policy;
use super::window::{Standing, Window};

/// Callers counted at once; beyond it, finished windows are swept out.
const SWEEP_ABOVE: usize = 20_000;
/// Callers counted at most; beyond it all is forgotten rather than memory eaten.
const MOST: usize = 100_000;

#[derive(Default)]
pub(super) struct LocalCounts(Mutex<HashMap<String, (Policy, Window)>>);

impl LocalCounts {
    /// Admits a call if every count has room, and then counts it on all.
    pub(super) fn admit(&self, policies: &[Policy], now: i64) -> Vec<Standing> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > SWEEP_ABOVE {
            windows.retain(|_, (policy, window)| !window.is_over(policy, now));
        }
        if windows.len() > MOST {
            tracing::warn!("more callers than can be counted; the local counts start afresh");
            windows.clear();
        }
        let mut standings = standings(&mut windows, policies, now);
        if standings.iter().all(|standing| standing.admits) {
            for policy in policies {
                window_of(&mut windows, policy).count(policy, now);
            }
            for standing in &mut standings {
                standing.remaining = standing.remaining.saturating_sub(1);
            }
        }
        standings
    }

    /// Counts a call that was admitted elsewhere.
    pub(super) fn note(&self, policies: &[Policy], now: i64) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for policy in policies {
            let window = window_of(&mut windows, policy);
            window.count(policy, now);
            window.standing(policy, now);
        }
        if windows.len() > SWEEP_ABOVE {
            windows.retain(|_, (policy, window)| !window.is_over(policy, now));
        }
    }
}

fn standings(
    windows: &mut HashMap<String, (Policy, Window)>,
    policies: &[Policy],
    now: i64,
) -> Vec<Standing> {
    policies.iter().map(|policy| window_of(windows, policy).standing(policy, now)).collect()
}

fn window_of<'a>(
    windows: &'a mut HashMap<String, (Policy, Window)>,
    policy: &Policy,
) -> &'a mut Window {
    &mut windows.entry(policy.key()).or_insert_with(|| (policy.clone(), Window::default())).1
}
