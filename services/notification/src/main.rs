//! Notifications: templates, sends, delivery states, history.
fn main() {}
