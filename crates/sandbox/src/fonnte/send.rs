//! `POST /send`.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use konveksi_settings::ExposeSecret as _;
use serde_json::json;

use super::input::{self, Input};
use crate::messages::{Message, MessageChannel};
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// Takes a message to one or more numbers.
pub(crate) async fn send(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let act = || {
        let token = request.headers().get(AUTHORIZATION).and_then(|token| token.to_str().ok());
        if token != Some(world.config.fonnte_token.expose_secret()) {
            return refused("token invalid");
        }
        match input::read(&body) {
            Ok(input) => taken(&world, &input),
            Err(reason) => refused(reason),
        }
    };
    provider_call::answer(&world, Api::FonnteSend, (&request, &body), broken, act).await
}

fn taken(world: &World, input: &Input) -> HttpResponse {
    let received_at = world.now();
    let ids: Vec<String> = input
        .targets
        .iter()
        .map(|target| {
            world.messages.add(Message {
                id: 0,
                channel: MessageChannel::Whatsapp,
                recipient: target.clone(),
                sender: None,
                subject: None,
                text: input.message.clone(),
                html: None,
                attachments: Vec::new(),
                received_at,
                scheduled_at: input.scheduled_at,
                provider_id: String::new(),
            })
        })
        .collect();
    HttpResponse::Ok().json(json!({
        "detail": "success! message in queue",
        "id": ids,
        "process": "pending",
        "requestid": rand::random_range(1_000_000_u32..10_000_000),
        "status": true,
        "target": input.targets,
    }))
}

fn refused(reason: &str) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": false, "reason": reason }))
}

fn broken(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "status": false, "reason": "server error" }))
}
