//! The page with all messages, and the levers over HTTP.

use serde_json::{Value, json};

use crate::support::{an_invoice, client, sandbox};

#[tokio::test]
async fn one_page_shows_messages_and_invoices() {
    let sandbox = sandbox().await;
    let empty = client().get(sandbox.base_url()).send().await.unwrap().text().await.unwrap();
    assert!(empty.contains("Belum ada pesan"));
    let id = an_invoice(&sandbox, "INV-1").await;
    client()
        .post(format!("{}/send", sandbox.base_url()))
        .header("Authorization", sandbox.fonnte_token())
        .form(&[("target", "081234567890"), ("message", "Halo <b>Budi</b>")])
        .send()
        .await
        .unwrap();
    let url = format!("{}/messages", sandbox.base_url());
    let page = client().get(url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("6281234567890") && page.contains("Halo &lt;b&gt;Budi&lt;/b&gt;"));
    assert!(page.contains(&format!("/checkout/{id}")));
    assert!(!page.contains("https://") && !page.contains("src="), "assets from elsewhere");
}

#[tokio::test]
async fn messages_are_listed_by_recipient_and_forgotten() {
    let sandbox = sandbox().await;
    for target in ["081111111111", "082222222222"] {
        client()
            .post(format!("{}/send", sandbox.base_url()))
            .header("Authorization", sandbox.fonnte_token())
            .form(&[("target", target), ("message", "x")])
            .send()
            .await
            .unwrap();
    }
    let url = format!("{}/_messages", sandbox.base_url());
    let all: Value = client().get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let one = client().get(format!("{url}?recipient=%2B62811-1111-1111")).send().await.unwrap();
    let one: Value = one.json().await.unwrap();
    assert_eq!(one[0]["recipient"], "6281111111111");
    assert_eq!(one.as_array().unwrap().len(), 1);
    client().delete(&url).send().await.unwrap();
    assert!(sandbox.messages().is_empty());
}

#[tokio::test]
async fn invoices_are_looked_into_and_moved_without_a_key() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let url = format!("{}/_invoices", sandbox.base_url());
    let listed = client().get(format!("{url}?external_id=INV-1")).send().await.unwrap();
    assert_eq!(listed.json::<Value>().await.unwrap()[0]["id"], json!(id));
    let settled = client().post(format!("{url}/{id}/settle")).send().await.unwrap();
    assert_eq!(settled.status(), 400);
    let expired = client().post(format!("{url}/{id}/expire")).send().await.unwrap();
    assert_eq!(expired.json::<Value>().await.unwrap()["status"], "EXPIRED");
}

#[tokio::test]
async fn it_says_that_it_lives() {
    let sandbox = sandbox().await;
    let url = format!("{}/internal/health/ready", sandbox.base_url());
    assert!(client().get(url).send().await.unwrap().status().is_success());
}
