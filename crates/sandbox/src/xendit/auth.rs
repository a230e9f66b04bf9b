//! Basic auth with the secret key as user and no password.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use konveksi_settings::ExposeSecret as _;

use super::error;
use crate::world::World;

/// The provider's 401 answer, unless the caller brings the merchant's own key.
pub(crate) fn refusal(world: &World, request: &HttpRequest) -> Option<HttpResponse> {
    let user = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok())
        .and_then(|header| header.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok())
        .and_then(|decoded| String::from_utf8(decoded).ok())
        .and_then(|pair| pair.split_once(':').map(|(user, _password)| user.to_owned()));
    match user {
        Some(user) if user == world.config.api_key.expose_secret() => None,
        Some(_) => Some(error::unauthorized("The API key provided is invalid.")),
        None => Some(error::unauthorized("API key format is invalid")),
    }
}
