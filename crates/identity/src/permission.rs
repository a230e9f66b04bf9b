//! What can be permitted; every staff route of the gateway names one.

/// A right that a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See orders, customers and their history.
    OrdersRead,
    /// Make, edit, cancel and delete orders and products.
    OrdersWrite,
    /// Move an order through production.
    ProductionWrite,
    /// See invoices, payments and the ledger.
    PaymentsRead,
    /// Make invoices and links, record payments.
    PaymentsWrite,
    /// See templates and what was sent.
    MessagesRead,
    /// Send messages.
    MessagesSend,
    /// Change templates and settings of messages.
    MessagesManage,
    /// Store files.
    FilesWrite,
    /// See dashboards and reports.
    ReportsRead,
    /// See logs and alerts, run operations.
    OperationsManage,
    /// Make, change and disable staff users.
    UsersManage,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Permission; 12] = [
        Permission::OrdersRead,
        Permission::OrdersWrite,
        Permission::ProductionWrite,
        Permission::PaymentsRead,
        Permission::PaymentsWrite,
        Permission::MessagesRead,
        Permission::MessagesSend,
        Permission::MessagesManage,
        Permission::FilesWrite,
        Permission::ReportsRead,
        Permission::OperationsManage,
        Permission::UsersManage,
    ];
}
