//! The four servers a system needs: the one named in the environment, or a private one.
//!
//! A server that was named and does not answer stops the start: falling back to a private one
//! would look like lost data.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use url::Url;

use super::database;
use crate::probe;
use crate::servers::{self, Kind, Kit, postgres, rabbitmq, redis};

/// The database, and the virtual host, of a private server.
const NAME: &str = "konveksi";

/// Servers to use instead of private ones.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Named {
    /// An existing PostgreSQL, with a user who may make databases and roles.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<Url>,
    /// An existing RabbitMQ, with an administrator.
    #[arg(long, env = "AMQP_URL", hide_env_values = true)]
    pub(crate) amqp_url: Option<Url>,
    /// The management API of that RabbitMQ, its login in the URL.
    #[arg(long, env = "AMQP_MANAGEMENT_URL", hide_env_values = true)]
    pub(crate) amqp_management_url: Option<Url>,
    /// An existing Redis.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub(crate) redis_url: Option<Url>,
    /// An existing clamd, as host:port.
    #[arg(long, env = "CLAMD_ADDR")]
    pub(crate) clamd_addr: Option<String>,
    /// The name of the database and of the broker's virtual host. Without it those of the URLs
    /// are used, or `konveksi` on private servers.
    #[arg(long, env = "KONVEKSI_NAME")]
    pub(crate) name: Option<String>,
    /// The password of every service's role, for tests that share a server and so its roles.
    #[arg(long, env = "KONVEKSI_TEST_ROLE_PASSWORD", hide = true)]
    pub(crate) role_password: Option<String>,
}

impl Named {
    /// The kinds that must be private.
    pub(crate) fn private(&self) -> Vec<Kind> {
        let named = |kind: Kind| match kind {
            Kind::RabbitMq => self.amqp_url.is_some(),
            Kind::Postgres => self.database_url.is_some(),
            Kind::Redis => self.redis_url.is_some(),
            Kind::Clamd => self.clamd_addr.is_some(),
        };
        Kind::ALL.into_iter().filter(|kind| !named(*kind)).collect()
    }
}

/// Where the servers are, with the rights of their administrators.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Backends {
    /// PostgreSQL, any database of it, as a user who may make others.
    pub(crate) postgres: Url,
    /// The database all schemas lie in.
    pub(crate) database: String,
    /// RabbitMQ, the system's virtual host, as an administrator.
    pub(crate) amqp: Url,
    /// RabbitMQ's management API; absent when only a URL without one was named.
    pub(crate) management: Option<Url>,
    /// The virtual host.
    pub(crate) vhost: String,
    /// Redis.
    pub(crate) redis: Url,
    /// clamd, as `host:port`.
    pub(crate) clamd: String,
    /// The one password of all service roles; only where tests share a server.
    pub(crate) role_password: Option<String>,
}

impl Backends {
    /// The migrator's URL: all schemas lie in this database.
    pub(crate) fn migrator_url(&self) -> Url {
        database::in_database(&self.postgres, &self.database)
    }
}

/// Starts what is not named, asks what is, and says where each is.
pub(crate) async fn resolve(kit: &Kit, named: &Named) -> Result<Backends> {
    if let Some(name) = &named.name
        && !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    {
        bail!("--name takes small letters, digits and _ only, not {name:?}");
    }
    probe_named(named).await?;
    servers::start(kit, &named.private()).await?;
    let name = named.name.clone();
    let (postgres, database) = match &named.database_url {
        Some(url) => (url.clone(), name.clone().unwrap_or_else(|| path_of(url))),
        None => (
            Url::parse(&postgres::url(kit, kit.server(Kind::Postgres)?.port, "postgres")?)?,
            name.clone().unwrap_or_else(|| NAME.to_owned()),
        ),
    };
    let (amqp, management, vhost) = if let Some(url) = &named.amqp_url {
        (url.clone(), named.amqp_management_url.clone(), name.unwrap_or_else(|| path_of(url)))
    } else {
        let server = kit.server(Kind::RabbitMq)?;
        (
            Url::parse(&rabbitmq::url(kit, &server, "/")?)?,
            Some(Url::parse(&rabbitmq::management_url(kit, &server)?)?),
            name.unwrap_or_else(|| NAME.to_owned()),
        )
    };
    Ok(Backends {
        postgres,
        database,
        amqp: in_vhost(&amqp, &vhost),
        management,
        vhost,
        redis: match &named.redis_url {
            Some(url) => url.clone(),
            None => Url::parse(&redis::url(kit, kit.server(Kind::Redis)?.port)?)?,
        },
        clamd: match &named.clamd_addr {
            Some(address) => address.clone(),
            None => format!("127.0.0.1:{}", kit.server(Kind::Clamd)?.port),
        },
        role_password: named.role_password.clone(),
    })
}

async fn probe_named(named: &Named) -> Result<()> {
    if let Some(url) = &named.database_url {
        probe::tcp(&address_of(url, 5432)).await.context("DATABASE_URL is set, but")?;
    }
    if let Some(url) = &named.amqp_url {
        probe::tcp(&address_of(url, 5672)).await.context("AMQP_URL is set, but")?;
    }
    if let Some(url) = &named.redis_url {
        let user = Some(url.username()).filter(|user| !user.is_empty());
        probe::redis(&address_of(url, 6379), user, url.password())
            .await
            .context("REDIS_URL is set, but")?;
    }
    if let Some(address) = &named.clamd_addr {
        probe::clamd(address).await.context("CLAMD_ADDR is set, but")?;
    }
    Ok(())
}

fn address_of(url: &Url, default_port: u16) -> String {
    format!("{}:{}", url.host_str().unwrap_or("localhost"), url.port().unwrap_or(default_port))
}

/// The database or virtual host a URL names.
pub(crate) fn path_of(url: &Url) -> String {
    url.path().trim_start_matches('/').replace("%2f", "/").replace("%2F", "/")
}

/// The same broker, another virtual host.
pub(crate) fn in_vhost(amqp: &Url, vhost: &str) -> Url {
    let mut amqp = amqp.clone();
    amqp.set_path(&vhost.replace('/', "%2f"));
    amqp
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_not_started() {
        let named =
            Named { redis_url: Some(Url::parse("redis://localhost").unwrap()), ..Named::default() };
        assert_eq!(named.private(), [Kind::RabbitMq, Kind::Postgres, Kind::Clamd]);
    }

    #[tokio::test]
    async fn a_named_server_that_does_not_answer_is_named_in_the_error() {
        let named = Named { clamd_addr: Some("127.0.0.1:1".to_owned()), ..Named::default() };
        let error = probe_named(&named).await.unwrap_err();
        assert!(format!("{error:#}").contains("CLAMD_ADDR"), "{error:#}");
    }
}
