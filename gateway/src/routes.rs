//! The whole public surface, as one table. What is not listed here does not exist: it is answered
//! 404 or 405 and never reaches a service.
//!
//! Both slash forms of a path are one route. The public client's short form `/api/v1/{uuid}/…` is
//! spelled out as `/api/v1/order/{uuid}/…` before this table is read (`edge/path.rs`), so rows
//! 19-23 of the contract are rows 15-18 and 24 here. Numbers are rows of `contract.md` section 6.

use std::future::{Future, ready};
use std::pin::Pin;
use std::time::Duration;

use actix_web::HttpResponse;
use konveksi_identity::Permission::{
    self, MessagesRead, MessagesSend, OperationsManage, OrdersRead, OrdersWrite, PaymentsRead,
    PaymentsWrite, ProductionWrite, ReportsRead,
};

use crate::compose;
use crate::edge::Call;
use crate::error::Stop;
use crate::forward::Service::{self, Analytics, Automation, Media, Notification, Order, Payment};
use crate::health;
use crate::identity::endpoints as auth;
use crate::limit::LimitClass;
use crate::live::Feed;
use crate::pages;

/// What is asked to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// The method's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }

    /// The verb of a method; `HEAD` asks what `GET` asks, without the body.
    pub(crate) fn of(method: &str) -> Option<Verb> {
        match method {
            "GET" | "HEAD" => Some(Verb::Get),
            "POST" => Some(Verb::Post),
            "PUT" => Some(Verb::Put),
            "PATCH" => Some(Verb::Patch),
            "DELETE" => Some(Verb::Delete),
            _ => None,
        }
    }
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody.
    Public,
    /// Staff whose role has this permission.
    Staff(Permission),
    /// Any staff member.
    AnyStaff,
    /// A provider that shows its token; the service compares it.
    WebhookToken,
    /// A socket: accepted first, then closed with a code when the caller may not listen.
    Socket,
}

/// A handler's future; handlers run on the worker that took the call.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, Stop>>>>;
/// Answers a call.
pub(crate) type Handler = fn(Call) -> Answering;

/// Who answers.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// One service, unchanged.
    Forward(Service),
    /// An answer made of several services' (`settled.md` 4).
    Compose(Handler),
    /// The gateway itself.
    Local(Handler),
    /// A live feed.
    Socket(Feed),
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) verb: Verb,
    pub(crate) pattern: &'static str,
    pub(crate) access: Access,
    pub(crate) limit: LimitClass,
    pub(crate) target: Target,
    /// The most bytes a body may have.
    pub(crate) body_limit: usize,
    /// Seconds until the answer must be there.
    pub(crate) timeout_seconds: u64,
    pub(crate) summary: &'static str,
}

/// Any JSON body and any callback.
const JSON_BYTES: usize = 256 * 1024;
/// An order with a design of at most 5 MB beside its fields.
const ORDER_BYTES: usize = 6 * 1024 * 1024;
/// A proof of a transfer, and the form around it.
const PROOF_BYTES: usize = 11 * 1024 * 1024;
/// A design, and the form around it.
const DESIGN_BYTES: usize = 51 * 1024 * 1024;

const fn row(
    verb: Verb,
    pattern: &'static str,
    access: Access,
    target: Target,
    summary: &'static str,
) -> Route {
    Route {
        verb,
        pattern,
        access,
        limit: LimitClass::Standard,
        target,
        body_limit: JSON_BYTES,
        timeout_seconds: 15,
        summary,
    }
}

impl Route {
    /// How long a read of this row may take until its answer begins, where that is unusual: the
    /// check of the books looks at every entry there is.
    pub(crate) const fn long_read(&self) -> Duration {
        match self.verb {
            Verb::Get if self.timeout_seconds > 30 => Duration::from_secs(self.timeout_seconds),
            Verb::Get | Verb::Post | Verb::Put | Verb::Patch | Verb::Delete => Duration::ZERO,
        }
    }

    const fn counted(self, limit: LimitClass) -> Route {
        Route { limit, ..self }
    }

    const fn with_body(self, body_limit: usize, timeout_seconds: u64) -> Route {
        Route { body_limit, timeout_seconds, ..self }
    }
}

use Access::{AnyStaff, Public, Socket, Staff, WebhookToken};
use Target::{Compose, Forward, Local};
use Verb::{Delete, Get, Patch, Post, Put};

