//! The moves of a file, allowed and refused.

use konveksi_kernel::{Clock as _, SystemClock};

use super::*;

fn file(state: FileState, order_id: Option<OrderId>) -> File {
    File {
        id: FileId::generate(&SystemClock),
        version: 1,
        purpose: Purpose::Design,
        order_id,
        state,
        original_filename: "logo.png".to_owned(),
        description: String::new(),
        format: Format::Png,
        size_bytes: 1,
        dimensions: None,
        sha256: [0xAB; 32],
        storage_key: String::new(),
        public_path: String::new(),
        created_at: SystemClock.now(),
        scan_due_at: SystemClock.now(),
        scan_attempts: 0,
    }
}

fn unknown() -> Verdict {
    Verdict::Unknown { why: "away".to_owned() }
}

fn infected() -> Verdict {
    Verdict::Infected { signature: "Test".to_owned() }
}

#[test]
fn every_state_reads_back() {
    for state in FileState::ALL {
        assert_eq!(FileState::from_wire(state.as_wire()), Some(state));
    }
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::from_wire(purpose.as_wire()), Some(purpose));
    }
}

#[test]
fn only_a_clean_file_is_stored_at_once() {
    for (verdict, wanted) in [
        (Verdict::Clean, FileState::Stored),
        (unknown(), FileState::Quarantined),
        (infected(), FileState::Rejected),
    ] {
        let mut file = file(FileState::Receiving, None);
        file.received(&verdict).unwrap();
        assert_eq!((file.state, file.version), (wanted, 2));
        assert_eq!(file.received(&verdict), Err(FileError::AlreadyReceived));
    }
}

#[test]
fn quarantine_ends_with_an_answer_and_waits_longer_without_one() {
    let now = SystemClock.now();
    let mut released = file(FileState::Quarantined, None);
    assert!(released.scanned_again(&Verdict::Clean, now));
    assert_eq!(released.state, FileState::Stored);
    assert!(!released.scanned_again(&infected(), now), "a judged file is judged once");

    let mut rejected = file(FileState::Quarantined, None);
    assert!(rejected.scanned_again(&infected(), now));
    assert_eq!(rejected.state, FileState::Rejected);

    let mut waiting = file(FileState::Quarantined, None);
    for (attempts, minutes) in [(0, 1), (3, 8), (10, 1024), (11, 1440), (1_000, 1440)] {
        waiting.scan_attempts = attempts;
        assert!(!waiting.scanned_again(&unknown(), now));
        assert_eq!(waiting.scan_due_at, now + Duration::minutes(minutes));
    }
    assert_eq!((waiting.state, waiting.version), (FileState::Quarantined, 1));
}

#[test]
fn a_draft_is_given_to_one_order_once() {
    let (order, other) = (OrderId::generate(&SystemClock), OrderId::generate(&SystemClock));
    let mut draft = file(FileState::Stored, None);
    assert_eq!(draft.attach(order), Ok(Attached::Now));
    assert_eq!(draft.attach(order), Ok(Attached::Before));
    assert_eq!(draft.attach(other), Err(FileError::BelongsToAnother));
    assert_eq!((draft.order_id, draft.version), (Some(order), 2));
    assert_eq!(file(FileState::Quarantined, None).attach(order), Ok(Attached::Now));
}

#[test]
fn a_file_that_is_gone_or_not_there_yet_cannot_be_attached() {
    let order = OrderId::generate(&SystemClock);
    for state in [FileState::Receiving, FileState::Rejected, FileState::Discarded] {
        assert_eq!(file(state, None).attach(order), Err(FileError::NotAvailable(state)));
    }
}

#[test]
fn the_etag_is_the_contents_hash() {
    assert_eq!(file(FileState::Stored, None).etag(), format!("\"{}\"", "ab".repeat(32)));
}

#[test]
fn a_proof_never_becomes_an_orders_design() {
    let mut proof = File { purpose: Purpose::Proof, ..file(FileState::Stored, None) };
    let order = OrderId::generate(&SystemClock);
    assert_eq!(proof.attach(order), Err(FileError::Private));
    assert_eq!(proof.order_id, None);
}
