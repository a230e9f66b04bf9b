//! `GET /checkout/{id}`: the amount, the code, the time left, and one button per way to pay.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use konveksi_kernel::jakarta;

use crate::channel::CHANNELS;
use crate::html::{escape, page, rupiah};
use crate::invoice::{Invoice, InvoiceStatus};
use crate::world::World;

/// Shows one invoice to its customer.
pub(crate) async fn show(world: Data<World>, id: Path<String>) -> HttpResponse {
    match world.invoice(&id) {
        Some(invoice) => {
            let title = format!("Bayar {}", invoice.external_id);
            page(StatusCode::OK, &title, &body(&invoice))
        }
        None => page(
            StatusCode::NOT_FOUND,
            "Tagihan tidak ditemukan",
            "<main class=\"narrow\"><h1>Tagihan tidak ditemukan</h1>\
             <p class=\"soft\">Periksa kembali tautan pembayaran Anda.</p></main>",
        ),
    }
}

fn body(invoice: &Invoice) -> String {
    let state = match invoice.status {
        InvoiceStatus::Pending => "<span class=\"badge wait\">Menunggu pembayaran</span>",
        InvoiceStatus::Paid | InvoiceStatus::Settled => "<span class=\"badge good\">Lunas</span>",
        InvoiceStatus::Expired => "<span class=\"badge bad\">Kedaluwarsa</span>",
    };
    let foot = match invoice.status {
        InvoiceStatus::Pending => buttons(invoice),
        InvoiceStatus::Paid | InvoiceStatus::Settled => receipt(invoice),
        InvoiceStatus::Expired => "<p class=\"soft\">Tagihan ini tidak dapat dibayar lagi. \
             Mintalah tautan pembayaran yang baru.</p>"
            .to_owned(),
    };
    format!(
        "<div class=\"banner\">Sandbox: tidak ada uang sungguhan yang berpindah.</div>\
         <main class=\"narrow\"><div class=\"card\">\
         <div class=\"soft\">{merchant}</div><div class=\"amount\">{amount}</div>{state}\
         <dl><dt>Kode tagihan</dt><dd>{code}</dd>{description}\
         <dt>Bayar sebelum</dt><dd>{expiry} WIB</dd></dl></div>{foot}</main>",
        merchant = escape(&invoice.merchant_name),
        amount = rupiah(invoice.amount),
        code = escape(&invoice.external_id),
        description = invoice
            .description
            .as_deref()
            .map(|text| format!("<dt>Keterangan</dt><dd>{}</dd>", escape(text)))
            .unwrap_or_default(),
        expiry = jakarta::display(invoice.expiry_date),
    )
}

fn buttons(invoice: &Invoice) -> String {
    let mut html = format!(
        "<h2>Pilih cara membayar</h2><form method=\"post\" action=\"/checkout/{}/pay\">",
        escape(&invoice.id)
    );
    for channel in CHANNELS.iter().filter(|channel| channel.takes(invoice.amount)) {
        // Writing to a String cannot fail.
        let _infallible = write!(
            html,
            "<button name=\"method\" value=\"{}\"><span>{}</span><b>Bayar</b></button>",
            channel.code, channel.label
        );
    }
    html.push_str("</form>");
    if let Some(url) = &invoice.failure_redirect_url {
        let _infallible =
            write!(html, "<p class=\"soft\"><a href=\"{}\">Batal</a></p>", escape(url));
    }
    html
}

fn receipt(invoice: &Invoice) -> String {
    let paid_at = invoice.paid_at.map(jakarta::display).unwrap_or_default();
    let back = invoice
        .success_redirect_url
        .as_deref()
        .map(|url| format!("<p><a href=\"{}\">Kembali ke toko</a></p>", escape(url)))
        .unwrap_or_default();
    format!(
        "<div class=\"card\"><h2>Pembayaran diterima</h2><dl><dt>Jumlah</dt><dd>{amount}</dd>\
         <dt>Melalui</dt><dd>{channel}</dd><dt>Pada</dt><dd>{paid_at} WIB</dd></dl>{back}</div>",
        amount = rupiah(invoice.paid_amount.unwrap_or(invoice.amount)),
        channel = escape(invoice.payment_channel.as_deref().unwrap_or("-")),
    )
}
