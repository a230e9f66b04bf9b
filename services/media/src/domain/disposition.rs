//! The `Content-Disposition` of a served file (RFC 6266, RFC 8187).

use super::format::Format;

/// Shown in place for images, offered for saving for documents, under the client's own name.
pub(crate) fn content_disposition(format: Format, name: &str) -> String {
    let kind = if format.is_image() { "inline" } else { "attachment" };
    format!("{kind}; filename=\"{}\"; filename*=UTF-8''{}", plain(name), encoded(name))
}

/// The name for clients that only know ASCII; nothing in it can end the quotes.
fn plain(name: &str) -> String {
    let keep = |letter: char| letter == ' ' || letter.is_ascii_graphic();
    name.chars()
        .map(|letter| match letter {
            '"' | '\\' | '%' => '_',
            letter if keep(letter) => letter,
            _ => '_',
        })
        .collect()
}

fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_shown_and_documents_saved() {
        assert_eq!(
            content_disposition(Format::Png, "logo.png"),
            "inline; filename=\"logo.png\"; filename*=UTF-8''logo.png"
        );
        assert!(content_disposition(Format::Pdf, "a.pdf").starts_with("attachment; "));
        assert!(content_disposition(Format::Illustrator, "a.ai").starts_with("attachment; "));
    }

    #[test]
    fn a_name_cannot_break_out_of_the_header() {
        let header = content_disposition(Format::Png, "a\"; x=\"\r\nSet-Cookie: a=b\\é.png");
        assert_eq!(
            header,
            "inline; filename=\"a_; x=___Set-Cookie: a=b__.png\"; \
             filename*=UTF-8''a%22%3B%20x%3D%22%0D%0ASet-Cookie%3A%20a%3Db%5C%C3%A9.png"
        );
    }
}
