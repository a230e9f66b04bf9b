//! Reads what the floor and the office say about production.

use actix_web::HttpRequest;
use konveksi_web::Problem;
use utoipa::ToSchema;

use super::body::Body;
use super::etag;
use super::garment_body::{Line, lines};
use super::orders::notes;
use crate::app::plan_production::ProductionPlan;
use crate::app::report_pieces::{self, PiecesReport};
use crate::app::send_back::SentBack;
use crate::domain::field::{line, whole_number};
use crate::domain::garment_input::canonical_size;
use crate::domain::input::MAX_QUANTITY;
use crate::domain::stage::{ShopStage, StageDraft, StageInput, read_stages};

/// The most lines of one report: every size of every garment.
const MAX_LINES: usize = 2_000;
/// The largest item number.
const MAX_ITEM: i32 = 50;

/// A report as it is sent. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionReportInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ReportInput {
    /// The stage's code.
    stage: String,
    /// By size; a plain order needs none and says `good` and `reject` beside `stage`.
    counts: Option<Vec<CountInput>>,
    /// For a plain order, or one size.
    good: Option<i32>,
    reject: Option<i32>,
    item: Option<i16>,
    size: Option<String>,
    notes: Option<String>,
}

/// Pieces of one size as they are sent.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionCountInput)]
#[expect(dead_code, reason = "only describes")]
struct CountInput {
    /// From 1; may be absent when the size says which.
    item: Option<i16>,
    /// May be absent when there is only one.
    size: Option<String>,
    /// More good pieces; less than nothing corrects.
    good: Option<i32>,
    /// More rejects; less than nothing corrects.
    reject: Option<i32>,
}

/// Rejects that are sent back. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionReworkInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ReworkInput {
    /// Where the rejects lie.
    stage: String,
    /// Where they are made again; the same stage when absent.
    back_to: Option<String>,
    item: Option<i16>,
    size: Option<String>,
    /// From 1.
    quantity: i32,
    notes: Option<String>,
}

/// A plan as it is sent. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionPlanInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct PlanInput {
    /// The order's own stages; the shop's when it has none yet and this is absent.
    stages: Option<Vec<StageBody>>,
    /// `YYYY-MM-DD`; null takes it back.
    promised_on: Option<String>,
    /// The version the caller saw, as with `If-Match`.
    version: Option<i64>,
}

/// A stage as it is sent.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionStageInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct StageBody {
    /// Lower case letters, digits and hyphens; made of the name when absent.
    code: Option<String>,
    /// 2 to 60 characters.
    name: String,
    /// Days it may take; only in the shop's list.
    days: Option<i16>,
    /// `YYYY-MM-DD`; only in an order's own list.
    due_on: Option<String>,
}

/// Reads a report.
///
/// # Errors
/// 400 naming every wrong field.
pub(super) fn report(mut body: Body) -> Result<PiecesReport, Problem> {
    let stage = stage(&mut body, "stage");
    let notes = notes(&mut body, "notes");
    let counts = match body.list("counts") {
        Some(list) if list.len() > MAX_LINES => {
            body.keep::<()>("counts", Err(format!("Maksimal {MAX_LINES} baris.")));
            Vec::new()
        }
        Some(list) => lines(list, "counts", "", body.complaints(), count),
        None => vec![Count {
            item: body.number("item"),
            size: body.text("size"),
            good: body.number("good"),
            reject: body.number("reject"),
        }],
    };
    if counts.is_empty() && body.complaints().is_empty() {
        body.keep::<()>("counts", Err("Isi paling sedikit satu ukuran.".to_owned()));
    }
    let mut read = Vec::with_capacity(counts.len());
    for (index, count) in counts.into_iter().enumerate() {
        read.extend(piece_line(count, index, &mut body));
    }
    body.finish()?;
    Ok(PiecesReport { stage: stage.unwrap_or_default(), lines: read, notes })
}

/// Pieces of one size, unread.
struct Count {
    item: Option<String>,
    size: Option<String>,
    good: Option<String>,
    reject: Option<String>,
}

