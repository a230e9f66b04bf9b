//! Renders one paper.

use serde::Serialize;
use thiserror::Error;
use typst::foundations::{Dict, IntoValue as _, Str};
use typst_as_lib::TypstEngine;
use typst_as_lib::typst_kit_options::TypstKitFontOptions;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// What every template begins with.
const LAYOUT: &str = include_str!("../templates/layout.typ");

/// A paper that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// What is asked for.
    Invoice,
    /// What was received.
    Receipt,
    /// What was paid back.
    CreditNote,
}

/// Why a paper was not printed. All of these are our own mistakes: templates are ours, and tests
/// print every one.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The data cannot be written as JSON.
    #[error("the paper's data cannot be written")]
    Data(#[source] serde_json::Error),
    /// The template does not fit its data.
    #[error("the template cannot be set: {0}")]
    Template(String),
    /// The pages cannot be written as PDF.
    #[error("the paper cannot be written as PDF: {0}")]
    Pdf(String),
}

impl Paper {
    const fn body(self) -> &'static str {
        match self {
            Paper::Invoice => include_str!("../templates/invoice.typ"),
            Paper::Receipt => include_str!("../templates/receipt.typ"),
            Paper::CreditNote => include_str!("../templates/credit_note.typ"),
        }
    }

    /// The paper as PDF; the same bytes for the same `data`. Takes tens of milliseconds of
    /// computing in a release build, so callers keep it off the threads that serve requests.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn print<T: Serialize>(self, data: &T) -> Result<Vec<u8>, DocumentError> {
        let json = serde_json::to_string(data).map_err(DocumentError::Data)?;
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), json.into_value());
        let engine = TypstEngine::builder()
            .main_file(format!("{LAYOUT}\n{}", self.body()))
            .search_fonts_with(
                TypstKitFontOptions::default()
                    .include_system_fonts(false)
                    .include_embedded_fonts(true),
            )
            .build();
        let set: PagedDocument = engine
            .compile_with_input(inputs)
            .output
            .map_err(|error| DocumentError::Template(error.to_string()))?;
        typst_pdf::pdf(&set, &PdfOptions::default())
            .map_err(|errors| DocumentError::Pdf(format!("{errors:?}")))
    }
}

#[cfg(test)]
#[path = "paper_tests.rs"]
mod tests;
