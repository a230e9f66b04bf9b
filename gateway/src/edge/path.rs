//! Paths as the edge understands them: one spelling each, tricks refused before anything is
//! matched (`reliability.md` E28).

use uuid::Uuid;

/// Why a path is not even looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crooked;

/// The path as routes are matched and services are called: checked, the public client's alias
/// spelled out. A trailing slash stays as it was; both forms mean the same.
///
/// # Errors
/// [`Crooked`] for paths that a later reader could understand differently than we do.
pub(crate) fn canonical(raw: &str) -> Result<String, Crooked> {
    if !raw.starts_with('/') || raw.contains("//") || raw.contains([';', '\\']) {
        return Err(Crooked);
    }
    let decoded = percent_decoded(raw).ok_or(Crooked)?;
    if decoded.chars().any(char::is_control) || decoded.split('/').any(is_dots) {
        return Err(Crooked);
    }
    Ok(with_alias_spelled_out(raw))
}

/// The segments between the slashes, without the empty ones at either end.
pub(crate) fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

fn is_dots(segment: &str) -> bool {
    segment == "." || segment == ".."
}

/// Decodes once; `None` for broken escapes, bytes that are no UTF-8, and characters that must
/// never hide in an escape.
fn percent_decoded(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (hex_digit(rest.next()?)?, hex_digit(rest.next()?)?);
        let hidden = high * 16 + low;
        if matches!(hidden, b'/' | b'\\' | b'.' | b';' | b'%') || hidden < 0x20 {
            return None;
        }
        bytes.push(hidden);
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The public client calls `/api/v1/{uuid}/…` where the document says `/api/v1/order/{uuid}/…`
/// (`contract.md` rows 19-23).
fn with_alias_spelled_out(path: &str) -> String {
    let Some(tail) = path.strip_prefix("/api/v1/") else { return path.to_owned() };
    let first = tail.split('/').next().unwrap_or_default();
    // Only the form with hyphens: 32 plain digits could one day be something else.
    if first.len() == 36 && Uuid::try_parse(first).is_ok() {
        return format!("/api/v1/order/{tail}");
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_are_refused() {
        for path in [
            "relative",
            "//api/v1/order/",
            "/api//v1/order/",
            "/api/v1/public/../admin/orders/",
            "/api/v1/./order/",
            "/api/v1/%2e%2e/admin/",
            "/api/v1/order%2Fadmin/",
            "/api/v1/order/%00",
            "/api/v1/order/%0d%0aX:1",
            "/api/v1/order;admin/",
            "/api/v1\\admin/",
            "/api/v1/%5cadmin/",
            "/api/v1/%ff/",
            "/api/v1/%4",
            "/api/v1/%zz/",
            "/api/v1/%252e/",
        ] {
            assert_eq!(canonical(path), Err(Crooked), "{path}");
        }
    }

    #[test]
    fn plain_paths_stay_as_they_are() {
        for path in ["/", "/api/v1/order/", "/api/v1/order", "/media/designs/a%20b.png"] {
            assert_eq!(canonical(path).as_deref(), Ok(path));
        }
    }

    #[test]
    fn the_clients_short_form_means_the_order() {
        let id = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071";
        assert_eq!(canonical(&format!("/api/v1/{id}/")).unwrap(), format!("/api/v1/order/{id}/"));
        assert_eq!(
            canonical(&format!("/api/v1/{id}/create-payment-link/")).unwrap(),
            format!("/api/v1/order/{id}/create-payment-link/")
        );
        assert_eq!(canonical("/api/v1/not-an-id/").unwrap(), "/api/v1/not-an-id/");
    }
}
