//! The processes a system consists of, and what each brings: its settings, its schema, its `serve`.

use std::pin::Pin;

use anyhow::{Context as _, Result};
use diesel_migrations::EmbeddedMigrations;
use konveksi_settings::Setting;
use konveksi_web::ClockHandle;
use tokio_util::sync::CancellationToken;

/// Runs one service until the token is cancelled.
type Serving = Pin<Box<dyn Future<Output = Result<()>>>>;

/// What a service keeps in the database.
pub(crate) struct Storage {
    /// Its schema.
    pub(crate) schema: &'static str,
    /// The role that works in it.
    pub(crate) role: &'static str,
    /// Everything its schema is made of.
    pub(crate) migrations: Vec<EmbeddedMigrations>,
}

/// One process.
#[derive(Clone, Copy)]
pub(crate) struct Service {
    /// Its name, also that of its queue and of its log.
    pub(crate) name: &'static str,
    /// The port it has unless that is taken.
    pub(crate) port: u16,
    /// Every variable it understands.
    pub(crate) settings: &'static [Setting],
    /// Absent for the sandbox.
    pub(crate) storage: Option<fn() -> Storage>,
    /// Runs it.
    pub(crate) serve: fn(ClockHandle, CancellationToken) -> Serving,
}

/// All of them, in the order they are started and shown.
pub(crate) fn all() -> [Service; 8] {
    [gateway(), order(), payment(), notification(), media(), analytics(), automation(), sandbox()]
}

/// The service of this name.
///
/// # Errors
/// When there is none.
pub(crate) fn named(name: &str) -> Result<Service> {
    let services = all();
    let names: Vec<&str> = services.iter().map(|service| service.name).collect();
    let names = names.join(", ");
    services
        .into_iter()
        .find(|service| service.name == name)
        .with_context(|| format!("there is no service {name:?}; there are {names}"))
}

fn gateway() -> Service {
    Service {
        name: "gateway",
        port: 8000,
        settings: konveksi_gateway::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_gateway::SCHEMA,
            role: konveksi_gateway::ROLE,
            migrations: konveksi_gateway::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_gateway::serve(clock, shutdown)),
    }
}

fn order() -> Service {
    Service {
        name: "order",
        port: 8101,
        settings: konveksi_order::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_order::SCHEMA,
            role: konveksi_order::ROLE,
            migrations: konveksi_order::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_order::serve(clock, shutdown)),
    }
}

fn payment() -> Service {
    Service {
        name: "payment",
        port: 8102,
        settings: konveksi_payment::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_payment::SCHEMA,
            role: konveksi_payment::ROLE,
            migrations: konveksi_payment::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_payment::serve(clock, shutdown)),
    }
}

fn notification() -> Service {
    Service {
        name: "notification",
        port: 8103,
        settings: konveksi_notification::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_notification::SCHEMA,
            role: konveksi_notification::ROLE,
            migrations: konveksi_notification::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_notification::serve(clock, shutdown)),
    }
}

fn media() -> Service {
    Service {
        name: "media",
        port: 8104,
        settings: konveksi_media::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_media::SCHEMA,
            role: konveksi_media::ROLE,
            migrations: konveksi_media::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_media::serve(clock, shutdown)),
    }
}

fn analytics() -> Service {
    Service {
        name: "analytics",
        port: 8105,
        settings: konveksi_analytics::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_analytics::SCHEMA,
            role: konveksi_analytics::ROLE,
            migrations: konveksi_analytics::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_analytics::serve(clock, shutdown)),
    }
}

fn automation() -> Service {
    Service {
        name: "automation",
        port: 8106,
        settings: konveksi_automation::SETTINGS,
        storage: Some(|| Storage {
            schema: konveksi_automation::SCHEMA,
            role: konveksi_automation::ROLE,
            migrations: konveksi_automation::migrations(),
        }),
        serve: |clock, shutdown| Box::pin(konveksi_automation::serve(clock, shutdown)),
    }
}

fn sandbox() -> Service {
    Service {
        name: "sandbox",
        port: 8190,
        settings: konveksi_sandbox::SETTINGS,
        storage: None,
        serve: |clock, shutdown| Box::pin(konveksi_sandbox::serve(clock, shutdown)),
    }
}
