//! Templates.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{Page, TemplateId};
use uuid::Uuid;

use super::literal;
use super::schema::templates;
use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::message::StoredTemplate;
use crate::domain::template_type::TemplateType;

#[derive(Queryable, Selectable)]
#[diesel(table_name = templates)]
struct TemplateRow {
    id: Uuid,
    name: String,
    template_type: String,
    channel: String,
    subject: String,
    body: String,
    variables: serde_json::Value,
    is_active: bool,
    is_default: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<TemplateRow> for StoredTemplate {
    type Error = DbError;

    fn try_from(row: TemplateRow) -> Result<StoredTemplate, DbError> {
        let variables = serde_json::from_value(row.variables)
            .map_err(|error| DbError::Corrupt(format!("a template's variables: {error}")))?;
        Ok(StoredTemplate {
            id: TemplateId::from_uuid(row.id),
            name: row.name,
            template_type: literal(
                "a template's type",
                &row.template_type,
                TemplateType::from_wire,
            )?,
            channel: literal("a template's channel", &row.channel, ChannelChoice::from_wire)?,
            subject: row.subject,
            body: row.body,
            variables,
            is_active: row.is_active,
            is_default: row.is_default,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Which templates a list shows; absent values do not filter.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TemplateFilter {
    /// Only of this type.
    pub(crate) template_type: Option<TemplateType>,
    /// Only made for this choice.
    pub(crate) channel: Option<ChannelChoice>,
    /// Only usable, or only unusable ones.
    pub(crate) is_active: Option<bool>,
}

/// The most templates the bare list answers; workshops have dozens.
const LIST_LIMIT: i64 = 1_000;

/// One template.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(
    conn: &mut Connection,
    id: TemplateId,
) -> Result<Option<StoredTemplate>, DbError> {
    templates::table
        .find(id.as_uuid())
        .select(TemplateRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(StoredTemplate::try_from)
        .transpose()
}

/// The active default of a type for `channel`: one made for that channel before one for both.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_default(
    conn: &mut Connection,
    template_type: TemplateType,
    channel: Channel,
) -> Result<Option<StoredTemplate>, DbError> {
    let exact = ChannelChoice::from(channel).as_wire();
    let candidates = templates::table
        .filter(templates::template_type.eq(template_type.as_wire()))
        .filter(templates::channel.eq_any([exact, ChannelChoice::Both.as_wire()]))
        .filter(templates::is_active)
        .filter(templates::is_default)
        .order(templates::channel.eq(exact).desc())
        .select(TemplateRow::as_select())
        .first(conn)
        .await
        .optional()?;
    candidates.map(StoredTemplate::try_from).transpose()
}

/// Templates, newest first; all of them (up to a bound) or one page, and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    filter: TemplateFilter,
    page: Option<Page>,
) -> Result<(Vec<StoredTemplate>, i64), DbError> {
    let (limit, offset) = page.map_or((LIST_LIMIT, 0), |page| (page.limit(), page.offset()));
    let rows = filtered(filter)
        .order((templates::created_at.desc(), templates::id.desc()))
        .limit(limit)
        .offset(offset)
        .select(TemplateRow::as_select())
        .load(conn)
        .await?;
    let count = filtered(filter).count().get_result(conn).await?;
    let found = rows.into_iter().map(StoredTemplate::try_from).collect::<Result<_, _>>()?;
    Ok((found, count))
}

fn filtered(filter: TemplateFilter) -> templates::BoxedQuery<'static, diesel::pg::Pg> {
    let mut query = templates::table.into_boxed();
    if let Some(template_type) = filter.template_type {
        query = query.filter(templates::template_type.eq(template_type.as_wire()));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(templates::channel.eq(channel.as_wire()));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(templates::is_active.eq(is_active));
    }
    query
}
