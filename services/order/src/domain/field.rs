//! Complaints about single fields of a request, gathered so that the caller hears all of them.

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The field's name on the wire.
    pub(crate) field: &'static str,
    /// The way from there to a value inside of it, such as `[0].sizes[1].quantity`; empty for the
    /// field itself.
    pub(crate) path: String,
    /// What is wrong, in Indonesian.
    pub(crate) message: String,
}

/// Complaints gathered while a request is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Complaints(Vec<FieldError>);

impl Complaints {
    /// Adds one.
    pub(crate) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.add_at(field, String::new(), message);
    }

    /// Adds one about a value inside of a field.
    pub(crate) fn add_at(&mut self, field: &'static str, path: String, message: impl Into<String>) {
        self.0.push(FieldError { field, path, message: message.into() });
    }

    /// Keeps the value, or the complaint in its place.
    pub(crate) fn keep<T>(&mut self, field: &'static str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.add(field, message)).ok()
    }

    /// Whether nothing was wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order they were found.
    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        self.0
    }
}

/// Text between `min` and `max` characters, trimmed, without control characters: PostgreSQL
/// cannot store NUL, and none of them belongs into a message.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn line(text: &str, min: usize, max: usize) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() && min > 0 {
        return Err("Wajib diisi.".to_owned());
    }
    if length < min {
        return Err(format!("Minimal {min} karakter."));
    }
    if length > max {
        return Err(format!("Maksimal {max} karakter."));
    }
    if text.chars().any(char::is_control) {
        return Err("Tidak boleh memuat karakter kontrol.".to_owned());
    }
    Ok(text.to_owned())
}

/// As [`line`], but of several lines: tabs and line ends may stand in it, and it may be empty.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn paragraph(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(format!("Maksimal {max} karakter."));
    }
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err("Tidak boleh memuat karakter kontrol.".to_owned());
    }
    Ok(text.to_owned())
}

/// A whole number between `min` and `max`.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn whole_number(text: &str, min: i32, max: i32) -> Result<i32, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Wajib diisi.".to_owned());
    }
    // A form's or spreadsheet's "24.0" is still 24 pieces.
    let digits = text.strip_suffix(".0").unwrap_or(text);
    let number = digits.parse::<i64>().map_err(|_not_whole| "Harus bilangan bulat.".to_owned())?;
    i32::try_from(number)
        .ok()
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("Harus antara {min} dan {max}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_measured_in_characters() {
        assert_eq!(line("  Kaos  ", 2, 255).unwrap(), "Kaos");
        assert!(line("é", 2, 255).is_err());
        assert!(line(&"a".repeat(256), 2, 255).is_err());
        assert_eq!(line("  ", 0, 5).unwrap(), "");
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(line("Budi\u{0}", 2, 255).is_err());
        assert!(paragraph("a\u{0}b", 10).is_err());
        assert_eq!(paragraph("a\nb\t", 10).unwrap(), "a\nb");
    }

    #[test]
    fn whole_numbers_are_read_from_forms_too() {
        assert_eq!(whole_number("24", 1, 10_000).unwrap(), 24);
        assert_eq!(whole_number("24.0", 1, 10_000).unwrap(), 24);
        for text in ["", "abc", "1.5", "0", "10001", "-3", "99999999999999999999"] {
            assert!(whole_number(text, 1, 10_000).is_err(), "{text}");
        }
    }
}
