//! Proofs of transfers: private files that only the gateway brings and fetches.

use chrono::Duration;
use konveksi_contracts::v1::{MediaRejected, MediaStored};
use konveksi_identity::HEADER;
use reqwest::multipart::Form;
use serde_json::Value;

use crate::support::samples::{PNG, infected_pdf};
use crate::support::{World, file};

const PROOFS: &str = "/internal/v1/proofs";

async fn bring(world: &World, identity: String, name: &str, content: &[u8]) -> (u16, Value) {
    let request = world
        .client
        .post(format!("{}{PROOFS}", world.base))
        .header(HEADER, identity)
        .multipart(Form::new().part("design", file(name, content)));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

async fn fetch(world: &World, proof: &Value) -> reqwest::Response {
    let path = format!("{}{PROOFS}/{}", world.base, proof["id"].as_str().unwrap());
    let request = world.client.get(path).header(HEADER, world.identity.system("media"));
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_private_and_outlives_the_sweep_for_drafts() {
    let world = World::start().await;
    let (status, proof) = bring(&world, world.identity.system("media"), "bukti.png", PNG).await;
    assert_eq!((status, proof["status"].as_str()), (201, Some("stored")), "{proof}");
    assert_eq!(proof["sha256"].as_str().map(str::len), Some(64));
    let told = world.told::<MediaStored>(1).await;
    assert_eq!((told[0].order_id.as_str(), told[0].url.as_str()), ("", ""));

    world.clock.advance(Duration::days(30));
    let (_, draft) = world.draft("logo.png", PNG).await;
    assert_eq!(draft["status"], "stored", "the sweep has had its turn");
    let answer = fetch(&world, &proof).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    assert_eq!(answer.bytes().await.unwrap(), PNG);
    assert_eq!(
        world.get(&format!("{PROOFS}/{}", proof["id"].as_str().unwrap())).await.status(),
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_gateway_brings_a_proof() {
    let world = World::start().await;
    let (status, _) = bring(&world, world.identity.anonymous("media"), "bukti.png", PNG).await;
    assert_eq!(status, 403);
    assert_eq!(world.rows().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_proof_is_refused() {
    let world = World::start().await;
    let system = || world.identity.system("media");
    for (name, content, wanted) in [
        ("bukti.svg", PNG, 415),
        ("bukti.ai", b"%PDF-1.4 Illustrator AIPrivateData".as_slice(), 415),
        ("bukti.pdf", PNG, 400),
        ("bukti.png", b"".as_slice(), 400),
    ] {
        assert_eq!(bring(&world, system(), name, content).await.0, wanted, "{name}");
    }
    let (status, body) = bring(&world, system(), "bukti.pdf", &infected_pdf()).await;
    assert_eq!(status, 400, "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_no_scanner_judged_is_not_handed_out_until_one_did() {
    let world = World::start().await;
    world.clamd.cut();
    let (status, proof) = bring(&world, world.identity.system("media"), "bukti.png", PNG).await;
    assert_eq!((status, proof["status"].as_str()), (201, Some("quarantined")), "{proof}");
    assert_eq!(fetch(&world, &proof).await.status(), 404);
    let (_, bad) =
        bring(&world, world.identity.system("media"), "bukti.pdf", &infected_pdf()).await;
    world.clamd.mend();
    assert_eq!(world.told::<MediaStored>(1).await[0].file_id, proof["id"].as_str().unwrap());
    assert_eq!(world.told::<MediaRejected>(1).await[0].file_id, bad["id"].as_str().unwrap());
    assert_eq!(fetch(&world, &proof).await.status(), 200);
    assert_eq!(fetch(&world, &bad).await.status(), 404);
}
