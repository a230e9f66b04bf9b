//! How long something has run, as people read it.

use std::time::Duration;

/// `72h 15m 30s`.
pub(super) fn display(uptime: Duration) -> String {
    let seconds = uptime.as_secs();
    format!("{}h {}m {}s", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_go_beyond_a_day() {
        assert_eq!(display(Duration::from_secs(72 * 3_600 + 15 * 60 + 30)), "72h 15m 30s");
        assert_eq!(display(Duration::ZERO), "0h 0m 0s");
    }
}
