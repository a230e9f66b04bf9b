//! The few answers that need two services (`settled.md` 4), one file each. Everything else is a
//! pure forward. No rule of the business is here: which service may refuse, refuses.

pub(crate) mod audit_trail;
pub(crate) mod check_order;
pub(crate) mod create_order;
mod express;
pub(crate) mod final_payment;
pub(crate) mod invoice_detail;
pub(crate) mod manual_payment;
pub(crate) mod order_code;
mod order_form;
pub(crate) mod payment_link;
pub(crate) mod payment_proof;
pub(crate) mod proof_file;
mod proof_upload;
mod public_view;
pub(crate) mod send_link;
pub(crate) mod send_notification;
mod sends;
pub(crate) mod track_order;
pub(crate) mod upload_design;
pub(crate) mod verify_manual;