fn count(line: &mut Line<'_>) -> Count {
    Count {
        item: line.number("item"),
        size: line.word("size"),
        good: line.number("good"),
        reject: line.number("reject"),
    }
}

fn piece_line(count: Count, index: usize, body: &mut Body) -> Option<report_pieces::Line> {
    let mut keep = |name: &str, read: Result<i32, String>| {
        read.map_err(|message| {
            body.complaints().add_at("counts", format!("[{index}].{name}"), message);
        })
        .ok()
    };
    let pieces = |text: Option<&str>| {
        text.map_or(Ok(0), |text| whole_number(text, -MAX_QUANTITY, MAX_QUANTITY))
    };
    let good = keep("good", pieces(count.good.as_deref()));
    let reject = keep("reject", pieces(count.reject.as_deref()));
    let item = match count.item.as_deref() {
        None => Some(None),
        Some(text) => keep("item", whole_number(text, 1, MAX_ITEM)).map(Some),
    };
    if good == Some(0) && reject == Some(0) {
        keep("good", Err("Isi good, reject, atau keduanya.".to_owned()));
        return None;
    }
    Some(report_pieces::Line {
        item: item?.and_then(|item| i16::try_from(item).ok()),
        size: count.size.map(|size| canonical_size(&size)),
        good: good?,
        reject: reject?,
    })
}

/// Reads what is sent back.
///
/// # Errors
/// 400 naming every wrong field.
pub(super) fn rework(mut body: Body) -> Result<SentBack, Problem> {
    let stage = stage(&mut body, "stage");
    let made_at = if body.has("back_to") { self::stage(&mut body, "back_to") } else { None };
    let item = body.number("item").and_then(|text| {
        let item = whole_number(&text, 1, MAX_ITEM);
        body.keep("item", item).and_then(|item| i16::try_from(item).ok())
    });
    let size = body.text("size").map(|size| canonical_size(&size));
    let pieces = body.number("quantity").unwrap_or_default();
    let pieces = body.keep("quantity", whole_number(&pieces, 1, MAX_QUANTITY));
    let notes = notes(&mut body, "notes");
    body.finish()?;
    let (stage, pieces) = (stage.unwrap_or_default(), pieces.unwrap_or_default());
    Ok(SentBack { stage, made_at, item, size, pieces, notes })
}

/// Reads a plan.
///
/// # Errors
/// 400 naming every wrong field.
pub(super) fn plan(mut body: Body, request: &HttpRequest) -> Result<ProductionPlan, Problem> {
    let stages = if body.has("stages") { Some(stages(&mut body)) } else { None };
    let promised_on = body.clearable_text("promised_on");
    let expected = etag::expected(request, &mut body);
    body.finish()?;
    let stages = stages.map(|drafts| {
        read_stages(&drafts).map_err(|wrong| Problem::validation(super::error::fields(wrong)))
    });
    Ok(ProductionPlan { stages: stages.transpose()?, promised_on, expected })
}

/// Reads the shop's list.
///
/// # Errors
/// 400 naming every wrong field.
pub(super) fn shop_stages(mut body: Body) -> Result<Vec<ShopStage>, Problem> {
    let drafts = stages(&mut body);
    body.finish()?;
    let read = read_stages(&drafts);
    let read = read.map_err(|wrong| Problem::validation(super::error::fields(wrong)))?;
    Ok(read.into_iter().map(|StageInput { stage, .. }| stage).collect())
}

fn stages(body: &mut Body) -> Vec<StageDraft> {
    let list = body.list("stages").unwrap_or_default();
    lines(list, "stages", "", body.complaints(), |line| StageDraft {
        code: line.text("code"),
        name: line.text("name"),
        days: line.number("days"),
        due_on: line.text("due_on"),
    })
}

fn stage(body: &mut Body, field: &'static str) -> Option<String> {
    let text = body.text(field).unwrap_or_default();
    body.keep(field, line(&text, 1, 40))
}
