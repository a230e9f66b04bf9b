//! The ways a message can go out (`contract.md` section 4).

/// One way out. Every stored message goes exactly one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Channel {
    /// The workshop's WhatsApp gateway.
    Whatsapp,
    /// SMTP.
    Email,
}

impl Channel {
    /// Every channel.
    pub(crate) const ALL: [Channel; 2] = [Channel::Whatsapp, Channel::Email];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Channel::Whatsapp => "whatsapp",
            Channel::Email => "email",
        }
    }

    /// Reads what [`Channel::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.as_wire() == text)
    }
}

/// What was asked for: one channel, or both. Orders, invoices and templates carry this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ChannelChoice {
    /// Only WhatsApp.
    Whatsapp,
    /// Only e-mail.
    Email,
    /// A message each way, as far as the customer can be reached that way.
    Both,
}

impl ChannelChoice {
    /// Every choice.
    pub(crate) const ALL: [ChannelChoice; 3] =
        [ChannelChoice::Whatsapp, ChannelChoice::Email, ChannelChoice::Both];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ChannelChoice::Whatsapp => "whatsapp",
            ChannelChoice::Email => "email",
            ChannelChoice::Both => "both",
        }
    }

    /// Reads what [`ChannelChoice::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<ChannelChoice> {
        ChannelChoice::ALL.into_iter().find(|choice| choice.as_wire() == text)
    }

    /// What staff read in lists (`contract.md` section 4, display labels).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            ChannelChoice::Whatsapp => "WhatsApp",
            ChannelChoice::Email => "Email",
            ChannelChoice::Both => "WhatsApp & Email",
        }
    }

    /// The channels it stands for.
    pub(crate) const fn channels(self) -> &'static [Channel] {
        match self {
            ChannelChoice::Whatsapp => &[Channel::Whatsapp],
            ChannelChoice::Email => &[Channel::Email],
            ChannelChoice::Both => &Channel::ALL,
        }
    }

    /// Whether a template made for this choice serves `channel`.
    pub(crate) fn covers(self, channel: Channel) -> bool {
        self.channels().contains(&channel)
    }
}

impl From<Channel> for ChannelChoice {
    fn from(channel: Channel) -> ChannelChoice {
        match channel {
            Channel::Whatsapp => ChannelChoice::Whatsapp,
            Channel::Email => ChannelChoice::Email,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_reads_back() {
        for channel in Channel::ALL {
            assert_eq!(Channel::from_wire(channel.as_wire()), Some(channel));
        }
        for choice in ChannelChoice::ALL {
            assert_eq!(ChannelChoice::from_wire(choice.as_wire()), Some(choice));
        }
        assert_eq!(Channel::from_wire("both"), None);
        assert_eq!(ChannelChoice::from_wire("sms"), None);
    }

    #[test]
    fn both_means_a_message_each_way() {
        assert_eq!(ChannelChoice::Both.channels(), Channel::ALL);
        assert!(!ChannelChoice::Email.covers(Channel::Whatsapp));
    }
}
