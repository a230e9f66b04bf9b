//! The clock a process runs by, and the endpoint that steers it in test builds.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::{Clock, SteeredClock, SystemClock};
use serde::Deserialize;

use crate::{Json, Problem};

/// The machine's clock, or one that tests steer.
#[derive(Clone)]
pub enum ClockHandle {
    /// The machine's own.
    System,
    /// Moved by `POST /internal/v1/clock`, which only exists with this variant.
    Steered(Arc<SteeredClock>),
}

impl ClockHandle {
    /// The clock as use cases take it.
    pub fn clock(&self) -> Arc<dyn Clock> {
        match self {
            ClockHandle::System => Arc::new(SystemClock),
            ClockHandle::Steered(clock) => clock.clone(),
        }
    }

    /// Mounts the steering endpoint if this clock can be steered.
    pub fn configure(&self, app: &mut web::ServiceConfig) {
        if let ClockHandle::Steered(clock) = self {
            app.app_data(web::Data::from(clock.clone()))
                .route("/internal/v1/clock", web::post().to(steer));
        }
    }
}

/// How to move the clock; both absent only tells the time.
#[derive(Debug, Deserialize)]
struct Steer {
    advance_seconds: Option<i64>,
    now: Option<DateTime<Utc>>,
}

async fn steer(
    clock: web::Data<SteeredClock>,
    Json(steer): Json<Steer>,
) -> Result<HttpResponse, Problem> {
    if let Some(now) = steer.now {
        clock.set(now);
    }
    if let Some(seconds) = steer.advance_seconds {
        let step = Duration::try_seconds(seconds)
            .ok_or_else(|| Problem::field("advance_seconds", "Terlalu besar."))?;
        clock.advance(step);
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({ "now": clock.now() })))
}
