//! Refresh tokens: each call gives the next one; two tabs may race, a thief may not
//! (`settled.md` 36, `reliability.md` E7).
//!
//! A token is `family · generation · HMAC(server key, family · generation)`. Nothing of it is
//! stored but the family's live generation, so the one before can be given the *same* successor
//! again while it is fresh.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::keys::{Purpose, ServerKeys};

/// How long the token before the live one is still answered, with the live one.
const GRACE: Duration = Duration::seconds(10);

/// Where a line of tokens stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Family {
    pub(crate) generation: u32,
    pub(crate) rotated_at: Option<DateTime<Utc>>,
    pub(crate) ended: bool,
}

/// What presenting a token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presented {
    /// The live one: the next generation becomes live.
    Rotate(u32),
    /// The one just before, by a tab that lost the race: the live one again.
    Again(u32),
    /// An old one: somebody kept a copy. The family dies.
    Reused,
    /// The family is over.
    Ended,
}

impl Family {
    /// Judges a token of `generation`.
    pub(crate) fn present(self, generation: u32, now: DateTime<Utc>) -> Presented {
        if self.ended {
            return Presented::Ended;
        }
        if generation == self.generation {
            return Presented::Rotate(self.generation.saturating_add(1));
        }
        let is_predecessor = generation.checked_add(1) == Some(self.generation);
        let is_fresh = self.rotated_at.is_some_and(|at| now - at <= GRACE);
        if is_predecessor && is_fresh {
            Presented::Again(self.generation)
        } else {
            Presented::Reused
        }
    }
}

/// The token of a family's generation.
pub(crate) fn token(keys: &ServerKeys, family: Uuid, generation: u32) -> String {
    let mut bytes = message(family, generation).to_vec();
    bytes.extend(keys.sum(Purpose::Refresh, &message(family, generation)));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The family and generation of a token that we made; `None` for anything else.
pub(crate) fn read(keys: &ServerKeys, token: &str) -> Option<(Uuid, u32)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (head, sum) = bytes.split_at_checked(20)?;
    let (family, generation) = head.split_at_checked(16)?;
    let family = Uuid::from_slice(family).ok()?;
    let generation = u32::from_be_bytes(generation.try_into().ok()?);
    keys.matches(Purpose::Refresh, head, sum).then_some((family, generation))
}

fn message(family: Uuid, generation: u32) -> [u8; 20] {
    let mut bytes = [0; 20];
    for (slot, byte) in
        bytes.iter_mut().zip(family.into_bytes().into_iter().chain(generation.to_be_bytes()))
    {
        *slot = byte;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    fn keys() -> ServerKeys {
        ServerKeys::new("0f6d1c8e9b7a4d3c2b1a09f8e7d6c5b4").unwrap()
    }

    fn second(second: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(1_767_225_600 + second, 0).unwrap()
    }

    #[test]
    fn only_our_own_tokens_are_read() {
        let keys = keys();
        let family = Uuid::from_u128(7);
        let made = token(&keys, family, 3);
        assert_eq!(read(&keys, &made), Some((family, 3)));
        assert!(!made.contains('='));
        let stranger = ServerKeys::new("another-secret-of-32-characters!!").unwrap();
        for forged in
            [token(&stranger, family, 3), String::new(), made.chars().skip(1).collect(), made + "A"]
        {
            assert_eq!(read(&keys, &forged), None);
        }
    }

    #[test]
    fn the_loser_of_a_race_gets_the_winners_token_for_ten_seconds() {
        let family = Family { generation: 4, rotated_at: Some(second(0)), ended: false };
        assert_eq!(family.present(4, second(1)), Presented::Rotate(5));
        assert_eq!(family.present(3, second(10)), Presented::Again(4));
        assert_eq!(family.present(3, second(11)), Presented::Reused);
        assert_eq!(family.present(2, second(1)), Presented::Reused);
        assert_eq!(family.present(5, second(1)), Presented::Reused);
    }

    proptest! {
        /// Whatever order tokens are shown in, at most one generation is live, and a token older
        /// than the predecessor always ends the family.
        #[test]
        fn no_order_of_calls_leaves_two_live_tokens(calls in prop::collection::vec((0u32..6, 0i64..8), 1..60)) {
            let mut family = Family { generation: 0, rotated_at: None, ended: false };
            let mut now = 0;
            for (back, pause) in calls {
                now += pause;
                let Some(generation) = family.generation.checked_sub(back) else { continue };
                match family.present(generation, second(now)) {
                    Presented::Rotate(next) => {
                        prop_assert_eq!(back, 0);
                        prop_assert_eq!(next, family.generation + 1);
                        family = Family { generation: next, rotated_at: Some(second(now)), ..family };
                    }
                    Presented::Again(live) => {
                        prop_assert_eq!(back, 1);
                        prop_assert_eq!(live, family.generation);
                    }
                    Presented::Reused => {
                        prop_assert!(back >= 1);
                        family.ended = true;
                    }
                    Presented::Ended => prop_assert!(family.ended),
                }
            }
        }
    }
}
