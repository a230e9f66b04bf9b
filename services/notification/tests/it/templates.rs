//! The templates a new workshop has, as staff read them.

use serde_json::json;

use crate::support::World;

/// The body of the spec's example, word for word.
const SPEC: &str = "✅ *Pembayaran Diterima*\n\nHalo {{customer_name}},\n\nPembayaran {{payment_type}} untuk order {{order_code}} telah diterima:\n\n💰 Jumlah: Rp {{amount}}\n📅 Tanggal: {{payment_date}}\n\n{{#if is_full_payment}}Terima kasih! Order Anda akan segera diproduksi.{{else}}Menunggu pelunasan sebesar Rp {{remaining_amount}}.{{/if}}\n\nTerima kasih!";

#[tokio::test(flavor = "multi_thread")]
async fn eight_types_stand_ready_for_both_channels() {
    let world = World::new().await;
    let all = world.get("/api/v1/admin/templates/").await.body;
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 18);
    assert!(all.iter().all(|one| one["is_active"] == true));
    // The two about refunds are found by their ids: a type of their own is not in the contract.
    assert!(all.iter().all(|one| one["is_default"] == (one["type"] != "custom")));

    let receipts =
        world.get("/api/v1/admin/templates/?type=payment_received&channel=whatsapp").await.body;
    assert_eq!(receipts[0]["name"], "Payment Received WhatsApp");
    assert_eq!(receipts[0]["body"], SPEC);
    assert_eq!(
        receipts[0]["variables"],
        json!([
            "customer_name",
            "order_code",
            "payment_type",
            "amount",
            "payment_date",
            "is_full_payment",
            "remaining_amount"
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_template_uses_only_variables_it_declares() {
    let world = World::new().await;
    let types = world.get("/api/v1/admin/template-types/").await.body;
    let available: Vec<&str> = types["available_variables"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one.as_str())
        .collect();
    for template in world.get("/api/v1/admin/templates/").await.body.as_array().unwrap() {
        let declared: Vec<&str> = template["variables"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one.as_str())
            .collect();
        let text = format!("{} {}", template["subject"], template["body"]);
        for tag in text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            let name = tag.trim_start_matches("#if ");
            if name != "else" && name != "/if" {
                assert!(declared.contains(&name), "{name} in {}", template["name"]);
                assert!(available.contains(&name), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_listed_in_pages_found_and_described() {
    let world = World::new().await;
    let page = world.get("/api/v1/admin/notification-templates/?page_size=5").await.body;
    assert_eq!(page["count"], 18);
    assert_eq!(page["results"].as_array().unwrap().len(), 5);
    let id = page["results"][0]["id"].as_str().unwrap();
    let one = world.get(&format!("/api/v1/admin/templates/{id}/")).await;
    assert_eq!(one.body, page["results"][0]);
    for unknown in ["00000000-0000-7000-8000-000000000000", "x"] {
        assert_eq!(world.get(&format!("/api/v1/admin/templates/{unknown}/")).await.status, 404);
    }
    let types = world.get("/api/v1/admin/template-types/").await.body;
    assert_eq!(types["template_types"].as_array().unwrap().len(), 12);
    assert_eq!(types["template_types"][0], json!(["order_created", "Order Baru Dibuat"]));
    assert_eq!(types["notification_channels"][2], json!(["both", "WhatsApp & Email"]));
    for query in ["type=lunas", "channel=sms", "is_active=mungkin"] {
        assert_eq!(world.get(&format!("/api/v1/admin/templates/?{query}")).await.status, 400);
    }
}
