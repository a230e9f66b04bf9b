//! One person's address on one channel.

use crate::domain::channel::Channel;
use crate::domain::email_address::EmailAddress;
use crate::domain::phone_number::PhoneNumber;

/// Where one message goes. Its channel follows from it, so the two can never disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// A WhatsApp number.
    Phone(PhoneNumber),
    /// A mailbox.
    Email(EmailAddress),
}

impl Recipient {
    /// The channel that reaches it.
    pub(crate) const fn channel(&self) -> Channel {
        match self {
            Recipient::Phone(_) => Channel::Whatsapp,
            Recipient::Email(_) => Channel::Email,
        }
    }

    /// As it is stored and sent: `628…` or the address.
    pub(crate) fn as_stored(&self) -> &str {
        match self {
            Recipient::Phone(number) => number.as_str(),
            Recipient::Email(address) => address.as_str(),
        }
    }

    /// Reads what [`Recipient::as_stored`] wrote for `channel`.
    pub(crate) fn from_stored(channel: Channel, text: &str) -> Option<Recipient> {
        match channel {
            Channel::Whatsapp => PhoneNumber::parse(text).ok().map(Recipient::Phone),
            Channel::Email => EmailAddress::parse(text).ok().map(Recipient::Email),
        }
    }
}

/// As staff read it in the history: numbers the way Indonesians write them, `0812…`
/// (sample of the spec). Takes what is stored, so that blanked recipients stay blank.
pub(crate) fn shown(channel: Channel, stored: &str) -> String {
    match (channel, stored.strip_prefix("62")) {
        (Channel::Whatsapp, Some(rest)) => format!("0{rest}"),
        (Channel::Whatsapp, None) | (Channel::Email, _) => stored.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_indonesians_write_them() {
        assert_eq!(shown(Channel::Whatsapp, "6281234567890"), "081234567890");
        assert_eq!(shown(Channel::Whatsapp, ""), "");
        assert_eq!(shown(Channel::Email, "62@contoh.id"), "62@contoh.id");
    }
}
