//! Password hashes: Argon2id with m = 19,456 KiB, t = 2, p = 1 (`reliability.md` E1), at most two
//! computed at a time, since they take more of the machine than anything else here.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier, Version,
};
use konveksi_settings::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Hashes computed at the same time.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn; more are turned away.
const WAITING: usize = 16;

/// Why a password could not be hashed or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too many are waiting; try again in a moment.
    #[error("too many logins at once")]
    Busy,
    /// The hash cannot be computed or read; a defect of ours.
    #[error("the password hash cannot be computed")]
    Broken,
}

/// What a check showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not the password.
    Wrong,
    /// The password; its hash is as strong as today's.
    Right,
    /// The password, but hashed with older parameters: hash it again.
    RightButOld,
}

/// Computes hashes in turn.
pub(crate) struct Passwords {
    turns: Semaphore,
    waiting: AtomicUsize,
    /// Checked against when there is no such user, so that it costs the same (E3).
    nobody: String,
}

impl Passwords {
    /// # Errors
    /// [`PasswordError::Broken`].
    pub(crate) fn new() -> Result<Passwords, PasswordError> {
        Ok(Passwords {
            turns: Semaphore::new(AT_ONCE),
            waiting: AtomicUsize::new(0),
            nobody: hash_now("nobody has this password")?,
        })
    }

    /// Whether `password` belongs to `hash`; without a hash it is wrong, after the same time.
    pub(crate) async fn check(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let verdict = self.in_turn(move || check_now(password.expose_secret(), &hash)).await??;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    /// The hash of a password, as a PHC text.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        self.in_turn(move || hash_now(password.expose_secret())).await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = Place::take(&self.waiting).ok_or(PasswordError::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_closed| PasswordError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_panicked| PasswordError::Broken)
    }
}

/// A place among those waiting or being served, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(waiting: &AtomicUsize) -> Option<Place<'_>> {
        let place = Place(waiting);
        (waiting.fetch_add(1, Ordering::SeqCst) < WAITING + AT_ONCE).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(|_params| PasswordError::Broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

pub(crate) fn hash_now(password: &str) -> Result<String, PasswordError> {
    let hash: PasswordHash =
        argon2()?.hash_password(password.as_bytes()).map_err(|_hash| PasswordError::Broken)?;
    Ok(hash.to_string())
}

fn check_now(password: &str, hash: &str) -> Result<Verdict, PasswordError> {
    let parsed = PasswordHash::new(hash).map_err(|_text| PasswordError::Broken)?;
    let argon2 = argon2()?;
    if PasswordVerifier::<PasswordHash>::verify_password(&argon2, password.as_bytes(), &parsed)
        .is_err()
    {
        return Ok(Verdict::Wrong);
    }
    let used = Params::try_from(&parsed).map_err(|_params| PasswordError::Broken)?;
    let today = argon2.params();
    let current = used.m_cost() == today.m_cost()
        && used.t_cost() == today.t_cost()
        && used.p_cost() == today.p_cost();
    Ok(if current { Verdict::Right } else { Verdict::RightButOld })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_name_the_parameters_and_a_salt_of_16_bytes() {
        let hash = hash_now("korek api basah").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(PasswordHash::new(&hash).unwrap().salt.unwrap().as_ref().len(), 16);
        assert_ne!(hash, hash_now("korek api basah").unwrap());
    }

    #[test]
    fn an_old_hash_is_recognised() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 1, 1, Some(32)).unwrap(),
        );
        let hash: PasswordHash = weak.hash_password(b"korek api basah").unwrap();
        let hash = hash.to_string();
        assert_eq!(check_now("korek api basah", &hash), Ok(Verdict::RightButOld));
        assert_eq!(check_now("korek api kering", &hash), Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_user_that_does_not_exist_is_wrong_after_real_work() {
        let passwords = Passwords::new().unwrap();
        let verdict = passwords.check("nobody has this password".to_owned().into(), None).await;
        assert_eq!(verdict, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away_and_places_are_given_back() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("korek api basah".to_owned().into()).await.unwrap();
        let crowd = (0..40).map(|_| passwords.check("x".to_owned().into(), Some(hash.clone())));
        let verdicts = futures_util::future::join_all(crowd).await;
        assert!(verdicts.contains(&Err(PasswordError::Busy)));
        assert_eq!(passwords.waiting.load(Ordering::SeqCst), 0);
    }
}
