//! Whether a file is what its name says: the ending must be on the list and the first bytes must
//! agree with it. Nothing a client declares about the type is believed.

use thiserror::Error;

use super::dimensions::{self, Dimensions};
use super::file_name;
use super::format::Format;

/// How much of a file's beginning [`check`] looks at. A JPEG's size stands behind its metadata,
/// which is seldom more than some hundred kilobytes.
pub(crate) const HEAD_BYTES: usize = 1024 * 1024;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub(crate) format: Format,
    /// Absent for documents: their pages are not looked into.
    pub(crate) dimensions: Option<Dimensions>,
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum FileRefused {
    /// The name's ending is not on the list.
    #[error("files ending in {extension:?} are not accepted")]
    NotListed {
        /// The ending, cut to a few characters; empty when there is none.
        extension: String,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The content is something else than the name says.
    #[error("the file is named {claimed} but its content is {found}")]
    Fake {
        /// What the name says.
        claimed: &'static str,
        /// What the content looks like.
        found: &'static str,
    },
    /// An Illustrator file of the old, `PostScript` kind.
    #[error("the Illustrator file has no PDF part")]
    OldIllustrator,
    /// It begins like an image, and then makes no sense.
    #[error("the image is damaged or incomplete")]
    Damaged,
}

/// Checks the file called `name` whose content begins with `head` ([`HEAD_BYTES`] of it, or all).
///
/// # Errors
/// [`FileRefused`].
pub(crate) fn check(name: &str, head: &[u8]) -> Result<Sniffed, FileRefused> {
    let extension = file_name::extension(name);
    let Some(claimed) = Format::from_extension(extension) else {
        let extension = extension.chars().take(12).collect();
        return Err(FileRefused::NotListed { extension });
    };
    if head.is_empty() {
        return Err(FileRefused::Empty);
    }
    if !begins_as(claimed, head) {
        if claimed == Format::Illustrator && head.starts_with(b"%!PS") {
            return Err(FileRefused::OldIllustrator);
        }
        return Err(FileRefused::Fake { claimed: claimed.as_wire(), found: describe(head) });
    }
    let dimensions = match claimed {
        Format::Png => Some(dimensions::of_png(head).ok_or(FileRefused::Damaged)?),
        Format::Jpeg => Some(dimensions::of_jpeg(head).ok_or(FileRefused::Damaged)?),
        Format::Pdf | Format::Illustrator => None,
    };
    Ok(Sniffed { format: claimed, dimensions })
}

/// A PDF's mark must stand at the very beginning: readers look for it in the first kilobyte, which
/// leaves room for a page of HTML in front.
fn begins_as(format: Format, head: &[u8]) -> bool {
    match format {
        Format::Jpeg => head.starts_with(&[0xFF, 0xD8, 0xFF]),
        Format::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        Format::Pdf | Format::Illustrator => head.starts_with(b"%PDF-"),
    }
}

/// What the content looks like, for the error's text only.
fn describe(head: &[u8]) -> &'static str {
    infer::get(head).map_or("unknown", |kind| kind.mime_type())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x07\x80\0\0\x04\x38\x08\x02\0\0\0";

    #[test]
    fn a_file_that_is_what_it_says_is_taken() {
        let sniffed = check("Logo.PNG", PNG).unwrap();
        assert_eq!(sniffed.format, Format::Png);
        assert_eq!(sniffed.dimensions, Some(Dimensions { width_px: 1920, height_px: 1080 }));
        assert_eq!(check("a.pdf", b"%PDF-1.7\n").unwrap().dimensions, None);
        assert_eq!(check("a.ai", b"%PDF-1.5\n").unwrap().format, Format::Illustrator);
    }

    #[test]
    fn endings_off_the_list_are_refused_whatever_is_inside() {
        for name in ["a.svg", "a.html", "a.zip", "a.ps", "a.exe", "a.png.svg", "png", ".png.", ""] {
            assert!(matches!(check(name, PNG), Err(FileRefused::NotListed { .. })), "{name}");
        }
    }

    #[test]
    fn content_that_disagrees_with_the_name_is_refused() {
        let contents: [(&[u8], &str); 6] = [
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "svg"),
            (b"<!DOCTYPE html><html></html>", "html"),
            (b"PK\x03\x04rest", "zip"),
            (b"%!PS-Adobe-3.0", "PostScript"),
            (b"MZ\x90\0", "a program"),
            (b" \n<html>%PDF-1.4", "HTML before a PDF mark"),
        ];
        for (content, what) in contents {
            for name in ["a.png", "a.jpg", "a.pdf"] {
                let refused = check(name, content).unwrap_err();
                assert!(matches!(refused, FileRefused::Fake { .. }), "{what} as {name}");
            }
        }
        assert!(matches!(check("a.jpg", PNG), Err(FileRefused::Fake { .. })));
    }

    #[test]
    fn an_old_illustrator_file_is_told_apart() {
        assert_eq!(check("a.ai", b"%!PS-Adobe-3.0 EPSF"), Err(FileRefused::OldIllustrator));
    }

    #[test]
    fn empty_and_cut_off_images_are_refused() {
        assert_eq!(check("a.png", b""), Err(FileRefused::Empty));
        assert_eq!(check("a.png", PNG.get(..20).unwrap()), Err(FileRefused::Damaged));
        assert_eq!(check("a.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Err(FileRefused::Damaged));
    }
}
