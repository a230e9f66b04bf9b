//! Reads a template and says clearly what is wrong with it.

use thiserror::Error;

use super::{Node, Template};

/// The longest template, in bytes.
pub(crate) const MAX_SOURCE_BYTES: usize = 64 * 1024;
/// How deep conditions may stand in each other.
pub(crate) const MAX_DEPTH: usize = 5;
const MAX_NAME_BYTES: usize = 64;

/// What is wrong with a template; `at` is the place in characters, from 1. Shown to staff, who
/// write templates, so these sentences are Indonesian.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum TemplateError {
    /// Longer than [`MAX_SOURCE_BYTES`].
    #[error("templat terlalu panjang (paling banyak 64 KiB)")]
    TooLong,
    /// `{{` without `}}`.
    #[error("kurung {{{{ pada karakter ke-{at} tidak ditutup")]
    Unclosed {
        /// Where it opens.
        at: usize,
    },
    /// Something in braces that is neither a name nor one of the three words of a condition.
    #[error(
        "tag pada karakter ke-{at} tidak dikenal; gunakan {{{{nama}}}}, {{{{#if nama}}}}, {{{{else}}}} atau {{{{/if}}}}"
    )]
    UnknownTag {
        /// Where it opens.
        at: usize,
    },
    /// `{{else}}` or `{{/if}}` that no `{{#if}}` opened, or a second `{{else}}`.
    #[error("{tag} pada karakter ke-{at} tidak berada di dalam {{{{#if}}}}")]
    Misplaced {
        /// The tag.
        tag: &'static str,
        /// Where it opens.
        at: usize,
    },
    /// `{{#if}}` without `{{/if}}`.
    #[error("{{{{#if {name}}}}} tidak ditutup dengan {{{{/if}}}}")]
    Unfinished {
        /// The condition's name.
        name: String,
    },
    /// Conditions in conditions beyond [`MAX_DEPTH`].
    #[error("{{{{#if}}}} bertingkat terlalu dalam (paling banyak 5)")]
    TooDeep,
}

/// A condition that is still open.
struct Open {
    name: String,
    then: Vec<Node>,
    otherwise: Option<Vec<Node>>,
}

/// What stands in one pair of braces.
enum Tag<'a> {
    Name(&'a str),
    If(&'a str),
    Else,
    End,
}

impl Template {
    /// Reads `source`.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub(crate) fn parse(source: &str) -> Result<Template, TemplateError> {
        if source.len() > MAX_SOURCE_BYTES {
            return Err(TemplateError::TooLong);
        }
        let mut parser = Parser { root: Vec::new(), open: Vec::new() };
        let mut rest = source;
        let mut at = 1;
        while let Some((before, after)) = rest.split_once("{{") {
            parser.push(Node::Text(before.to_owned()));
            at += before.chars().count();
            let (inside, behind) = after.split_once("}}").ok_or(TemplateError::Unclosed { at })?;
            parser.take(inside, at)?;
            at += inside.chars().count() + 4;
            rest = behind;
        }
        parser.push(Node::Text(rest.to_owned()));
        match parser.open.pop() {
            Some(open) => Err(TemplateError::Unfinished { name: open.name }),
            None => Ok(Template { nodes: parser.root }),
        }
    }
}

struct Parser {
    root: Vec<Node>,
    open: Vec<Open>,
}

impl Parser {
    fn push(&mut self, node: Node) {
        if matches!(&node, Node::Text(text) if text.is_empty()) {
            return;
        }
        match self.open.last_mut() {
            None => self.root.push(node),
            Some(Open { otherwise: Some(nodes), .. }) => nodes.push(node),
            Some(Open { then, .. }) => then.push(node),
        }
    }

    fn take(&mut self, inside: &str, at: usize) -> Result<(), TemplateError> {
        match read_tag(inside).ok_or(TemplateError::UnknownTag { at })? {
            Tag::Name(name) => self.push(Node::Variable(name.to_owned())),
            Tag::If(_) if self.open.len() >= MAX_DEPTH => return Err(TemplateError::TooDeep),
            Tag::If(name) => {
                self.open.push(Open { name: name.to_owned(), then: Vec::new(), otherwise: None });
            }
            Tag::Else => match self.open.last_mut() {
                Some(Open { otherwise: otherwise @ None, .. }) => *otherwise = Some(Vec::new()),
                Some(_) | None => return Err(TemplateError::Misplaced { tag: "{{else}}", at }),
            },
            Tag::End => {
                let Open { name, then, otherwise } =
                    self.open.pop().ok_or(TemplateError::Misplaced { tag: "{{/if}}", at })?;
                let otherwise = otherwise.unwrap_or_default();
                self.push(Node::Condition { name, then, otherwise });
            }
        }
        Ok(())
    }
}

fn read_tag(inside: &str) -> Option<Tag<'_>> {
    let inside = inside.trim();
    match inside {
        "else" => Some(Tag::Else),
        "/if" => Some(Tag::End),
        _ => match inside.strip_prefix("#if") {
            Some(condition) => {
                let name = condition.trim();
                // A blank must part them: `{{#iffy}}` is no condition.
                (condition.starts_with(char::is_whitespace) && is_name(name))
                    .then_some(Tag::If(name))
            }
            None => is_name(inside).then_some(Tag::Name(inside)),
        },
    }
}

/// Names are plain words: no dots to look inside things, no leading underscore (`__proto__`).
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
