//! Basic auth with the server key as user and no password.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use konveksi_settings::ExposeSecret as _;

use super::body;
use crate::world::World;

/// The provider's 401 answer, unless the caller brings the merchant's own key.
pub(super) fn refusal(world: &World, request: &HttpRequest) -> Option<HttpResponse> {
    let key = world.config.midtrans_server_key.expose_secret();
    let user = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok())
        .and_then(|header| header.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok())
        .and_then(|decoded| String::from_utf8(decoded).ok())
        .and_then(|pair| pair.split_once(':').map(|(user, _password)| user.to_owned()));
    if !key.is_empty() && user.as_deref() == Some(key) {
        return None;
    }
    let message = "Unknown Merchant server_key/id";
    Some(body::answer(StatusCode::UNAUTHORIZED, "401", message))
}
