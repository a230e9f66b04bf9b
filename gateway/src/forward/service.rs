//! The services behind the edge.

/// One service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Order,
    Payment,
    Notification,
    Media,
    Analytics,
    Automation,
}

impl Service {
    pub(crate) const ALL: [Service; 6] = [
        Service::Order,
        Service::Payment,
        Service::Notification,
        Service::Media,
        Service::Analytics,
        Service::Automation,
    ];

    /// Its name, which is also the audience of statements made to it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Service::Order => "order",
            Service::Payment => "payment",
            Service::Notification => "notification",
            Service::Media => "media",
            Service::Analytics => "analytics",
            Service::Automation => "automation",
        }
    }

    /// Whether the system is unhealthy without it, rather than poorer.
    pub(crate) const fn is_core(self) -> bool {
        match self {
            Service::Order | Service::Payment => true,
            Service::Notification | Service::Media | Service::Analytics | Service::Automation => {
                false
            }
        }
    }
}

/// Where each service is, such as `http://127.0.0.1:8101`.
#[derive(Debug, Clone)]
pub struct ServiceUrls {
    /// Orders, customers, products.
    pub order: String,
    /// Invoices, payments, ledger.
    pub payment: String,
    /// Messages.
    pub notification: String,
    /// Files.
    pub media: String,
    /// Figures.
    pub analytics: String,
    /// Rules.
    pub automation: String,
}

impl ServiceUrls {
    pub(crate) fn of(&self, service: Service) -> &str {
        let url = match service {
            Service::Order => &self.order,
            Service::Payment => &self.payment,
            Service::Notification => &self.notification,
            Service::Media => &self.media,
            Service::Analytics => &self.analytics,
            Service::Automation => &self.automation,
        };
        url.trim_end_matches('/')
    }
}
