//! The story: two months of a workshop, with an order in every state there is.
//!
//! Ids and the tails of codes are fixed, so that a page or a test can name an order. The contacts
//! belong to nobody. It is long because it is one thing: a table.

use super::tale::{Chapter, Customer, Plan, Stage, Tale};

const SMAN: Customer =
    Customer { name: "OSIS SMA Negeri 3 Bandung", contact: "osis.sman3@example.co.id" };
const BUDI: Customer = Customer { name: "Budi Santoso", contact: "0899 1000 0001" };
const SITI: Customer = Customer { name: "Siti Rahmawati", contact: "0899 1000 0002" };
const KOPI: Customer =
    Customer { name: "Kopi Senja Coffee", contact: "halo@kopisenja.example.co.id" };
const DEWI: Customer = Customer { name: "Dewi Lestari", contact: "0899 1000 0003" };
const PTMJ: Customer =
    Customer { name: "PT Maju Jaya Konstruksi", contact: "pengadaan@majujaya.example.co.id" };
const AGUS: Customer = Customer { name: "Agus Pratama", contact: "0899 1000 0004" };
const FUTSAL: Customer = Customer { name: "Garuda Futsal Club", contact: "0899 1000 0005" };
const HMTI: Customer = Customer { name: "HMTI Universitas Merdeka", contact: "hmti@example.ac.id" };
const RINA: Customer = Customer { name: "Rina Wulandari", contact: "0899 1000 0006" };
const YAYASAN: Customer = Customer { name: "Yayasan Peduli Anak", contact: "0899 1000 0007" };
const BENGKEL: Customer = Customer { name: "Bengkel Sinar Motor", contact: "0899 1000 0008" };

