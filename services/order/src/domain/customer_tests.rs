//! Renaming, editing and taking over.

use super::*;
use konveksi_kernel::SystemClock;

fn customer(contact: &str) -> Customer {
    let contact = Contact::parse(contact).unwrap();
    Customer::new(CustomerId::generate(&SystemClock), "Budi", &contact)
}

#[test]
fn only_staff_rename_a_known_customer() {
    let mut customer = customer("081234567890");
    assert!(!customer.rename("Penipu", Origin::Public));
    assert!(!customer.rename("Budi", Origin::Admin));
    assert!(customer.rename("Budi Santoso", Origin::Admin));
    assert_eq!((customer.name.as_str(), customer.version), ("Budi Santoso", 2));
}

#[test]
fn an_edit_normalises_and_counts_once() {
    let mut customer = customer("081234567890");
    let draft = CustomerDraft {
        email: Some("Budi@Contoh.com".into()),
        tags: Some(vec!["VIP".into(), "vip".into(), "Sekolah".into()]),
        ..CustomerDraft::default()
    };
    assert_eq!(customer.edit(&draft), Ok(true));
    assert_eq!(customer.email.as_deref(), Some("budi@contoh.com"));
    assert_eq!(
        (customer.tags.clone(), customer.version),
        (vec!["vip".into(), "sekolah".into()], 2)
    );
    assert_eq!(customer.edit(&draft), Ok(false));
    assert_eq!(customer.version, 2);
}

#[test]
fn everything_wrong_is_named_and_nothing_changes() {
    let mut customer = customer("081234567890");
    let before = customer.clone();
    let draft = CustomerDraft {
        name: Some("B".into()),
        phone: Some("budi@contoh.com".into()),
        email: Some("0812345678".into()),
        tags: Some(vec![String::new()]),
        notes: Some("x".repeat(2_001)),
    };
    let fields: Vec<_> =
        customer.edit(&draft).unwrap_err().into_errors().iter().map(|e| e.field).collect();
    assert_eq!(fields, ["name", "phone", "email", "tags", "notes"]);
    let unreachable = CustomerDraft { phone: Some(String::new()), ..CustomerDraft::default() };
    assert!(customer.edit(&unreachable).is_err());
    assert_eq!(customer, before);
}

#[test]
fn a_contact_moves_only_where_there_was_none() {
    let mut stays = customer("081234567890");
    let mut other = customer("budi@contoh.com");
    other.tags = vec!["vip".into()];
    other.notes = "Suka warna biru".into();
    stays.take_over(&mut other).unwrap();
    assert_eq!(stays.email.as_deref(), Some("budi@contoh.com"));
    assert_eq!((other.email.clone(), other.merged_into), (None, Some(stays.id)));
    assert_eq!((stays.tags.len(), stays.notes.as_str()), (1, "Suka warna biru"));
    assert_eq!((stays.version, other.version), (2, 2));

    let mut second = customer("081399998888");
    stays.take_over(&mut second).unwrap();
    assert_eq!(second.phone.as_deref(), Some("6281399998888"));
    assert_eq!(stays.phone.as_deref(), Some("6281234567890"));
}

#[test]
fn a_record_is_taken_over_once_and_never_by_itself() {
    let mut stays = customer("081234567890");
    let mut other = customer("081399998888");
    let mut third = customer("081377776666");
    assert_eq!(stays.clone().take_over(&mut stays), Err(MergeRefusal::Itself));
    stays.take_over(&mut other).unwrap();
    assert_eq!(third.take_over(&mut other), Err(MergeRefusal::TakenOver(stays.id)));
    assert_eq!(other.take_over(&mut third), Err(MergeRefusal::TakenOver(stays.id)));
}
