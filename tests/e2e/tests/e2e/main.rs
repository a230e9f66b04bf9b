//! Customer journeys, through the gateway, with every service a process of its own.
#![cfg(test)]

mod broker_down_nothing_lost;
mod dp_never_paid_expires;
mod dp_then_pelunasan;
mod live_events;
mod made_to_measure;
mod one_order_is_one_trace;
mod operators_mend;
mod order_role_cannot_read_payments;
mod order_to_lunas;
mod payment_told_twice;
mod readme_walk;
mod redis_down;
mod seed_tells_a_story;
