//! What is answered over HTTP: the contract's rows 34-39, 43-52, 55 and 56, papers, and what
//! the gateway's compositions ask under `/internal/v1`.

mod error;
mod express;
mod input;
mod integrity;
mod internal;
mod invoices;
mod links;
mod list;
mod mutations;
mod papers;
mod payments;
mod plan_input;
mod plan_shape;
mod plans;
mod proofs;
mod refunds;
mod regenerate;
mod returns;
mod settlements;
mod shapes;
mod snapshot;
mod unmatched;
mod verify;
mod webhook;

use actix_web::web;
use utoipa::OpenApi as _;

pub(crate) use returns::FrontEnd;

/// Adds the routes; without a trailing slash, the server answers both forms.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(web::resource("/api/v1/invoice").get(invoices::list).post(invoices::create))
        .service(
            web::resource("/api/v1/invoice/{id}")
                .get(invoices::read)
                .put(invoices::replace)
                .patch(invoices::edit)
                .delete(invoices::remove),
        )
        .route(
            "/api/v1/admin/invoice/{id}/regenerate-payment-link",
            web::post().to(regenerate::regenerate),
        )
        .route("/api/v1/invoice/{id}/pdf", web::get().to(papers::invoice))
        .route("/api/v1/invoice/detail/{code}/pdf", web::get().to(papers::invoice_by_code))
        .service(web::resource("/api/v1/payment").get(payments::list).post(payments::create))
        .configure(refund_routes)
        .route("/api/v1/payment/manual", web::post().to(payments::manual))
        .route("/api/v1/payment/success", web::get().to(returns::success))
        .route("/api/v1/payment/failed", web::get().to(returns::failed))
        .configure(plans_and_proofs)
        .route("/api/v1/payment/{id}/receipt", web::get().to(papers::receipt))
        .service(
            web::resource("/api/v1/payment/{id}")
                .get(payments::read)
                .put(payments::replace)
                .patch(payments::edit)
                .delete(payments::remove),
        )
        .route("/api/v1/webhook/xendit", web::post().to(webhook::xendit))
        .route("/api/v1/webhook/midtrans", web::post().to(webhook::midtrans))
        .configure(internal::configure);
}

/// Payment plans, verification, the queues of staff, credit and the check of the books.
fn plans_and_proofs(app: &mut web::ServiceConfig) {
    const PROOFS: &str = "/api/v1/admin/payment/proofs";
    app.route("/api/v1/payment/create-plan", web::post().to(plans::create))
        .route("/api/v1/payment/plans", web::get().to(plans::list))
        .route("/api/v1/payment/plans/{id}", web::get().to(plans::read))
        .route("/api/v1/payment/plans/{id}/reschedule", web::post().to(plans::move_days))
        .route("/api/v1/payment/plans/{id}/waive", web::post().to(plans::forgive))
        .route("/api/v1/payment/plans/{id}/replan", web::post().to(plans::again))
        .route("/api/v1/payment/plans/{id}/cancel", web::post().to(plans::cancel))
        .route("/api/v1/payment/verify-manual", web::post().to(verify::verify))
        .route(PROOFS, web::get().to(proofs::list))
        .route(&format!("{PROOFS}/{{id}}"), web::get().to(proofs::read))
        .route(&format!("{PROOFS}/{{id}}/approve"), web::post().to(proofs::approve))
        .route(&format!("{PROOFS}/{{id}}/reject"), web::post().to(proofs::reject))
        .route("/api/v1/admin/payment/unmatched", web::get().to(unmatched::list))
        .route("/api/v1/admin/payment/unmatched/{id}/match", web::post().to(unmatched::assign))
        .route("/api/v1/admin/payment/unmatched/{id}/credit", web::post().to(unmatched::credit))
        .route("/api/v1/admin/payment/settlements", web::get().to(settlements::list))
        .route("/api/v1/admin/payment/settlements", web::post().to(settlements::record))
        .route(
            "/api/v1/admin/payment/settlements/{id}/reverse",
            web::post().to(settlements::reverse),
        )
        .route("/api/v1/admin/payment/credit", web::get().to(unmatched::balance))
        .route("/api/v1/admin/payment/credit/use", web::post().to(unmatched::spend))
        .route("/api/v1/admin/invoice/{id}/unique-amount", web::post().to(mutations::unique_amount))
        .route("/api/v1/webhook/mutation", web::post().to(mutations::mutation))
        .route("/api/v1/admin/integrity", web::get().to(integrity::check))
        .route("/internal/v1/orders/{id}/payment-proofs", web::post().to(proofs::show));
}

/// Refunds, and the paper that tells of one.
fn refund_routes(app: &mut web::ServiceConfig) {
    app.route("/api/v1/payment/refund", web::post().to(refunds::ask))
        .route("/api/v1/admin/payment/refunds", web::get().to(refunds::list))
        .route("/api/v1/admin/payment/refunds-due", web::get().to(refunds::due))
        .route("/api/v1/admin/payment/refunds/{id}", web::get().to(refunds::read))
        .route("/api/v1/admin/payment/refunds/{id}/approve", web::post().to(refunds::approve))
        .route("/api/v1/admin/payment/refunds/{id}/complete", web::post().to(refunds::complete))
        .route("/api/v1/admin/payment/refunds/{id}/fail", web::post().to(refunds::fail))
        .route("/api/v1/admin/payment/refunds/{id}/cancel", web::post().to(refunds::cancel))
        .route(
            "/api/v1/admin/payment/refunds/{id}/credit-note",
            web::get().to(papers::credit_note),
        );
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Konveksi payment", description = "Invoices, payment links, payments."),
    paths(
        invoices::list,
        invoices::create,
        invoices::read,
        invoices::replace,
        invoices::edit,
        invoices::remove,
        regenerate::regenerate,
        payments::list,
        payments::manual,
        payments::read,
        payments::create,
        payments::replace,
        payments::edit,
        payments::remove,
        settlements::list,
        settlements::record,
        settlements::reverse,
        refunds::ask,
        refunds::list,
        refunds::due,
        refunds::read,
        refunds::approve,
        refunds::complete,
        refunds::fail,
        refunds::cancel,
        papers::invoice,
        papers::invoice_by_code,
        papers::receipt,
        papers::credit_note,
        returns::success,
        returns::failed,
        webhook::xendit,
        plans::create,
        plans::list,
        plans::read,
        plans::move_days,
        plans::forgive,
        plans::again,
        plans::cancel,
        verify::verify,
        proofs::list,
        proofs::read,
        proofs::approve,
        proofs::reject,
        unmatched::list,
        unmatched::assign,
        unmatched::credit,
        unmatched::balance,
        unmatched::spend,
        mutations::unique_amount,
        mutations::mutation,
        integrity::check,
        webhook::midtrans,
    )
)]
struct Document;

/// This service's API, as the gateway's document includes it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
