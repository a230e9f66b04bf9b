//! Notifications: templates, sends, delivery states, history.
