//! `/` and `/messages`: what the customers got on their phones and in their mailboxes, newest
//! first, and the latest invoices with their checkout pages. Refreshes itself.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use konveksi_kernel::jakarta;

use crate::html::{escape, page, rupiah};
use crate::invoice::{Invoice, InvoiceStatus};
use crate::messages::{Message, MessageChannel};
use crate::world::World;

/// How many messages and invoices one page shows.
const SHOWN_MESSAGES: usize = 200;
const SHOWN_INVOICES: usize = 8;

/// Takes the page's own `main` again every three seconds, so that scrolling and selecting go on.
const REFRESH: &str = "<script>setInterval(async()=>{if(document.hidden||String(getSelection()))\
     return;try{const t=await(await fetch(location.href)).text();const d=new DOMParser()\
     .parseFromString(t,'text/html');document.querySelector('main').innerHTML=\
     d.querySelector('main').innerHTML}catch(e){}},3000)</script>\
     <noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>";

/// The page.
pub(crate) async fn show(world: Data<World>) -> HttpResponse {
    world.expire_due();
    let messages = world.messages.list(None);
    let invoices = world.invoices.list(None, SHOWN_INVOICES);
    let now = world.now();
    let mut body = String::from(
        "<div class=\"banner\">Sandbox: pesan di sini tidak dikirim ke siapa pun.</div><main>",
    );
    if !invoices.is_empty() {
        body.push_str("<h2>Tagihan terbaru</h2><table>");
        for invoice in &invoices {
            push_invoice(&mut body, invoice);
        }
        body.push_str("</table>");
    }
    // Writing to a String cannot fail.
    let _infallible = write!(body, "<h2>Pesan ({})</h2>", messages.len());
    if messages.is_empty() {
        body.push_str("<p class=\"soft\">Belum ada pesan WhatsApp atau e-mail.</p>");
    }
    for message in messages.iter().rev().take(SHOWN_MESSAGES) {
        push_message(&mut body, message, now);
    }
    body.push_str("</main>");
    body.push_str(REFRESH);
    page(StatusCode::OK, "Sandbox: pesan dan tagihan", &body)
}

fn push_invoice(body: &mut String, invoice: &Invoice) {
    let (class, state) = match invoice.status {
        InvoiceStatus::Pending => ("wait", "menunggu"),
        InvoiceStatus::Paid | InvoiceStatus::Settled => ("good", "lunas"),
        InvoiceStatus::Expired => ("bad", "kedaluwarsa"),
    };
    let _infallible = write!(
        body,
        "<tr><td><a href=\"/checkout/{id}\">{code}</a></td><td class=\"number\">{amount}</td>\
         <td><span class=\"badge {class}\">{state}</span></td><td class=\"number soft\">{at}</td></tr>",
        id = escape(&invoice.id),
        code = escape(&invoice.external_id),
        amount = rupiah(invoice.amount),
        at = jakarta::display(invoice.created),
    );
}

fn push_message(body: &mut String, message: &Message, now: DateTime<Utc>) {
    let channel = match message.channel {
        MessageChannel::Whatsapp => "<span class=\"badge good\">WhatsApp</span>",
        MessageChannel::Email => "<span class=\"badge\">E-mail</span>",
    };
    let waiting = match message.scheduled_at {
        Some(at) if message.status(now) == "waiting" => {
            format!("<span class=\"badge wait\">dijadwalkan {}</span>", jakarta::display(at))
        }
        Some(_) | None => String::new(),
    };
    let subject =
        message.subject.as_deref().map(|subject| format!("<div><b>{}</b></div>", escape(subject)));
    let files = message
        .attachments
        .iter()
        .map(|name| format!("<div class=\"soft\">Lampiran: {}</div>", escape(name)));
    let _infallible = write!(
        body,
        "<article class=\"card message\"><header>{channel}<b>{to}</b>{waiting}\
         <time>{at} WIB</time></header>{subject}<pre>{text}</pre>{files}</article>",
        to = escape(&message.recipient),
        at = jakarta::display(message.received_at),
        subject = subject.unwrap_or_default(),
        text = escape(&message.text),
        files = files.collect::<String>(),
    );
}
