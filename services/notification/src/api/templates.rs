//! Templates, read only (`contract.md` rows 57, 59, 63, 64).

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::TemplateId;
use konveksi_web::{Caller, FieldErrors, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::history::wire_time;
use super::paging::{self, ListResponse};
use crate::app::{self, App, TemplateFilter};
use crate::domain::channel::ChannelChoice;
use crate::domain::message::StoredTemplate;
use crate::domain::template_type::TemplateType;
use crate::domain::variables::AVAILABLE;

/// Which templates, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct TemplateQuery {
    /// One of the twelve types.
    #[serde(rename = "type")]
    template_type: Option<String>,
    /// `whatsapp`, `email` or `both`.
    channel: Option<String>,
    /// `true` or `false`.
    is_active: Option<String>,
    /// From 1; only where the list has pages.
    page: Option<String>,
    /// 20 when absent, at most 100.
    page_size: Option<String>,
}

/// A template (`contract.md` section 5).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateResponse {
    id: Uuid,
    name: String,
    #[serde(rename = "type")]
    template_type: &'static str,
    channel: &'static str,
    subject: String,
    body: String,
    variables: Vec<String>,
    is_active: bool,
    is_default: bool,
    created_at: String,
    updated_at: String,
}

impl From<StoredTemplate> for TemplateResponse {
    fn from(template: StoredTemplate) -> TemplateResponse {
        TemplateResponse {
            id: template.id.as_uuid(),
            name: template.name,
            template_type: template.template_type.as_wire(),
            channel: template.channel.as_wire(),
            subject: template.subject,
            body: template.body,
            variables: template.variables,
            is_active: template.is_active,
            is_default: template.is_default,
            created_at: wire_time(template.created_at),
            updated_at: wire_time(template.updated_at),
        }
    }
}

/// What templates can be made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TypesResponse {
    /// Key and label of each type.
    template_types: Vec<[&'static str; 2]>,
    /// Key and label of each channel.
    notification_channels: Vec<[&'static str; 2]>,
    /// What a text may name.
    available_variables: Vec<&'static str>,
}

fn filter(query: &TemplateQuery) -> Result<TemplateFilter, Problem> {
    let mut wrong = FieldErrors::new();
    let given = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    let template_type = given(&query.template_type).and_then(|text| {
        wrong.check("type", TemplateType::from_wire(&text).ok_or("Jenis templat tidak dikenal."))
    });
    let channel = given(&query.channel).and_then(|text| {
        let read = ChannelChoice::from_wire(&text).ok_or("Gunakan whatsapp, email, atau both.");
        wrong.check("channel", read)
    });
    let is_active = given(&query.is_active).and_then(|text| {
        let read = match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("Gunakan true atau false."),
        };
        wrong.check("is_active", read)
    });
    wrong.into_result()?;
    Ok(TemplateFilter { template_type, channel, is_active })
}

/// Every template, as a bare array.
#[utoipa::path(
    get,
    path = "/api/v1/admin/templates/",
    params(TemplateQuery),
    responses((status = 200, body = Vec<TemplateResponse>), (status = 400))
)]
pub(crate) async fn list_bare(
    caller: Caller,
    app: web::Data<App>,
    query: Query<TemplateQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesRead)?;
    let (found, _count) = app::list_templates(&app, filter(&query.0)?, None).await?;
    let all: Vec<TemplateResponse> = found.into_iter().map(TemplateResponse::from).collect();
    Ok(HttpResponse::Ok().json(all))
}

/// Every template, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notification-templates/",
    params(TemplateQuery),
    responses((status = 200, body = ListResponse<TemplateResponse>), (status = 400), (status = 404))
)]
pub(crate) async fn list_paged(
    caller: Caller,
    app: web::Data<App>,
    request: HttpRequest,
    query: Query<TemplateQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesRead)?;
    let page = paging::page(query.0.page.as_deref(), query.0.page_size.as_deref())?;
    let (found, count) = app::list_templates(&app, filter(&query.0)?, Some(page)).await?;
    let shown: Vec<TemplateResponse> = found.into_iter().map(TemplateResponse::from).collect();
    Ok(HttpResponse::Ok().json(paging::envelope(&request, page, count, shown)?))
}

/// One template.
#[utoipa::path(
    get,
    path = "/api/v1/admin/templates/{id}/",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = TemplateResponse), (status = 404))
)]
pub(crate) async fn detail(
    caller: Caller,
    app: web::Data<App>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesRead)?;
    let template = app::find_template(&app, TemplateId::from_uuid(id.0)).await?;
    Ok(HttpResponse::Ok().json(TemplateResponse::from(template)))
}

/// The types, channels and variables there are.
#[utoipa::path(
    get,
    path = "/api/v1/admin/template-types/",
    responses((status = 200, body = TypesResponse))
)]
pub(crate) async fn types(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesRead)?;
    Ok(HttpResponse::Ok().json(TypesResponse {
        template_types: TemplateType::ALL
            .into_iter()
            .map(|known| [known.as_wire(), known.label()])
            .collect(),
        notification_channels: ChannelChoice::ALL
            .into_iter()
            .map(|choice| [choice.as_wire(), choice.label()])
            .collect(),
        available_variables: AVAILABLE.to_vec(),
    }))
}
