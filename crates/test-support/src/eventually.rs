//! Waiting for a condition with a bound, instead of sleeping and hoping.

use std::panic::Location;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Calls `look` until it answers something, and answers that. For a condition,
/// `.then_some(())` is enough.
///
/// # Panics
/// When `limit` passes first; the message names the caller's line.
#[track_caller]
pub fn eventually<T, F>(limit: Duration, look: F) -> impl Future<Output = T>
where
    F: AsyncFnMut() -> Option<T>,
{
    wait(limit, look, Location::caller())
}

async fn wait<T, F>(limit: Duration, mut look: F, caller: &'static Location<'static>) -> T
where
    F: AsyncFnMut() -> Option<T>,
{
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            Instant::now() < end,
            "{caller}: what was waited for did not come within {limit:?}"
        );
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_answers_what_came() {
        let mut looks = 0;
        let found = eventually(Duration::from_secs(1), async || {
            looks += 1;
            (looks == 3).then_some("here")
        })
        .await;
        assert_eq!(found, "here");
    }

    #[tokio::test]
    #[should_panic(expected = "did not come within")]
    async fn it_gives_up() {
        eventually(Duration::from_millis(1), async || None::<()>).await;
    }
}
