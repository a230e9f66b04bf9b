//! `konveksi migrate` with the servers and the logins an operator names, as in a cluster.

use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use konveksi_db::Connection;
use konveksi_test_support::random_word;
use lapin::ConnectionProperties;
use lapin::options::BasicGetOptions;
use url::Url;

use crate::support::{konveksi, succeeds};

const SERVICES: [&str; 7] =
    ["order", "payment", "notification", "media", "analytics", "automation", "gateway"];

#[expect(clippy::disallowed_methods, reason = "where the test runner says its servers are")]
fn server(name: &str) -> Url {
    let url = std::env::var(name).expect("run `make test`, which starts the servers");
    Url::parse(&url).unwrap()
}

#[tokio::test]
async fn what_an_operator_names_is_made_with_a_broker_login_for_every_service() {
    let name = format!("cli_migrate_{}", random_word());
    let database = server("TEST_DATABASE_URL");
    let mut amqp = server("TEST_AMQP_URL");
    amqp.set_path(&name);
    let mut logins = Vec::new();
    for service in SERVICES {
        let mut own = amqp.clone();
        own.set_username(&format!("{name}-{service}")).unwrap();
        // One that has to be written in another way in a URL.
        own.set_password(Some(&format!("{service}/geheim@1"))).unwrap();
        logins.push((service, own));
    }

    let data = tempfile::tempdir().unwrap();
    succeeds(
        konveksi(data.path())
            .args(["migrate", "--name", &name])
            .env("DATABASE_URL", database.as_str())
            .env("AMQP_URL", server("TEST_AMQP_URL").as_str())
            .env("AMQP_MANAGEMENT_URL", server("TEST_AMQP_MANAGEMENT_URL").as_str())
            .envs(logins.iter().map(|(service, url)| {
                (format!("KONVEKSI_{}_AMQP_URL", service.to_uppercase()), url.as_str())
            })),
    );

    for (service, url) in logins {
        let own = lapin::Connection::connect(url.as_str(), ConnectionProperties::default()).await;
        let channel = own.expect(service).create_channel().await.unwrap();
        if service != "gateway" {
            // The queue is there, and its service may read it.
            let queue = format!("kv.{service}");
            let read = channel.basic_get(queue.into(), BasicGetOptions::default()).await;
            assert!(read.unwrap().is_none(), "{service}");
        }
    }
    let mut conn = Connection::establish(database.as_str()).await.unwrap();
    conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}
