//! Understands one command line.

/// What a client asks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `EHLO`.
    Ehlo,
    /// `HELO`.
    Helo,
    /// `AUTH PLAIN`, with what may stand behind it.
    AuthPlain(Option<String>),
    /// `AUTH LOGIN`, with what may stand behind it.
    AuthLogin(Option<String>),
    /// `MAIL FROM`: the address, which may be empty, and the announced size in bytes.
    Mail(String, Option<u64>),
    /// `RCPT TO`: the address.
    Rcpt(String),
    /// `DATA`.
    Data,
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `QUIT`.
    Quit,
    /// A known command with arguments that cannot be understood.
    Malformed,
    /// Anything else.
    Unknown,
}

/// Reads a line, with or without its end.
pub(crate) fn parse(line: &[u8]) -> Command {
    let Ok(line) = std::str::from_utf8(line) else { return Command::Unknown };
    let line = line.trim_end_matches(['\r', '\n']);
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" => Command::Ehlo,
        "HELO" => Command::Helo,
        "AUTH" => auth(rest),
        "MAIL" => address(rest, "FROM:").map_or(Command::Malformed, |(address, parameters)| {
            Command::Mail(address, size(&parameters))
        }),
        "RCPT" => match address(rest, "TO:") {
            Some((address, _)) if address.contains('@') => Command::Rcpt(address),
            Some(_) | None => Command::Malformed,
        },
        "DATA" => Command::Data,
        "RSET" => Command::Rset,
        "NOOP" => Command::Noop,
        "QUIT" => Command::Quit,
        _ => Command::Unknown,
    }
}

fn auth(rest: &str) -> Command {
    let (mechanism, initial) = match rest.split_once(' ') {
        Some((mechanism, initial)) => (mechanism, Some(initial.trim().to_owned())),
        None => (rest, None),
    };
    match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => Command::AuthPlain(initial),
        "LOGIN" => Command::AuthLogin(initial),
        _ => Command::Malformed,
    }
}

/// The address between angle brackets after `keyword`, and what follows it.
fn address(rest: &str, keyword: &str) -> Option<(String, String)> {
    let (found, behind) = rest.split_at_checked(keyword.len())?;
    if !found.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = behind.trim_start().strip_prefix('<')?.split_once('>')?;
    let clean = !address.contains(|c: char| c.is_whitespace() || c.is_control() || c == '<');
    clean.then(|| (address.to_owned(), parameters.trim().to_owned()))
}

fn size(parameters: &str) -> Option<u64> {
    parameters.split(' ').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("SIZE").then(|| value.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_from_their_brackets() {
        assert_eq!(
            parse(b"MAIL FROM:<toko@contoh.id> BODY=8BITMIME SIZE=120\r\n"),
            Command::Mail("toko@contoh.id".to_owned(), Some(120))
        );
        assert_eq!(parse(b"mail from:<>\r\n"), Command::Mail(String::new(), None));
        assert_eq!(parse(b"RCPT TO:<budi@contoh.id>"), Command::Rcpt("budi@contoh.id".to_owned()));
    }

    #[test]
    fn what_is_no_address_is_malformed() {
        for line in ["RCPT TO:budi@contoh.id", "RCPT TO:<budi>", "RCPT", "MAIL TO:<a@b>"] {
            assert_eq!(parse(line.as_bytes()), Command::Malformed, "{line}");
        }
    }

    #[test]
    fn verbs_are_known_in_any_case() {
        assert_eq!(parse(b"quit\r\n"), Command::Quit);
        assert_eq!(parse(b"auth plain AGEAYg==\r\n"), {
            Command::AuthPlain(Some("AGEAYg==".to_owned()))
        });
        assert_eq!(parse(b"STARTTLS\r\n"), Command::Unknown);
        assert_eq!(parse(&[0xff, 0xfe]), Command::Unknown);
    }
}
