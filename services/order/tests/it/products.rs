//! The catalogue.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Who, World};

fn shirt() -> Value {
    json!({ "nama": "Kaos Polos", "kategori": "Kaos", "deskripsi": "", "harga": "150000.00", "stok": 7 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_added_shown_changed_and_removed() {
    let world = World::start().await;
    let added = world.post(ADMIN, "/api/v1/produkpost/", &shirt()).await;
    assert_eq!(added.status, 201);
    insta::assert_json_snapshot!(added.body, { ".id" => "[id]", ".created_at" => "[time]" });
    let path = format!("/api/v1/produkpost/{}/", added.body["id"].as_str().unwrap());
    assert_eq!(world.get(Who::Anonymous, &path).await.body, added.body);

    let patched = world.patch(ADMIN, &path, &json!({ "harga": 175_000 })).await;
    assert_eq!((patched.status, &patched.body["harga"]), (200, &json!(175_000)));
    assert_eq!(patched.body["stok"], 7);
    let put = json!({ "nama": "Kaos Lengan Panjang", "kategori": "Kaos", "harga": 200_000 });
    let replaced = world.call(ADMIN, Method::PUT, &path, Some(&put)).await;
    assert_eq!((replaced.status, &replaced.body["stok"]), (200, &json!(0)));
    assert_eq!(replaced.body["created_at"], added.body["created_at"]);

    let removed = world.call(ADMIN, Method::DELETE, &path, None).await;
    assert_eq!((removed.status, removed.body.is_null()), (204, true));
    assert_eq!(world.get(Who::Anonymous, &path).await.status, 404);
    assert_eq!(world.call(ADMIN, Method::DELETE, &path, None).await.status, 404);
    assert_eq!(world.patch(ADMIN, &path, &json!({ "stok": 1 })).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_products_are_refused_field_by_field() {
    let world = World::start().await;
    for (field, value) in [
        ("nama", json!("ab")),
        ("nama", json!("x".repeat(101))),
        ("kategori", json!(5)),
        ("harga", json!(0)),
        ("harga", json!("gratis")),
        ("harga", json!(150_000.5)),
        ("stok", json!(-1)),
        ("stok", json!(1.5)),
        ("deskripsi", json!("x".repeat(5_001))),
    ] {
        let mut product = shirt();
        product[field] = value.clone();
        let answer = world.post(ADMIN, "/api/v1/produkpost/", &product).await;
        assert_eq!(answer.status, 400, "{field} {value}");
        assert!(answer.body["details"][field].is_array(), "{field} {value}: {}", answer.body);
    }
    let empty = world.post(ADMIN, "/api/v1/produkpost/", &json!({})).await;
    assert_eq!(empty.body["details"].as_object().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_paged_newest_first() {
    let world = World::start().await;
    for index in 0..3 {
        world.clock.advance(chrono::Duration::seconds(1));
        let mut product = shirt();
        product["nama"] = json!(format!("Kaos {index}"));
        assert_eq!(world.post(ADMIN, "/api/v1/produkpost/", &product).await.status, 201);
    }
    let page = world.get(Who::Anonymous, "/api/v1/produkpost/?page_size=2").await.body;
    assert_eq!((&page["count"], &page["results"][0]["nama"]), (&json!(3), &json!("Kaos 2")));
    assert_eq!(page["next"], "http://localhost:8000/api/v1/produkpost/?page_size=2&page=2");
    assert_eq!(world.get(Who::Anonymous, "/api/v1/produkpost/?page=2").await.status, 404);
    assert_eq!(world.get(Who::Anonymous, "/api/v1/produkpost/?page=x").await.status, 400);
}
