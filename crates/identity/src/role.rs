//! What staff members are.

use serde::{Deserialize, Serialize};

use crate::Permission;

/// A staff member's role; one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The workshop's owner: everything.
    Owner,
    /// Runs the office: everything but what only owners may.
    Admin,
    /// Money: invoices, payments, reports; reads orders.
    Finance,
    /// The floor: reads orders, moves production.
    Production,
    /// Reads.
    Viewer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] =
        [Role::Owner, Role::Admin, Role::Finance, Role::Production, Role::Viewer];

    /// As it is written on the wire and in the database.
    pub const fn as_wire(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Finance => "finance",
            Role::Production => "production",
            Role::Viewer => "viewer",
        }
    }

    /// Reads what [`Role::as_wire`] writes.
    pub fn from_wire(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_wire() == text)
    }

    /// Whether this role may do that.
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Role::Owner => true,
            Role::Admin => !matches!(permission, P::UsersManage),
            Role::Finance => matches!(
                permission,
                P::OrdersRead
                    | P::PaymentsRead
                    | P::PaymentsWrite
                    | P::MessagesRead
                    | P::MessagesSend
                    | P::ReportsRead
            ),
            Role::Production => {
                matches!(permission, P::OrdersRead | P::ProductionWrite | P::FilesWrite)
            }
            Role::Viewer => matches!(
                permission,
                P::OrdersRead | P::PaymentsRead | P::MessagesRead | P::ReportsRead
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_wire(role.as_wire()), Some(role));
        }
        assert_eq!(Role::from_wire("root"), None);
    }

    #[test]
    fn only_the_owner_manages_users() {
        for role in Role::ALL {
            assert_eq!(role.allows(Permission::UsersManage), role == Role::Owner);
        }
    }

    #[test]
    fn the_floor_touches_no_money() {
        assert!(!Role::Production.allows(Permission::PaymentsRead));
        assert!(!Role::Production.allows(Permission::PaymentsWrite));
    }
}
