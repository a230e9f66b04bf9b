//! What a tale is made of. Dates count back from the day of the first telling.

use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::jakarta;

/// Who orders.
pub(super) struct Customer {
    /// How they are called.
    pub(super) name: &'static str,
    /// A number or an address.
    pub(super) contact: &'static str,
}

/// How an order is paid.
pub(super) enum Plan {
    /// All at once.
    Full,
    /// This many per cent first, the rest later.
    Deposit(u8),
}

/// How far production got.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Being made.
    InProgress,
    /// Made.
    Finished,
    /// Gone to the customer.
    Shipped,
}

impl Stage {
    /// The word on the wire.
    pub(super) const fn as_wire(self) -> &'static str {
        match self {
            Stage::InProgress => "diproses",
            Stage::Finished => "selesai",
            Stage::Shipped => "dikirim",
        }
    }

    /// Whether production that stands at `word` has come at least this far.
    pub(super) fn is_reached_by(self, word: &str) -> bool {
        let ahead: &[&str] = match self {
            Stage::InProgress => &["diproses", "selesai", "dikirim"],
            Stage::Finished => &["selesai", "dikirim"],
            Stage::Shipped => &["dikirim"],
        };
        ahead.contains(&word)
    }
}

/// What happens to an order; the number is how many days ago.
pub(super) enum Chapter {
    /// The provider refuses a payment link, so that the order waits for one.
    ProviderRefuses,
    /// The invoice that is open is paid by bank transfer.
    Pays(i64),
    /// Production moves.
    Produces(Stage, i64),
    /// Staff declare the work done; the final invoice is made.
    WorkDone(i64),
    /// The customer was asked for the rest.
    AskedForRest(i64),
    /// The order is given up.
    Cancelled(i64),
    /// Nobody pays the invoice in time.
    Expires,
}

/// One order's life.
pub(super) struct Tale {
    /// Its place in ids and codes.
    pub(super) number: u8,
    /// When it was placed.
    pub(super) days_ago: i64,
    /// Who ordered.
    pub(super) customer: Customer,
    /// What.
    pub(super) product: &'static str,
    /// How many pieces.
    pub(super) quantity: u32,
    /// What a piece costs.
    pub(super) rupiah_each: u64,
    /// How it is paid.
    pub(super) plan: Plan,
    /// Wishes for the design.
    pub(super) wishes: &'static str,
    /// What happened since.
    pub(super) chapters: &'static [Chapter],
}

impl Tale {
    /// The order's id.
    pub(super) fn id(&self) -> String {
        format!("5eed0000-0000-7000-8000-{:012}", self.number)
    }

    /// The fixed end of the order's code.
    pub(super) fn tail(&self) -> String {
        format!("S{:02}", self.number)
    }

    /// The order's code if it is placed now.
    pub(super) fn code(&self, now: DateTime<Utc>) -> String {
        let day = jakarta::day_of(self.placed_at(now));
        format!("ORD-{}-{}", day.format("%Y%m%d"), self.tail())
    }

    /// When it was placed.
    pub(super) fn placed_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.moment(now, self.days_ago)
    }

    /// An instant of working hours so many days ago, a little later for higher numbers; never
    /// ahead of `now`.
    pub(super) fn moment(&self, now: DateTime<Utc>, days_ago: i64) -> DateTime<Utc> {
        let day = jakarta::day_start(jakarta::day_of(now)) - Duration::days(days_ago);
        let minutes = i64::from(self.number) * 17 % 480;
        (day + Duration::hours(8) + Duration::minutes(minutes)).min(now)
    }

    /// What all pieces cost together, in rupiah.
    pub(super) fn total_rupiah(&self) -> u64 {
        u64::from(self.quantity) * self.rupiah_each
    }

    /// The wire's `payment_type` and `dp_percent`.
    pub(super) const fn terms(&self) -> (&'static str, Option<u8>) {
        match self.plan {
            Plan::Full => ("full", None),
            Plan::Deposit(percent) => ("dp", Some(percent)),
        }
    }

    /// Whether a part comes first.
    pub(super) const fn has_deposit(&self) -> bool {
        matches!(self.plan, Plan::Deposit(_))
    }

    /// Whether the provider refuses its first payment link.
    pub(super) fn is_refused_a_link(&self) -> bool {
        self.chapters.iter().any(|chapter| matches!(chapter, Chapter::ProviderRefuses))
    }
}
