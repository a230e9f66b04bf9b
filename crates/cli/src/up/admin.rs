//! The first user, without whom nobody could log in.

use anyhow::{Context as _, Result};
use diesel_async::AsyncConnection as _;
use konveksi_db::Connection;
use konveksi_gateway::users::{self, NewUser};
use konveksi_identity::Role;
use konveksi_kernel::SystemClock;
use konveksi_settings::SecretString;
use url::Url;

use super::UpOptions;
use crate::servers::Kit;

/// Letters and digits that nobody confuses when typing them from a screen.
const READABLE: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// The vault's entries.
pub(crate) const USERNAME: &str = "admin-username";
/// See [`USERNAME`].
pub(crate) const PASSWORD: &str = "admin-password";

/// Who can log in, and whether that is news.
#[derive(Clone, Debug)]
pub(crate) struct Admin {
    /// The login.
    pub(crate) username: String,
    /// Shown only in the run that made it.
    pub(crate) new_password: Option<String>,
}

/// Makes the first user if the gateway has none at all.
pub(crate) async fn ensure(kit: &Kit, gateway: &Url, options: &UpOptions) -> Result<Admin> {
    let mut conn = Connection::establish(gateway.as_str())
        .await
        .context("the gateway's role cannot log in")?;
    let known = users::list(&mut conn).await.context("cannot read the users")?;
    if let Some(first) = known.iter().find(|user| user.role == Role::Owner).or(known.first()) {
        return Ok(Admin { username: first.username.clone(), new_password: None });
    }
    let username = kit.vault.kept_or(USERNAME, || options.admin_username.clone())?;
    let given = options.admin_password.clone();
    let password = kit.vault.kept_or(PASSWORD, || given.unwrap_or_else(readable_password))?;
    let new = NewUser {
        username: username.clone(),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        role: Role::Owner,
        password: SecretString::from(password.clone()),
    };
    users::create(&mut conn, &SystemClock, new).await.context("cannot make the first user")?;
    Ok(Admin { username, new_password: Some(password) })
}

/// Twenty letters in groups of five: 99 bits.
pub(crate) fn readable_password() -> String {
    let letter = |byte: u8| {
        let index = usize::from(byte) % READABLE.len();
        READABLE.get(index).copied().map_or('x', char::from)
    };
    let letters: Vec<char> = rand::random::<[u8; 20]>().into_iter().map(letter).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_password_is_long_and_new_each_time() {
        let password = readable_password();
        assert_eq!(password.len(), 23);
        assert_ne!(password, readable_password());
    }
}
