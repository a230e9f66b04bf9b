//! The WhatsApp gateway's API.

use konveksi_sandbox::{MessageChannel, Sandbox};
use serde_json::{Value, json};

use crate::support::{client, sandbox};

fn send(sandbox: &Sandbox) -> reqwest::RequestBuilder {
    client()
        .post(format!("{}/send", sandbox.base_url()))
        .header("Authorization", sandbox.fonnte_token())
}

#[tokio::test]
async fn a_message_is_taken_from_a_form_and_from_json() {
    let sandbox = sandbox().await;
    let form = [("target", "081234567890"), ("message", "Halo Budi"), ("countryCode", "62")];
    let answer: Value = send(&sandbox).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["status"], true);
    assert_eq!(answer["detail"], "success! message in queue");
    assert_eq!(answer["process"], "pending");
    assert_eq!(answer["target"], json!(["6281234567890"]));
    assert!(answer["requestid"].is_u64());

    let body = json!({ "target": "+62 812-3456-7890", "message": "Halo lagi" });
    let answer: Value = send(&sandbox).json(&body).send().await.unwrap().json().await.unwrap();
    let messages = sandbox.messages_to("0812 3456 7890");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1].text, "Halo lagi");
    assert_eq!(messages[1].channel, MessageChannel::Whatsapp);
    assert_eq!(answer["id"], json!([messages[1].provider_id]));
}

#[tokio::test]
async fn a_message_sent_twice_is_there_twice() {
    let sandbox = sandbox().await;
    for _ in 0..2 {
        send(&sandbox)
            .form(&[("target", "081234567890"), ("message", "sama"), ("inboxid", "7")])
            .send()
            .await
            .unwrap();
    }
    assert_eq!(sandbox.messages_to("081234567890").len(), 2);
}

#[tokio::test]
async fn refusals_are_answers_with_status_false() {
    let sandbox = sandbox().await;
    let reason = async |request: reqwest::RequestBuilder| {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["status"], false);
        answer["reason"].as_str().unwrap().to_owned()
    };
    let good = [("target", "081234567890"), ("message", "x")];
    let bare = client().post(format!("{}/send", sandbox.base_url())).form(&good);
    assert_eq!(reason(bare).await, "token invalid");
    let wrong = [("target", "bukan nomor"), ("message", "x")];
    assert_eq!(reason(send(&sandbox).form(&wrong)).await, "target invalid");
    assert_eq!(reason(send(&sandbox).form(&good[..1])).await, "input invalid");
    assert!(sandbox.messages().is_empty());
}

#[tokio::test]
async fn a_scheduled_message_waits_for_its_time() {
    let sandbox = sandbox().await;
    let form = [("target", "081234567890"), ("message", "nanti"), ("schedule", "4102444800")];
    send(&sandbox).form(&form).send().await.unwrap();
    let url = format!("{}/_messages?recipient=081234567890", sandbox.base_url());
    let shown: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown[0]["status"], "waiting");
    assert_eq!(shown[0]["scheduled_at"], "2100-01-01T00:00:00Z");
}
