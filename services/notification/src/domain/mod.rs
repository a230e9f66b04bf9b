//! The rules of messages: what a template may say, what a value may do to it, who can be reached,
//! and what follows from the outcome of a send. Pure: time and chance come in as arguments.

pub mod channel;
pub mod delivery;
pub mod email_address;
pub mod facts;
pub mod invoice;
pub mod message;
pub mod order_status;
pub mod phone_number;
pub mod recipient;
pub mod template;
pub mod template_type;
pub mod variables;
