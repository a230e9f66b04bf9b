//! Writes a template with values.

use thiserror::Error;

use super::{Node, Template, Values};
use crate::domain::channel::Channel;

/// The longest message, in bytes.
pub(crate) const MAX_OUTPUT_BYTES: usize = 64 * 1024;

/// Why a template could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum RenderError {
    /// The message would be longer than [`MAX_OUTPUT_BYTES`].
    #[error("isi pesan terlalu panjang (paling banyak 64 KiB)")]
    TooLong,
}

impl Template {
    /// The message for `channel`. Variables without a value stay as written, so that a mistake is
    /// seen by whoever reads the message, and not as a gap; in a condition they count as no.
    ///
    /// # Errors
    /// [`RenderError`].
    pub(crate) fn render(&self, values: &Values, channel: Channel) -> Result<String, RenderError> {
        let mut text = String::new();
        write(&mut text, &self.nodes, values, channel)?;
        Ok(text)
    }

    /// The same on one line, for subjects.
    ///
    /// # Errors
    /// [`RenderError`].
    pub(crate) fn render_line(
        &self,
        values: &Values,
        channel: Channel,
    ) -> Result<String, RenderError> {
        let text = self.render(values, channel)?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn write(
    text: &mut String,
    nodes: &[Node],
    values: &Values,
    channel: Channel,
) -> Result<(), RenderError> {
    for node in nodes {
        match node {
            Node::Text(plain) => push(text, plain)?,
            Node::Variable(name) => match values.get(name) {
                Some(value) => push(text, &value.shown(channel))?,
                None => push(text, &format!("{{{{{name}}}}}"))?,
            },
            Node::Condition { name, then, otherwise } => {
                let holds = values.get(name).is_some_and(super::Value::is_truthy);
                write(text, if holds { then } else { otherwise }, values, channel)?;
            }
        }
    }
    Ok(())
}

fn push(text: &mut String, more: &str) -> Result<(), RenderError> {
    if text.len() + more.len() > MAX_OUTPUT_BYTES {
        return Err(RenderError::TooLong);
    }
    text.push_str(more);
    Ok(())
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
