//! The template language: `{{name}}` and `{{#if name}}…{{else}}…{{/if}}`, nothing more
//! (`contract.md` section 6.5, `reliability.md` E46).
//!
//! There are no helpers, partials, loops or lookups, so a template can only ever arrange the values
//! it is given. Source, depth and output are bounded.

mod parse;
mod render;
mod value;

pub(crate) use parse::TemplateError;
pub(crate) use render::RenderError;
pub(crate) use value::{Value, Values};

/// A template that was read and found well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    nodes: Vec<Node>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Text(String),
    Variable(String),
    Condition { name: String, then: Vec<Node>, otherwise: Vec<Node> },
}
