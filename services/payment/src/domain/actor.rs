//! Who decides about money. Some amounts need a second person, and only an owner may be both.

/// Who acts, as the rules need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    /// Such as `staff:7`.
    pub(crate) name: String,
    /// Whether it is the workshop's owner.
    pub(crate) is_owner: bool,
}
