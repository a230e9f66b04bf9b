//! Reads single values of requests, with the contract's rules and Indonesian complaints.

use std::pin::Pin;

use konveksi_eventing::acting_as;
use konveksi_identity::{Identity, Kind};
use konveksi_kernel::Money;
use konveksi_web::FieldErrors;
use rust_decimal::Decimal;

use crate::domain::{Channel, InvoiceKind};

/// An optional word of a fixed list.
fn word<T>(
    errors: &mut FieldErrors,
    field: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    choices: &str,
) -> Option<T> {
    let found = read(text?);
    if found.is_none() {
        errors.push(field, format!("Pilihan tidak dikenal. Gunakan {choices}."));
    }
    found
}

/// An invoice's `payment_type`.
pub(super) fn kind(errors: &mut FieldErrors, text: Option<&str>) -> Option<InvoiceKind> {
    word(errors, "payment_type", text, InvoiceKind::from_wire, "dp, pelunasan, atau full")
}

/// A `notification_channel`.
pub(super) fn channel(errors: &mut FieldErrors, text: Option<&str>) -> Option<Channel> {
    word(errors, "notification_channel", text, Channel::from_wire, "whatsapp, email, atau both")
}

/// A `dp_percent`: 50 to 100 with at most two decimals (contract section 5).
pub(super) fn deposit_percent(
    errors: &mut FieldErrors,
    percent: Option<Decimal>,
) -> Option<Decimal> {
    let percent = percent?;
    let fits = (Decimal::from(50)..=Decimal::ONE_HUNDRED).contains(&percent);
    if fits && percent == percent.trunc_with_scale(2) {
        Some(percent)
    } else {
        errors.push("dp_percent", "Persentase DP harus antara 50 dan 100.");
        None
    }
}

/// An amount of money that came in: more than nothing, whole rupiah.
pub(super) fn amount(errors: &mut FieldErrors, amount: Money) -> Option<Money> {
    if amount.is_zero() {
        errors.push("amount", "Jumlah harus lebih dari 0.");
        return None;
    }
    if amount.whole_rupiah().is_err() {
        errors.push("amount", "Jumlah harus dalam rupiah bulat.");
        return None;
    }
    Some(amount)
}

/// A text of at most `most` characters.
pub(super) fn text(errors: &mut FieldErrors, field: &str, text: &str, most: usize) -> String {
    let text = text.trim();
    if text.chars().count() > most {
        errors.push(field, format!("Paling banyak {most} karakter."));
    }
    if text.chars().any(|one| one.is_control() && one != '\n') {
        errors.push(field, "Berisi karakter yang tidak diizinkan.");
    }
    text.to_owned()
}

/// Runs a use case on behalf of `identity`, so that events name who acted. Boxed, because use
/// cases are large futures.
pub(super) fn on_behalf_of<'a, F: Future + 'a>(
    identity: &Identity,
    work: F,
) -> Pin<Box<dyn Future<Output = F::Output> + 'a>> {
    let actor = match identity.kind {
        Kind::Staff => format!("staff:{}", identity.sub),
        Kind::ApiKey => format!("apikey:{}", identity.sub),
        Kind::System => "system".to_owned(),
        Kind::Anonymous => "customer".to_owned(),
    };
    Box::pin(acting_as(actor, work))
}
