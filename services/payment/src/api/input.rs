//! Reads single values of requests, with the contract's rules and Indonesian complaints.

use std::pin::Pin;
use std::str::FromStr;

use chrono::NaiveDate;
use konveksi_eventing::acting_as;
use konveksi_identity::{Identity, Kind, Role};
use konveksi_kernel::{Money, jakarta};
use konveksi_web::FieldErrors;
use rust_decimal::Decimal;

use crate::app::queries::Span;
use crate::domain::{Actor, Channel, InvoiceKind};

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
    rupiah(errors, "amount", amount)
}

/// A Jakarta day, `YYYY-MM-DD`.
pub(super) fn day(errors: &mut FieldErrors, field: &str, text: Option<&str>) -> Option<NaiveDate> {
    let text = text.filter(|text| !text.is_empty())?;
    errors.check(field, text.parse().map_err(|_malformed| "Gunakan format YYYY-MM-DD."))
}

/// From the first day's beginning to before the last day's end, both in Jakarta and inclusive.
pub(super) fn days(errors: &mut FieldErrors, from: Option<&str>, to: Option<&str>) -> Span {
    let from = day(errors, "date_from", from);
    let to = day(errors, "date_to", to);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        errors.push("date_to", "Tidak boleh sebelum date_from.");
    }
    Span {
        from: from.map(jakarta::day_start),
        before: to.and_then(|day| day.succ_opt()).map(jakarta::day_start),
    }
}

/// An optional id.
pub(super) fn id<T: FromStr>(
    errors: &mut FieldErrors,
    field: &str,
    text: Option<&str>,
) -> Option<T> {
    let text = text.filter(|text| !text.is_empty())?;
    errors.check(field, text.parse().map_err(|_malformed| "Harus berupa UUID."))
}

/// An optional status, by its literal.
pub(super) fn status<T>(
    errors: &mut FieldErrors,
    text: Option<&str>,
    known: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.filter(|text| !text.is_empty())?;
    errors.check("status", known(text).ok_or("Status tidak dikenal."))
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

/// A text that must not be empty, of at most `most` characters.
pub(super) fn needed(errors: &mut FieldErrors, field: &str, value: &str, most: usize) -> String {
    let value = text(errors, field, value, most);
    if value.is_empty() {
        errors.push(field, "Wajib diisi.");
    }
    value
}

/// An amount under a name of its own: more than nothing, whole rupiah.
pub(super) fn rupiah(errors: &mut FieldErrors, field: &str, value: Money) -> Option<Money> {
    if value.is_zero() {
        errors.push(field, "Jumlah harus lebih dari 0.");
        None
    } else if value.whole_rupiah().is_err() {
        errors.push(field, "Jumlah harus dalam rupiah bulat.");
        None
    } else {
        Some(value)
    }
}

/// Who acts, as use cases note it.
pub(super) fn actor(identity: &Identity) -> Actor {
    Actor {
        name: name_of(identity),
        is_owner: identity.kind == Kind::Staff && identity.role == Some(Role::Owner),
    }
}

fn name_of(identity: &Identity) -> String {
    match identity.kind {
        Kind::Staff => format!("staff:{}", identity.sub),
        Kind::ApiKey => format!("apikey:{}", identity.sub),
        Kind::System => "system".to_owned(),
        Kind::Anonymous => "customer".to_owned(),
    }
}

/// Runs a use case on behalf of `identity`, so that events name who acted. Boxed, because use
/// cases are large futures.
pub(super) fn on_behalf_of<'a, F: Future + 'a>(
    identity: &Identity,
    work: F,
) -> Pin<Box<dyn Future<Output = F::Output> + 'a>> {
    Box::pin(acting_as(name_of(identity), work))
}
