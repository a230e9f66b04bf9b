//! What people open in a browser: the front page, the API document and its reader, the API root.

pub(crate) mod api_root;
pub(crate) mod docs;
pub(crate) mod home;
mod openapi;
