//! Providers that fail, refuse, hang, and a service that dies while it sends.

use konveksi_contracts::v1;
use konveksi_sandbox::{Api, RequestState};
use konveksi_test_support::eventually;

use crate::support::{LIMIT, Story, World, payment_received};

const STATE: &str =
    "SELECT status || ' ' || attempts || ' ' || maybe_duplicate AS text FROM messages";

/// Lets business time run until the messages stand as `wanted`.
async fn until(world: &World, wanted: &str) {
    eventually(LIMIT, async || {
        world.clock.advance(chrono::Duration::seconds(2));
        (world.one(STATE).await == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_provider_is_tried_again() {
    let world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.fail_next.count = 3);
    world.tell(&Story::new().beginning()).await;
    until(&world, "sent 4 false").await;
    assert_eq!(world.sandbox.messages().len(), 1);
    let tries = world
        .texts("SELECT coalesce(error_kind, 'ok') AS text FROM attempts ORDER BY number")
        .await;
    assert_eq!(tries, ["unreachable", "unreachable", "unreachable", "ok"]);
    assert_eq!(world.told::<v1::NotificationSent>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_mail_server_is_tried_again() {
    let world = World::new().await;
    world.sandbox.set_switches(|switches| switches.smtp.fail_next.count = 1);
    world.tell(&Story::by(v1::Channel::Email).beginning()).await;
    until(&world, "sent 2 false").await;
    assert_eq!(world.sandbox.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_final_and_told() {
    let world = World::new().await;
    world.sandbox.set_switches(|switches| {
        switches.smtp.fail_next.count = 1;
        switches.smtp.fail_next.status = Some(550);
    });
    world.tell(&Story::by(v1::Channel::Email).beginning()).await;
    until(&world, "failed 1 false").await;
    let failed: Vec<v1::NotificationFailed> = world.told().await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].failure(), v1::FailureKind::Refused);
    assert!(world.sandbox.messages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_stays_away_is_given_up() {
    let world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.fail_next.count = 1_000);
    world.tell(&Story::new().beginning()).await;
    eventually(LIMIT, async || {
        world.clock.advance(chrono::Duration::minutes(6));
        let failed: Vec<v1::NotificationFailed> = world.told().await;
        failed.first().map(|fact| assert_eq!(fact.failure(), v1::FailureKind::Unreachable))
    })
    .await;
    assert_eq!(world.one(STATE).await, "failed 14 false");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_sending_and_noting_it_sends_once_more_and_says_so() {
    let mut world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.delay_ms = 60_000);
    world.tell(&Story::new().beginning()).await;
    // The message has arrived, its answer has not.
    world.received("081234567890", 1).await;
    world.kill();
    assert_eq!(world.one(STATE).await, "sending 1 false");

    world.sandbox.reset_switches();
    world.start();
    until(&world, "sent 2 true").await;
    assert_eq!(world.sandbox.messages().len(), 2);
    assert_eq!(world.told::<v1::NotificationSent>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_is_lost_twice_is_left_unknown() {
    let mut world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.delay_ms = 60_000);
    world.tell(&Story::new().beginning()).await;
    for count in 1..=2 {
        eventually(LIMIT, async || {
            world.clock.advance(chrono::Duration::seconds(2));
            (world.sandbox.messages().len() == count).then_some(())
        })
        .await;
        world.kill();
        world.clock.advance(chrono::Duration::seconds(61));
        world.start();
    }
    until(&world, "unknown 2 true").await;
    assert_eq!(world.sandbox.messages().len(), 2);
    let failed: Vec<v1::NotificationFailed> = world.told().await;
    assert_eq!(failed.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_what_is_on_its_way_arrive() {
    let mut world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.delay_ms = 800);
    world.tell(&Story::new().beginning()).await;
    world.received("081234567890", 1).await;
    world.stop().await;
    assert_eq!(world.one(STATE).await, "sent 1 false");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_paid_in_the_meantime_is_not_asked_again() {
    let world = World::new().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.fail_next.count = 1);
    let story = Story::new();
    world.tell(&story.beginning()).await;
    eventually(LIMIT, async || (world.one(STATE).await == "queued 1 false").then_some(())).await;
    world.tell(&[payment_received(&Story { notify: false, ..story })]).await;
    until(&world, "failed 2 false").await;
    assert_eq!(world.one("SELECT error_kind AS text FROM messages").await, "outdated");
    assert!(world.sandbox.messages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_is_given_what_its_api_names() {
    let world = World::new().await;
    world.tell(&Story::new().beginning()).await;
    world.received("081234567890", 1).await;
    world.settled().await;
    let requests = world.sandbox.requests();
    let send = requests.iter().find(|one| one.api == Api::FonnteSend).unwrap();
    assert_eq!(send.state, RequestState::Finished);
    assert_eq!(send.body["target"], "6281234567890");
    assert_eq!(send.body["countryCode"], "62");
    let provider_id = world.one("SELECT provider_id AS text FROM messages").await;
    assert_eq!(provider_id, world.sandbox.messages()[0].provider_id);
}
