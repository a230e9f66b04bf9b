//! The kinds of files that are taken.

/// A kind of file on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Pdf,
    /// Adobe Illustrator as it has been since version 9: a PDF with private data.
    Illustrator,
}

impl Format {
    /// Every kind.
    pub(crate) const ALL: [Format; 4] =
        [Format::Jpeg, Format::Png, Format::Pdf, Format::Illustrator];

    /// As the wire and the table have it.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Format::Jpeg => "JPG",
            Format::Png => "PNG",
            Format::Pdf => "PDF",
            Format::Illustrator => "AI",
        }
    }

    /// Reads what [`Format::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.as_wire() == text)
    }

    /// The kind that a file's ending claims, upper or lower case.
    pub(crate) fn from_extension(extension: &str) -> Option<Format> {
        match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            "pdf" => Some(Format::Pdf),
            "ai" => Some(Format::Illustrator),
            _ => None,
        }
    }

    /// The ending under which it is served.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Pdf => "pdf",
            Format::Illustrator => "ai",
        }
    }

    /// The type under which it is served: what the bytes are, whatever the ending says.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Pdf | Format::Illustrator => "application/pdf",
        }
    }

    /// Whether a browser may show it in place; documents are only ever downloaded.
    pub(crate) const fn is_image(self) -> bool {
        match self {
            Format::Jpeg | Format::Png => true,
            Format::Pdf | Format::Illustrator => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_reads_back() {
        for format in Format::ALL {
            assert_eq!(Format::from_wire(format.as_wire()), Some(format));
            assert_eq!(Format::from_extension(format.extension()), Some(format));
        }
        assert_eq!(Format::from_extension("JPEG"), Some(Format::Jpeg));
        assert_eq!(Format::from_extension("svg"), None);
    }
}
