//! Reads lines that may not be longer than a bound, and the dotted body of `DATA`.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// The longest line, command or body, with its end (RFC 5321 asks for 512 and 1000; AUTH needs
/// more).
const LONGEST_LINE: usize = 12_288;

/// A line that came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Its bytes, with its end.
    Whole(Vec<u8>),
    /// It was longer than the bound and was thrown away.
    TooLong,
}

/// The next line, or `None` when the client has gone.
///
/// # Errors
/// [`io::Error`] when the connection breaks.
pub(crate) async fn next(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let available = reader.fill_buf().await?;
        if available.is_empty() {
            return Ok(None);
        }
        let (taken, ended) = match available.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (available.len(), false),
        };
        too_long |= line.len() + taken > LONGEST_LINE;
        if !too_long {
            line.extend(available.iter().take(taken));
        }
        reader.consume(taken);
        if ended {
            return Ok(Some(if too_long { Line::TooLong } else { Line::Whole(line) }));
        }
    }
}

/// The body of `DATA`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// The mail, with its stuffed dots removed.
    Whole(Vec<u8>),
    /// Larger than allowed, or with a line that is too long.
    TooLarge,
}

/// Reads a body up to its lone dot, or `None` when the client has gone before it. Only
/// `CRLF . CRLF` ends it: taking a bare line feed would let a mail smuggle in a second one.
///
/// # Errors
/// [`io::Error`] when the connection breaks.
pub(crate) async fn body(
    reader: &mut (impl AsyncBufRead + Unpin),
    largest: usize,
) -> io::Result<Option<Body>> {
    let mut whole = Vec::new();
    let mut too_large = false;
    let mut after_crlf = true;
    loop {
        match next(reader).await? {
            None => return Ok(None),
            Some(Line::TooLong) => {
                too_large = true;
                after_crlf = false;
            }
            Some(Line::Whole(line)) => {
                if after_crlf && line == b".\r\n" {
                    break;
                }
                let text = match line.strip_prefix(b".") {
                    Some(rest) if after_crlf => rest,
                    Some(_) | None => &line,
                };
                too_large |= whole.len() + text.len() > largest;
                if !too_large {
                    whole.extend_from_slice(text);
                }
                after_crlf = line.ends_with(b"\r\n");
            }
        }
    }
    Ok(Some(if too_large { Body::TooLarge } else { Body::Whole(whole) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(sent: &[u8], largest: usize) -> Option<Body> {
        body(&mut &*sent, largest).await.unwrap()
    }

    #[tokio::test]
    async fn stuffed_dots_are_removed_and_a_lone_dot_ends() {
        let sent = b"a\r\n..b\r\n.\r\nQUIT\r\n";
        assert_eq!(read(sent, 100).await, Some(Body::Whole(b"a\r\n.b\r\n".to_vec())));
    }

    #[tokio::test]
    async fn a_dot_between_bare_line_feeds_does_not_end_a_mail() {
        let sent = b"a\n.\r\nMAIL FROM:<x@y>\r\n.\r\n";
        let Some(Body::Whole(body)) = read(sent, 100).await else { panic!("no body") };
        assert!(body.ends_with(b"MAIL FROM:<x@y>\r\n"));
    }

    #[tokio::test]
    async fn a_large_mail_is_read_to_its_end_and_not_kept() {
        assert_eq!(read(b"0123456789\r\n.\r\n", 5).await, Some(Body::TooLarge));
        assert_eq!(read(b"0123456789\r\n", 5).await, None);
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_kept_in_memory() {
        let mut sent = vec![b'x'; LONGEST_LINE + 1];
        sent.extend_from_slice(b"\r\nNOOP\r\n");
        let mut reader = &*sent;
        assert_eq!(next(&mut reader).await.unwrap(), Some(Line::TooLong));
        assert_eq!(next(&mut reader).await.unwrap(), Some(Line::Whole(b"NOOP\r\n".to_vec())));
    }
}
