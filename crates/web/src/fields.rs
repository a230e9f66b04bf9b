//! Collects what is wrong with each field, so that a form is told everything at once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Problem;

/// Messages by field name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// Nothing wrong yet.
    pub fn new() -> FieldErrors {
        FieldErrors::default()
    }

    /// The same, with one more message (Indonesian) for `field`.
    #[must_use]
    pub fn add(mut self, field: &str, message: impl Into<String>) -> FieldErrors {
        self.push(field, message);
        self
    }

    /// Notes one more message (Indonesian) for `field`.
    pub fn push(&mut self, field: &str, message: impl Into<String>) {
        self.0.entry(field.to_owned()).or_default().push(message.into());
    }

    /// Unwraps a field's result, noting its message and answering `None` when it is wrong.
    pub fn check<T, E: ToString>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.push(field, error.to_string())).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wrong fields' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// The 400 answer that names every wrong field.
    pub fn into_result(self) -> Result<(), Problem> {
        if self.is_empty() { Ok(()) } else { Err(Problem::validation(self)) }
    }
}