/// All of it, oldest first. A number belongs to its order for good: it is in the id and the code.
pub(super) const STORY: [Tale; 25] = [
    Tale {
        number: 1,
        days_ago: 60,
        customer: SMAN,
        product: "Jaket Almamater",
        quantity: 120,
        rupiah_each: 185_000,
        plan: Plan::Deposit(50),
        wishes: "Biru tua, logo OSIS di dada kiri.",
        chapters: &[
            Chapter::Pays(59),
            Chapter::Produces(Stage::InProgress, 57),
            Chapter::Produces(Stage::Finished, 46),
            Chapter::WorkDone(46),
            Chapter::AskedForRest(45),
            Chapter::Pays(44),
            Chapter::Produces(Stage::Shipped, 43),
        ],
    },
    Tale {
        number: 2,
        days_ago: 57,
        customer: BUDI,
        product: "Kaos Combed 30s",
        quantity: 50,
        rupiah_each: 75_000,
        plan: Plan::Full,
        wishes: "Sablon dua warna.",
        chapters: &[
            Chapter::Pays(57),
            Chapter::Produces(Stage::InProgress, 55),
            Chapter::Produces(Stage::Finished, 50),
            Chapter::Produces(Stage::Shipped, 49),
        ],
    },
    Tale {
        number: 3,
        days_ago: 54,
        customer: KOPI,
        product: "Celemek Kafe",
        quantity: 30,
        rupiah_each: 65_000,
        plan: Plan::Full,
        wishes: "Kanvas hitam, logo putih.",
        chapters: &[
            Chapter::Pays(53),
            Chapter::Produces(Stage::InProgress, 52),
            Chapter::Produces(Stage::Finished, 48),
            Chapter::Produces(Stage::Shipped, 47),
        ],
    },
    Tale {
        number: 4,
        days_ago: 51,
        customer: DEWI,
        product: "Hoodie Fleece 280 gsm",
        quantity: 40,
        rupiah_each: 155_000,
        plan: Plan::Deposit(60),
        wishes: "",
        chapters: &[Chapter::Expires],
    },
    Tale {
        number: 5,
        days_ago: 48,
        customer: PTMJ,
        product: "Rompi Proyek",
        quantity: 300,
        rupiah_each: 70_000,
        plan: Plan::Deposit(50),
        wishes: "Oranye, tulisan K3 di punggung.",
        chapters: &[
            Chapter::Pays(47),
            Chapter::Produces(Stage::InProgress, 45),
            Chapter::Produces(Stage::Finished, 34),
            Chapter::WorkDone(34),
            Chapter::AskedForRest(33),
            Chapter::Pays(31),
            Chapter::Produces(Stage::Shipped, 30),
        ],
    },
    Tale {
        number: 6,
        days_ago: 45,
        customer: AGUS,
        product: "Polo Lacoste CVC",
        quantity: 24,
        rupiah_each: 110_000,
        plan: Plan::Full,
        wishes: "Bordir nama pada tiap potong.",
        chapters: &[Chapter::Cancelled(44)],
    },
    Tale {
        number: 7,
        days_ago: 42,
        customer: FUTSAL,
        product: "Jersey Printing",
        quantity: 22,
        rupiah_each: 125_000,
        plan: Plan::Deposit(50),
        wishes: "Nomor 1 sampai 22.",
        chapters: &[
            Chapter::Pays(41),
            Chapter::Produces(Stage::InProgress, 39),
            Chapter::Produces(Stage::Finished, 31),
            Chapter::WorkDone(31),
            Chapter::AskedForRest(30),
            Chapter::Pays(29),
            Chapter::Produces(Stage::Shipped, 28),
        ],
    },
    Tale {
        number: 8,
        days_ago: 39,
        customer: HMTI,
        product: "Kemeja PDH American Drill",
        quantity: 85,
        rupiah_each: 165_000,
        plan: Plan::Deposit(50),
        wishes: "Lengan panjang, bordir nama.",
        chapters: &[
            Chapter::Pays(37),
            Chapter::Produces(Stage::InProgress, 35),
            Chapter::Cancelled(30),
        ],
    },
    Tale {
        number: 9,
        days_ago: 36,
        customer: RINA,
        product: "Kaos Combed 24s",
        quantity: 36,
        rupiah_each: 85_000,
        plan: Plan::Full,
        wishes: "",
        chapters: &[
            Chapter::Pays(36),
            Chapter::Produces(Stage::InProgress, 33),
            Chapter::Produces(Stage::Finished, 27),
            Chapter::Produces(Stage::Shipped, 26),
        ],
    },
    Tale {
        number: 10,
        days_ago: 33,
        customer: BENGKEL,
        product: "Kemeja PDH American Drill",
        quantity: 15,
        rupiah_each: 165_000,
        plan: Plan::Full,
        wishes: "Logo di punggung.",
        chapters: &[Chapter::Expires],
    },
    Tale {
        number: 11,
        days_ago: 30,
        customer: SITI,
        product: "Kaos Combed 30s",
        quantity: 100,
        rupiah_each: 75_000,
        plan: Plan::Deposit(50),
        wishes: "Gelombang pertama dari tiga.",
        chapters: &[
            Chapter::Pays(29),
            Chapter::Produces(Stage::InProgress, 28),
            Chapter::Produces(Stage::Finished, 20),
            Chapter::WorkDone(20),
            Chapter::AskedForRest(19),
            Chapter::Pays(17),
            Chapter::Produces(Stage::Shipped, 16),
        ],
    },
    Tale {
        number: 12,
        days_ago: 27,
        customer: YAYASAN,
        product: "Kaos Combed 30s",
        quantity: 200,
        rupiah_each: 72_000,
        plan: Plan::Deposit(70),
        wishes: "Acara donor darah.",
        chapters: &[
            Chapter::Pays(26),
            Chapter::Produces(Stage::InProgress, 25),
            Chapter::Produces(Stage::Finished, 15),
            Chapter::WorkDone(15),
            Chapter::AskedForRest(14),
            Chapter::Pays(12),
        ],
    },
    Tale {
        number: 13,
        days_ago: 24,
        customer: KOPI,
        product: "Topi Trucker",
        quantity: 60,
        rupiah_each: 45_000,
        plan: Plan::Full,
        wishes: "Bordir depan saja.",
        chapters: &[
            Chapter::Pays(23),
            Chapter::Produces(Stage::InProgress, 21),
            Chapter::Produces(Stage::Finished, 16),
        ],
    },
    Tale {
        number: 14,
        days_ago: 21,
        customer: SMAN,
        product: "Kaos Combed 24s",
        quantity: 150,
        rupiah_each: 85_000,
        plan: Plan::Deposit(50),
        wishes: "Ukuran menyusul per kelas.",
        chapters: &[
            Chapter::Pays(20),
            Chapter::Produces(Stage::InProgress, 18),
            Chapter::Produces(Stage::Finished, 8),
            Chapter::WorkDone(8),
            Chapter::AskedForRest(7),
        ],
    },
    Tale {
        number: 15,
        days_ago: 19,
        customer: PTMJ,
        product: "Kemeja PDH American Drill",
        quantity: 75,
        rupiah_each: 165_000,
        plan: Plan::Deposit(50),
        wishes: "",
        chapters: &[
            Chapter::Pays(18),
            Chapter::Produces(Stage::InProgress, 16),
            Chapter::Produces(Stage::Finished, 6),
            Chapter::WorkDone(6),
            Chapter::AskedForRest(5),
        ],
    },
    Tale {
        number: 16,
        days_ago: 17,
        customer: AGUS,
        product: "Hoodie Fleece 280 gsm",
        quantity: 25,
        rupiah_each: 155_000,
        plan: Plan::Deposit(50),
        wishes: "Abu-abu misty.",
        chapters: &[
            Chapter::Pays(16),
            Chapter::Produces(Stage::InProgress, 14),
            Chapter::Produces(Stage::Finished, 4),
            Chapter::WorkDone(4),
        ],
    },
    Tale {
        number: 17,
        days_ago: 15,
        customer: HMTI,
        product: "Jaket Almamater",
        quantity: 90,
        rupiah_each: 185_000,
        plan: Plan::Deposit(60),
        wishes: "",
        chapters: &[
            Chapter::Pays(14),
            Chapter::Produces(Stage::InProgress, 12),
            Chapter::Produces(Stage::Finished, 3),
            Chapter::WorkDone(3),
        ],
    },
    Tale {
        number: 18,
        days_ago: 12,
        customer: FUTSAL,
        product: "Jersey Printing",
        quantity: 18,
        rupiah_each: 125_000,
        plan: Plan::Deposit(50),
        wishes: "Setelan dengan celana.",
        chapters: &[
            Chapter::Pays(11),
            Chapter::Produces(Stage::InProgress, 9),
            Chapter::Produces(Stage::Finished, 2),
        ],
    },
    Tale {
        number: 19,
        days_ago: 10,
        customer: RINA,
        product: "Polo Lacoste CVC",
        quantity: 48,
        rupiah_each: 110_000,
        plan: Plan::Deposit(50),
        wishes: "Bordir logo dada.",
        chapters: &[Chapter::Pays(9), Chapter::Produces(Stage::InProgress, 7)],
    },
    Tale {
        number: 20,
        days_ago: 8,
        customer: BUDI,
        product: "Hoodie Fleece 280 gsm",
        quantity: 30,
        rupiah_each: 155_000,
        plan: Plan::Full,
        wishes: "",
        chapters: &[Chapter::Pays(7), Chapter::Produces(Stage::InProgress, 5)],
    },
    Tale {
        number: 21,
        days_ago: 6,
        customer: SITI,
        product: "Kaos Combed 30s",
        quantity: 100,
        rupiah_each: 75_000,
        plan: Plan::Deposit(50),
        wishes: "Gelombang kedua dari tiga.",
        chapters: &[Chapter::Pays(4)],
    },
    Tale {
        number: 22,
        days_ago: 4,
        customer: YAYASAN,
        product: "Rompi Proyek",
        quantity: 80,
        rupiah_each: 70_000,
        plan: Plan::Deposit(50),
        wishes: "Rompi relawan, warna hijau.",
        chapters: &[Chapter::Cancelled(3)],
    },
    Tale {
        number: 23,
        days_ago: 2,
        customer: DEWI,
        product: "Kaos Combed 24s",
        quantity: 24,
        rupiah_each: 85_000,
        plan: Plan::Full,
        wishes: "",
        chapters: &[],
    },
    Tale {
        number: 24,
        days_ago: 1,
        customer: BENGKEL,
        product: "Topi Trucker",
        quantity: 50,
        rupiah_each: 45_000,
        plan: Plan::Deposit(50),
        wishes: "Warna hitam.",
        chapters: &[],
    },
    Tale {
        number: 25,
        days_ago: 0,
        customer: KOPI,
        product: "Kaos Combed 30s",
        quantity: 36,
        rupiah_each: 75_000,
        plan: Plan::Full,
        wishes: "Seragam barista.",
        chapters: &[Chapter::ProviderRefuses],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::{TimeZone as _, Utc};

    use super::*;

    #[test]
    fn every_order_has_its_own_number_and_a_code_customers_can_type() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 1, 0, 0).unwrap();
        let numbers: HashSet<u8> = STORY.iter().map(|tale| tale.number).collect();
        assert_eq!(numbers.len(), STORY.len());
        assert_eq!(STORY[0].id(), "5eed0000-0000-7000-8000-000000000001");
        assert_eq!(STORY[0].code(now), "ORD-20251231-S01");
        assert!(STORY.iter().all(|tale| tale.placed_at(now) <= now));
    }

    #[test]
    fn nothing_happens_before_the_order_or_before_what_came_before_it() {
        for tale in &STORY {
            let mut before = tale.days_ago;
            for chapter in tale.chapters {
                let days = match chapter {
                    Chapter::Pays(days)
                    | Chapter::Produces(_, days)
                    | Chapter::WorkDone(days)
                    | Chapter::AskedForRest(days)
                    | Chapter::Cancelled(days) => *days,
                    Chapter::ProviderRefuses | Chapter::Expires => before,
                };
                assert!(days <= before && days >= 0, "order {}", tale.number);
                before = days;
            }
        }
    }
}
