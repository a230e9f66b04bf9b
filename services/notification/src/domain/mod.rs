//! The rules of messages: what a template may say, what a value may do to it, who can be reached,
//! and what follows from the outcome of a send. Pure: time and chance come in as arguments.

pub(crate) mod channel;
pub(crate) mod delivery;
pub(crate) mod email_address;
pub(crate) mod facts;
pub(crate) mod invoice;
pub(crate) mod message;
pub(crate) mod order_status;
pub(crate) mod phone_number;
pub(crate) mod recipient;
pub(crate) mod template;
pub(crate) mod template_type;
pub(crate) mod variables;
