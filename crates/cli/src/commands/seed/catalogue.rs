//! The products of the story's workshop. One of the same name is taken for the same.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::inside::Inside;

/// Name, category, description, rupiah a piece, pieces in stock.
const PRODUCTS: [(&str, &str, &str, u64, u32); 10] = [
    (
        "Kaos Combed 30s",
        "Kaos",
        "Katun combed 30s, sablon plastisol, minimal 24 potong.",
        75_000,
        480,
    ),
    ("Kaos Combed 24s", "Kaos", "Katun combed 24s yang lebih tebal, sablon rubber.", 85_000, 360),
    ("Polo Lacoste CVC", "Polo", "Polo CVC dengan bordir logo dada.", 110_000, 240),
    (
        "Kemeja PDH American Drill",
        "Kemeja",
        "Kemeja lapangan lengan panjang, bordir nama.",
        165_000,
        120,
    ),
    ("Jaket Almamater", "Jaket", "Bahan high twist, furing penuh, bordir komputer.", 185_000, 150),
    (
        "Hoodie Fleece 280 gsm",
        "Jaket",
        "Fleece tebal, sablon atau bordir, ukuran S sampai XXL.",
        155_000,
        200,
    ),
    ("Jersey Printing", "Olahraga", "Dry-fit milano, cetak sublimasi seluruh badan.", 125_000, 300),
    ("Rompi Proyek", "Seragam", "Rompi parasut dengan pita reflektor.", 70_000, 500),
    ("Celemek Kafe", "Seragam", "Kanvas marsoto, dua kantong, sablon satu warna.", 65_000, 180),
    ("Topi Trucker", "Aksesori", "Topi jaring dengan bordir depan.", 45_000, 400),
];

/// Products asked for at once; the most there is.
const PAGE_SIZE: usize = 100;

/// Adds what is missing; answers how many.
pub(super) async fn fill(inside: &Inside) -> Result<usize> {
    let known = names(inside).await?;
    let mut added = 0;
    for (name, kind, description, rupiah, stock) in PRODUCTS {
        if known.contains(name) {
            continue;
        }
        let product = json!({
            "nama": name,
            "kategori": kind,
            "deskripsi": description,
            "harga": rupiah.to_string(),
            "stok": stock,
        });
        inside.post("order", "/api/v1/produkpost/", &product).await.with_context(|| name)?;
        added += 1;
    }
    Ok(added)
}

async fn names(inside: &Inside) -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    for page in 1.. {
        let path = format!("/api/v1/produkpost/?page={page}&page_size={PAGE_SIZE}");
        let listed = inside.get("order", &path).await?;
        let results = listed.pointer("/results").and_then(Value::as_array).context("no list")?;
        let of = |product: &Value| Some(product.pointer("/nama")?.as_str()?.to_owned());
        names.extend(results.iter().filter_map(of));
        if listed.pointer("/next").is_none_or(Value::is_null) {
            break;
        }
    }
    Ok(names)
}
