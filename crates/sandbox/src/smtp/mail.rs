//! Turns a mail as it came over the wire into messages people can read.

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders as _};

use crate::messages::{Message, MessageChannel};

/// One message per recipient of the envelope; what the headers say of recipients does not count.
pub(crate) fn decode(
    raw: &[u8],
    sender: &str,
    recipients: &[String],
    received_at: DateTime<Utc>,
) -> Vec<Message> {
    let parsed = MessageParser::default().parse(raw);
    let parsed = parsed.as_ref();
    // The parser makes text out of HTML and HTML out of text; only a real HTML part is one.
    let html = parsed
        .filter(|mail| mail.html_part(0).is_some_and(mail_parser::MessagePart::is_text_html))
        .and_then(|mail| mail.body_html(0))
        .map(std::borrow::Cow::into_owned);
    let text = parsed
        .and_then(|mail| mail.body_text(0))
        .map_or_else(|| String::from_utf8_lossy(raw).into_owned(), std::borrow::Cow::into_owned);
    let attachments: Vec<String> = parsed
        .into_iter()
        .flat_map(mail_parser::Message::attachments)
        .map(|part| part.attachment_name().unwrap_or("(tanpa nama)").to_owned())
        .collect();
    recipients
        .iter()
        .map(|recipient| Message {
            id: 0,
            channel: MessageChannel::Email,
            recipient: recipient.to_lowercase(),
            sender: Some(sender.to_owned()),
            subject: parsed.and_then(|mail| mail.subject()).map(str::to_owned),
            text: text.trim_end().to_owned(),
            html: html.clone(),
            attachments: attachments.clone(),
            received_at,
            scheduled_at: None,
            provider_id: String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str) -> Message {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        decode(raw.as_bytes(), "toko@contoh.id", &["Budi@contoh.id".to_owned()], now).remove(0)
    }

    #[test]
    fn encoded_words_and_quoted_text_are_decoded() {
        let mail = decoded(
            "Subject: =?utf-8?q?Pesanan_diterima_=E2=9C=93?=\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\nTotal Rp7.500.000=\r\n,00\r\n",
        );
        assert_eq!(mail.subject.as_deref(), Some("Pesanan diterima ✓"));
        assert_eq!(mail.text, "Total Rp7.500.000,00");
        assert_eq!(mail.recipient, "budi@contoh.id");
        assert_eq!(mail.html, None);
    }

    #[test]
    fn both_halves_of_an_alternative_are_kept() {
        let mail = decoded(
            "Subject: x\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nHalo\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>Halo</p>\r\n--b--\r\n",
        );
        assert_eq!(mail.text, "Halo");
        assert_eq!(mail.html.unwrap().trim(), "<p>Halo</p>");
    }

    #[test]
    fn what_is_no_mail_is_shown_as_it_came() {
        assert_eq!(decoded("").text, "");
    }
}
