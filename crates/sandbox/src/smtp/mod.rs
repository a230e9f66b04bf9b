//! The mail sink: a small real SMTP server that keeps every mail and delivers none. [`listener`]
//! takes connections, [`lines`] reads bounded lines, [`command`] understands them, [`session`]
//! is one conversation, [`mail`] turns what came into messages.

mod command;
mod lines;
mod listener;
mod mail;
mod session;

pub(crate) use listener::listen;
