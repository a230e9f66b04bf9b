//! clamd over TCP: files are streamed to it (INSTREAM), so it needs no sight of our disk.
//!
//! Fails closed: whatever goes wrong on the way is `Unknown`, never `Clean`. clamd answers OK for
//! an archive beyond its own limits; archives are not on our list of types, but a PDF may embed
//! one, which is why its limits stand above ours (`deploy` sets them).

use std::io;
use std::time::Duration;

use bytes::Bytes;
use clamav_client::tokio::Tcp;
use futures_util::Stream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::verdict::Verdict;

/// Scans at once; more wait for their turn.
const CONCURRENT: usize = 4;
/// How much clamd gets at a time, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;
/// How long clamd has to say that it lives.
const PING_WITHIN: Duration = Duration::from_secs(2);

/// A clamd somewhere.
pub(crate) struct Clamd {
    address: String,
    /// How long one scan may take, the wait for its turn included.
    within: Duration,
    turns: Semaphore,
}

impl Clamd {
    /// The clamd at `address` (`host:port`). It need not be there yet.
    pub(crate) fn new(address: String, within: Duration) -> Clamd {
        Clamd { address, within, turns: Semaphore::new(CONCURRENT) }
    }

    /// Whether clamd answers.
    pub(crate) async fn is_up(&self) -> bool {
        let ping = clamav_client::tokio::ping(Tcp { host_address: self.address.as_str() });
        matches!(
            timeout(PING_WITHIN, ping).await,
            Ok(Ok(answer)) if answer.starts_with(b"PONG")
        )
    }

    /// Has `content` scanned.
    pub(crate) async fn scan<S>(&self, content: S) -> Verdict
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let scan = async {
            let _turn = self.turns.acquire().await.map_err(io::Error::other)?;
            let clamd = Tcp { host_address: self.address.as_str() };
            clamav_client::tokio::scan_stream(content, clamd, Some(CHUNK_BYTES)).await
        };
        match timeout(self.within, scan).await {
            Ok(Ok(answer)) => read(&answer),
            Ok(Err(error)) => Verdict::Unknown { why: error.to_string() },
            Err(_elapsed) => Verdict::Unknown { why: "no answer in time".to_owned() },
        }
    }
}

/// `stream: OK`, `stream: <name> FOUND`, or a complaint such as
/// `INSTREAM size limit exceeded. ERROR`.
fn read(answer: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
    if text == "stream: OK" {
        return Verdict::Clean;
    }
    match text.strip_prefix("stream: ").and_then(|text| text.strip_suffix(" FOUND")) {
        Some(signature) => Verdict::Infected { signature: signature.to_owned() },
        None => Verdict::Unknown { why: text.chars().take(200).collect() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_answer_means_clean() {
        assert_eq!(read(b"stream: OK\0"), Verdict::Clean);
        let infected = Verdict::Infected { signature: "Eicar-Test-Signature".to_owned() };
        assert_eq!(read(b"stream: Eicar-Test-Signature FOUND\0"), infected);
        for unclear in [
            &b""[..],
            b"OK\0",
            b"stream: OK FOUND ERROR\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"\xFF\xFE",
        ] {
            assert!(matches!(read(unclear), Verdict::Unknown { .. }), "{unclear:?}");
        }
    }
}
