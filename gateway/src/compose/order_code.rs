//! Codes as they come from the public: only plain ones ever become part of a path.

/// Whether `code` is short and made of letters, digits and hyphens. Whether it is a good code, and
/// whether there is such a thing, the service says.
pub(crate) fn is_plain(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn nothing_that_could_steer_a_path_is_plain() {
        for code in ["ORD-20250630-A1B", "INV-123456-ABC", "x"] {
            assert!(is_plain(code), "{code}");
        }
        for code in ["", "..", "a/b", "a%2fb", "a?b", "a b", "é", &"A".repeat(41)] {
            assert!(!is_plain(code), "{code}");
        }
    }
}
