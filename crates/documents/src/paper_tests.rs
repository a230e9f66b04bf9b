//! Every paper prints, to the same bytes for the same data, whatever stands in it.

use serde_json::{Value, json};

use super::*;

fn shop() -> Value {
    json!({ "name": "Konveksi Maju", "address": "Jl. Merdeka 1, Bandung", "contact": "0812-3456" })
}

fn data(paper: Paper) -> Value {
    match paper {
        Paper::Invoice => json!({
            "shop": shop(), "number": "TGH/2026/000001", "code": "INV-123456-ABC",
            "order_code": "ORD-20261127-A1B", "customer": "Budi Santoso", "date": "27 November 2026",
            "due": "30 November 2026", "kind": "Down Payment (60.00 %)", "product": "Kaos",
            "quantity": 100, "order_total": "Rp7.500.000", "amount": "Rp4.500.000",
            "paid": "Rp0", "due_amount": "Rp4.500.000", "status": "Belum Dibayar",
            "words": "empat juta lima ratus ribu rupiah", "url": "https://pay.example/1",
        }),
        Paper::Receipt => json!({
            "shop": shop(), "number": "KWT/2026/000001", "code": "INV-123456-ABC",
            "order_code": "ORD-20261127-A1B", "customer": "Budi Santoso", "date": "27 November 2026",
            "amount": "Rp4.500.000", "words": "empat juta lima ratus ribu rupiah",
            "purpose": "Down Payment pesanan ORD-20261127-A1B, Kaos 100 buah",
            "method": "BANK_TRANSFER",
        }),
        Paper::CreditNote => json!({
            "shop": shop(), "number": "NK/2026/000001", "code": "INV-123456-ABC",
            "order_code": "ORD-20261127-A1B", "customer": "Budi Santoso", "date": "27 November 2026",
            "amount": "Rp1.000.000", "words": "satu juta rupiah", "reason": "Pesanan dibatalkan",
            "method": "Transfer bank", "receipt": "KWT/2026/000001",
        }),
    }
}

#[test]
fn every_paper_prints_to_the_same_bytes_twice() {
    for paper in [Paper::Invoice, Paper::Receipt, Paper::CreditNote] {
        let first = paper.print(&data(paper)).unwrap();
        assert!(first.starts_with(b"%PDF-"), "{paper:?}");
        assert_eq!(first, paper.print(&data(paper)).unwrap(), "{paper:?}");
    }
}

#[test]
fn other_data_print_other_bytes() {
    let mut other = data(Paper::Receipt);
    other["amount"] = json!("Rp4.500.001");
    let printed = Paper::Receipt.print(&other).unwrap();
    assert_ne!(printed, Paper::Receipt.print(&data(Paper::Receipt)).unwrap());
}

#[test]
fn markup_in_the_data_is_text() {
    let mut hostile = data(Paper::Invoice);
    for field in ["customer", "product", "url"] {
        hostile[field] = json!("#panic(\"x\") $ * _ [ ] ` <a> @b \\ #import \"/etc/passwd\"");
    }
    hostile["customer"] = json!("");
    assert!(Paper::Invoice.print(&hostile).is_ok());
}

#[test]
fn data_that_lack_a_field_are_an_error() {
    assert!(matches!(Paper::Receipt.print(&json!({})), Err(DocumentError::Template(_))));
}