/// Every row, literal paths before the open ones that would take them.
#[rustfmt::skip]
pub(crate) static ROUTES: &[Route] = &[
    // Pages and health.
    row(Get, "/", Public, Local(|call| Box::pin(ready(Ok(pages::home::show(&call))))), "What runs here, and where")
        .counted(LimitClass::Free),
    row(Get, "/docs", Public, Local(|call| Box::pin(ready(pages::docs::show(&call)))), "The API document to read")
        .counted(LimitClass::Free),
    row(Get, "/docs/{file}", Public, Local(|call| Box::pin(ready(pages::docs::show(&call)))), "A file of that reader")
        .counted(LimitClass::Free),
    row(Get, "/api/v1", Public, Local(|call| Box::pin(ready(Ok(pages::api_root::show(&call))))), "5: what the API offers"),
    row(Get, "/api/v1/health", Public, Compose(|call| Box::pin(health::endpoint(call))), "6: is all well")
        .counted(LimitClass::Free),
    row(Get, "/health", Public, Compose(|call| Box::pin(health::endpoint(call))), "6: the same, outside of the API")
        .counted(LimitClass::Free),
    row(Get, "/health/live", Public, Local(|_call| Box::pin(ready(Ok(health::live())))), "whether this process answers")
        .counted(LimitClass::Free),
    // Staff identity.
    row(Post, "/api/v1/auth/login", Public, Local(|call| Box::pin(auth::log_in(call))), "1: log in")
        .counted(LimitClass::Login),
    row(Post, "/api/v1/auth/logout", Public, Local(|call| Box::pin(auth::log_out(call))), "2: log out"),
    row(Post, "/api/v1/auth/refresh", Public, Local(|call| Box::pin(auth::refresh(call))), "3: next access token"),
    row(Get, "/api/v1/auth/profile", AnyStaff, Local(|call| Box::pin(ready(auth::profile(&call)))), "4: who am I"),
    // Products.
    row(Get, "/api/v1/produkpost", Public, Forward(Order), "7: products"),
    row(Post, "/api/v1/produkpost", Staff(OrdersWrite), Forward(Order), "8: new product"),
    row(Get, "/api/v1/produkpost/{id}", Public, Forward(Order), "9: one product"),
    row(Put, "/api/v1/produkpost/{id}", Staff(OrdersWrite), Forward(Order), "10: replace product"),
    row(Patch, "/api/v1/produkpost/{id}", Staff(OrdersWrite), Forward(Order), "11: edit product"),
    row(Delete, "/api/v1/produkpost/{id}", Staff(OrdersWrite), Forward(Order), "12: delete product"),
    // Orders.
    row(Get, "/api/v1/order", Staff(OrdersRead), Forward(Order), "13: orders"),
    row(Post, "/api/v1/order", Public, Compose(|call| Box::pin(compose::create_order::handle(call))), "14: place an order")
        .with_body(ORDER_BYTES, 30),
    row(Get, "/api/v1/order/{id}", Staff(OrdersRead), Forward(Order), "15, 19: one order"),
    row(Put, "/api/v1/order/{id}", Staff(OrdersWrite), Forward(Order), "16, 20: replace order"),
    // The floor may move production; the order service asks for more when more is changed.
    row(Patch, "/api/v1/order/{id}", Staff(ProductionWrite), Forward(Order), "17, 21: edit order"),
    row(Delete, "/api/v1/order/{id}", Staff(OrdersWrite), Forward(Order), "18, 22: delete order"),
    row(Post, "/api/v1/order/{id}/create-payment-link", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::payment_link::handle(call))), "23, 24: payment link"),
    row(Get, "/api/v1/check-order", Public, Compose(|call| Box::pin(compose::check_order::handle(call))), "25: check an order by its code"),
    row(Get, "/api/v1/track-order", Public, Compose(|call| Box::pin(compose::track_order::handle(call))), "26: track an order by its code")
        .counted(LimitClass::Track),
    row(Get, "/api/v1/track/{token}", Public, Compose(|call| Box::pin(compose::track_order::by_token(call))), "track an order by its link")
        .counted(LimitClass::Track),
    row(Post, "/api/v1/admin/create-order", Staff(OrdersWrite), Compose(|call| Box::pin(compose::create_order::handle(call))), "27: place an order for a customer")
        .with_body(ORDER_BYTES, 30),
    row(Get, "/api/v1/admin/orders", Staff(OrdersRead), Forward(Order), "28: orders"),
    row(Put, "/api/v1/admin/orders/{id}", Staff(OrdersWrite), Forward(Order), "29: edit order"),
    row(Delete, "/api/v1/admin/orders/{id}", Staff(OrdersWrite), Forward(Order), "30: delete order"),
    // The floor may move production; the order service asks for more when more is changed.
    row(Post, "/api/v1/admin/orders/bulk-update", Staff(ProductionWrite), Forward(Order), "31: move many orders")
        .with_body(JSON_BYTES, 30),
    row(Get, "/api/v1/admin/orders/deleted", Staff(OrdersWrite), Forward(Order), "orders that were deleted"),
    row(Post, "/api/v1/admin/orders/{id}/restore", Staff(OrdersWrite), Forward(Order), "bring a deleted order back"),
    row(Get, "/api/v1/admin/orders/{id}/notes", Staff(OrdersRead), Forward(Order), "notes about an order"),
    row(Post, "/api/v1/admin/orders/{id}/notes", Staff(ProductionWrite), Forward(Order), "write a note"),
    // Production.
    row(Get, "/api/v1/admin/production/board", Staff(OrdersRead), Forward(Order), "open work by stage"),
    row(Get, "/api/v1/admin/production/stages", Staff(OrdersRead), Forward(Order), "the shop's stages"),
    row(Put, "/api/v1/admin/production/stages", Staff(OrdersWrite), Forward(Order), "set the shop's stages"),
    row(Get, "/api/v1/admin/orders/{id}/production", Staff(OrdersRead), Forward(Order), "how far an order is made"),
    row(Put, "/api/v1/admin/orders/{id}/production/plan", Staff(OrdersWrite), Forward(Order), "plan how an order is made"),
    row(Get, "/api/v1/admin/orders/{id}/production/reports", Staff(OrdersRead), Forward(Order), "what the floor reported"),
    row(Post, "/api/v1/admin/orders/{id}/production/reports", Staff(ProductionWrite), Forward(Order), "report pieces"),
    row(Post, "/api/v1/admin/orders/{id}/production/rework", Staff(ProductionWrite), Forward(Order), "send rejects back"),
    row(Post, "/api/v1/admin/order/{id}/request-final-payment", Staff(OrdersWrite), Compose(|call| Box::pin(compose::final_payment::handle(call))), "32: ask for the final payment"),
    row(Get, "/api/v1/orders/{id}/audit-trail", Staff(OrdersRead), Compose(|call| Box::pin(compose::audit_trail::handle(call))), "33: what happened to an order"),
    // Customers.
    row(Get, "/api/v1/admin/customers", Staff(OrdersRead), Forward(Order), "customers"),
    row(Get, "/api/v1/admin/customers/{id}", Staff(OrdersRead), Forward(Order), "one customer"),
    row(Put, "/api/v1/admin/customers/{id}", Staff(OrdersWrite), Forward(Order), "edit customer"),
    row(Patch, "/api/v1/admin/customers/{id}", Staff(OrdersWrite), Forward(Order), "edit customer"),
    row(Post, "/api/v1/admin/customers/{id}/merge", Staff(OrdersWrite), Forward(Order), "make a customer part of another"),
    // Invoices.
    row(Get, "/api/v1/invoice", Staff(PaymentsRead), Forward(Payment), "34: invoices"),
    row(Post, "/api/v1/invoice", Staff(PaymentsWrite), Forward(Payment), "35: new invoice"),
    row(Get, "/api/v1/invoice/detail/{code}", Public, Compose(|call| Box::pin(compose::invoice_detail::handle(call))), "41: an invoice by its code"),
    row(Get, "/api/v1/invoice/detail/{code}/pdf", Public, Forward(Payment), "an invoice by its code, as PDF"),
    row(Get, "/api/v1/invoice/{id}", Staff(PaymentsRead), Forward(Payment), "36: one invoice"),
    row(Get, "/api/v1/invoice/{id}/pdf", Staff(PaymentsRead), Forward(Payment), "an invoice as PDF"),
    row(Put, "/api/v1/invoice/{id}", Staff(PaymentsWrite), Forward(Payment), "37: replace invoice"),
    row(Patch, "/api/v1/invoice/{id}", Staff(PaymentsWrite), Forward(Payment), "38: edit invoice"),
    row(Delete, "/api/v1/invoice/{id}", Staff(PaymentsWrite), Forward(Payment), "39: delete invoice"),
    row(Post, "/api/v1/invoice/{id}/send-payment-link", Staff(MessagesSend), Compose(|call| Box::pin(compose::send_link::handle(call))), "40: send the link"),
    row(Post, "/api/v1/admin/invoice/{id}/send-notification", Staff(MessagesSend), Compose(|call| Box::pin(compose::send_notification::handle(call))), "42: send a template"),
    row(Post, "/api/v1/admin/invoice/{id}/regenerate-payment-link", Staff(PaymentsWrite), Forward(Payment), "43: a fresh link"),
    // Payments.
    row(Get, "/api/v1/payment", Staff(PaymentsRead), Forward(Payment), "44: payments"),
    row(Post, "/api/v1/payment", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::manual_payment::handle(call))), "45: record a payment"),
    row(Post, "/api/v1/payment/manual", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::manual_payment::handle(call))), "50: record a payment"),
    row(Get, "/api/v1/payment/success", Public, Forward(Payment), "51: back from the provider, paid"),
    row(Get, "/api/v1/payment/failed", Public, Forward(Payment), "52: back from the provider, not paid"),
    row(Post, "/api/v1/payment/refund", Staff(PaymentsWrite), Forward(Payment), "55: ask for a refund"),
    row(Post, "/api/v1/payment/create-plan", Staff(PaymentsWrite), Forward(Payment), "53: a payment plan"),
    row(Get, "/api/v1/payment/plans", Staff(PaymentsRead), Forward(Payment), "payment plans"),
    row(Get, "/api/v1/payment/plans/{id}", Staff(PaymentsRead), Forward(Payment), "one payment plan"),
    row(Post, "/api/v1/payment/plans/{id}/reschedule", Staff(PaymentsWrite), Forward(Payment), "other days for a plan's parts"),
    row(Post, "/api/v1/payment/plans/{id}/waive", Staff(PaymentsWrite), Forward(Payment), "stop asking for a part"),
    row(Post, "/api/v1/payment/plans/{id}/replan", Staff(PaymentsWrite), Forward(Payment), "another plan in its place"),
    row(Post, "/api/v1/payment/plans/{id}/cancel", Staff(PaymentsWrite), Forward(Payment), "give a plan up"),
    row(Post, "/api/v1/payment/verify-manual", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::verify_manual::handle(call))), "54: verify a transfer")
        .with_body(PROOF_BYTES, 60),
    row(Get, "/api/v1/admin/payment/proofs", Staff(PaymentsRead), Forward(Payment), "proofs of transfers"),
    row(Get, "/api/v1/admin/payment/proofs/{id}", Staff(PaymentsRead), Forward(Payment), "one proof"),
    row(Get, "/api/v1/admin/payment/proofs/{id}/file", Staff(PaymentsRead), Compose(|call| Box::pin(compose::proof_file::handle(call))), "a proof's file")
        .with_body(0, 30),
    row(Post, "/api/v1/admin/payment/proofs/{id}/approve", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::manual_payment::handle(call))), "approve a proof"),
    row(Post, "/api/v1/admin/payment/proofs/{id}/reject", Staff(PaymentsWrite), Forward(Payment), "refuse a proof"),
    row(Post, "/api/v1/track/{token}/payment-proof", Public, Compose(|call| Box::pin(compose::payment_proof::handle(call))), "show the proof of a transfer")
        .counted(LimitClass::Upload)
        .with_body(PROOF_BYTES, 60),
    row(Get, "/api/v1/admin/payment/unmatched", Staff(PaymentsRead), Forward(Payment), "money in suspense"),
    row(Post, "/api/v1/admin/payment/unmatched/{id}/match", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::manual_payment::handle(call))), "say which invoice it is for"),
    row(Post, "/api/v1/admin/payment/unmatched/{id}/credit", Staff(PaymentsWrite), Forward(Payment), "make it a customer's credit"),
    row(Get, "/api/v1/admin/payment/credit", Staff(PaymentsRead), Forward(Payment), "a customer's credit"),
    row(Post, "/api/v1/admin/payment/credit/use", Staff(PaymentsWrite), Compose(|call| Box::pin(compose::manual_payment::handle(call))), "spend it on an invoice"),
    row(Post, "/api/v1/admin/invoice/{id}/unique-amount", Staff(PaymentsWrite), Forward(Payment), "an amount only this invoice waits for"),
    row(Get, "/api/v1/admin/integrity", Staff(PaymentsWrite), Forward(Payment), "whether the books hold together")
        .with_body(0, 60),
    row(Post, "/api/v1/webhook/mutation", WebhookToken, Forward(Payment), "the bank's own list, from a mutation service")
        .counted(LimitClass::Free),
    row(Get, "/api/v1/payment/{id}", Staff(PaymentsRead), Forward(Payment), "46: one payment"),
    row(Put, "/api/v1/payment/{id}", Staff(PaymentsWrite), Forward(Payment), "47: replace a payment's note"),
    row(Patch, "/api/v1/payment/{id}", Staff(PaymentsWrite), Forward(Payment), "48: edit a payment's note"),
    row(Delete, "/api/v1/payment/{id}", Staff(PaymentsWrite), Forward(Payment), "49: take a manual payment back"),
    row(Get, "/api/v1/payment/{id}/receipt", Staff(PaymentsRead), Forward(Payment), "a payment's receipt as PDF"),
    row(Get, "/api/v1/admin/payment/settlements", Staff(PaymentsRead), Forward(Payment), "what providers paid out, and still hold"),
    row(Post, "/api/v1/admin/payment/settlements", Staff(PaymentsWrite), Forward(Payment), "record a provider's payout"),
    row(Post, "/api/v1/admin/payment/settlements/{id}/reverse", Staff(PaymentsWrite), Forward(Payment), "a payout was recorded by mistake"),
    row(Get, "/api/v1/admin/payment/refunds", Staff(PaymentsRead), Forward(Payment), "refunds"),
    row(Get, "/api/v1/admin/payment/refunds-due", Staff(PaymentsRead), Forward(Payment), "orders that ended with money of their customer's"),
    row(Get, "/api/v1/admin/payment/refunds/{id}", Staff(PaymentsRead), Forward(Payment), "one refund"),
    row(Post, "/api/v1/admin/payment/refunds/{id}/approve", Staff(PaymentsWrite), Forward(Payment), "a second person agrees to a refund"),
    row(Post, "/api/v1/admin/payment/refunds/{id}/complete", Staff(PaymentsWrite), Forward(Payment), "a refund was paid by hand"),
    row(Post, "/api/v1/admin/payment/refunds/{id}/fail", Staff(PaymentsWrite), Forward(Payment), "a refund by hand did not work"),
    row(Post, "/api/v1/admin/payment/refunds/{id}/cancel", Staff(PaymentsWrite), Forward(Payment), "give a refund up"),
    row(Get, "/api/v1/admin/payment/refunds/{id}/credit-note", Staff(PaymentsRead), Forward(Payment), "a refund's credit note as PDF"),
    row(Post, "/api/v1/webhook/xendit", WebhookToken, Forward(Payment), "56: the provider's callback")
        .counted(LimitClass::Free),
    row(Post, "/api/v1/webhook/midtrans", WebhookToken, Forward(Payment), "the other provider's notification")
        .counted(LimitClass::Free),
    // Messages.
    row(Get, "/api/v1/admin/templates", Staff(MessagesRead), Forward(Notification), "57: templates"),
    row(Get, "/api/v1/admin/templates/{id}", Staff(MessagesRead), Forward(Notification), "59: one template"),
    row(Get, "/api/v1/admin/template-types", Staff(MessagesRead), Forward(Notification), "63: types, channels, variables"),
    row(Get, "/api/v1/admin/notification-templates", Staff(MessagesRead), Forward(Notification), "64: templates, paged"),
    row(Get, "/api/v1/admin/notifications/history", Staff(MessagesRead), Forward(Notification), "67: what was sent"),
    row(Post, "/api/v1/email-blast", Staff(MessagesSend), Forward(Notification), "68: an e-mail to several"),
    // Files.
    row(Post, "/api/v1/media/upload-design", Public, Compose(|call| Box::pin(compose::upload_design::handle(call))), "70: a design for an order")
        .counted(LimitClass::Upload)
        .with_body(DESIGN_BYTES, 120),
    row(Get, "/media/{path*}", Public, Forward(Media), "a stored file")
        .counted(LimitClass::Free)
        .with_body(0, 30),
    // Figures.
    row(Get, "/api/v1/admin/dashboard/stats", Staff(ReportsRead), Forward(Analytics), "72: the dashboard's figures"),
    row(Get, "/api/v1/admin/automation/events", Staff(OperationsManage), Forward(Automation), "what automation heard"),
    // Sockets.
    socket("/ws/admin/orders", Feed::AdminOrders, "orders, for staff"),
    socket("/ws/order/tracking", Feed::Tracking, "orders by code, for anybody"),
    socket("/ws/admin/dashboard", Feed::Dashboard, "figures, for staff"),
    socket("/ws/notifications", Feed::Notifications, "what happens, for staff"),
    socket("/ws/orders", Feed::Orders, "orders, for staff (older path)"),
    socket("/ws/orders/{code}", Feed::OneOrder, "one order by its code, for anybody"),
];

const fn socket(pattern: &'static str, feed: Feed, summary: &'static str) -> Route {
    row(Get, pattern, Socket, Target::Socket(feed), summary).counted(LimitClass::Free)
}

#[cfg(test)]
#[path = "routes_tests.rs"]
mod tests;
