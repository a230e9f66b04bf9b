//! Random lives of an order's money: what happens in one follows from its seed alone, so that a
//! failing seed replays, on the pure model and on the real service alike.

/// The seeds to live: `default` many from 0, or those that `KONVEKSI_LIVES_SEED` says, which is one
/// to replay it, or `first..last` for others than every day's (`make chaos`); and whether it says so.
#[expect(clippy::disallowed_methods, reason = "a failing seed is replayed by hand")]
pub(crate) fn seeds(default: u64) -> (Vec<u64>, bool) {
    let Ok(said) = std::env::var("KONVEKSI_LIVES_SEED") else {
        return ((0..default).collect(), false);
    };
    let number = |text: &str| -> u64 { text.parse().expect("KONVEKSI_LIVES_SEED is a number") };
    let seeds = match said.split_once("..") {
        Some((first, last)) => number(first)..number(last),
        None => number(&said)..number(&said) + 1,
    };
    (seeds.take(usize::try_from(default).unwrap()).collect(), true)
}

/// How much is paid, seen from what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// Exactly that.
    Exact,
    /// A part of it, in percent.
    Part(u64),
    /// That and some rupiah more.
    Over(u64),
}

impl Share {
    /// The amount, where `due` rupiah are due; at least one.
    pub(crate) fn of(self, due: u64) -> u64 {
        match self {
            Share::Exact => due.max(1),
            Share::Part(percent) => (due * percent / 100).max(1),
            Share::Over(more) => due + more,
        }
    }
}

/// How a refund goes on once it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundEnd {
    /// The money goes back.
    Paid,
    /// It does not.
    Failed,
    /// Nobody has done anything yet.
    Open,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A clerk records money for the invoice at this place (counted round).
    Pay { place: usize, share: Share },
    /// The provider tells of money, `times` over.
    Callback { place: usize, share: Share, times: usize },
    /// The invoice's time passes, perhaps told after its money.
    Expire { place: usize },
    /// A plan of so many equal parts, in the place of the old one if there is one.
    Plan { parts: usize },
    /// A part is no longer asked for.
    Waive { place: usize },
    /// The plan is given up.
    CancelPlan,
    /// The price becomes so many percent of what it was.
    Reprice { percent: u64 },
    /// The goods leave.
    Ship,
    /// Credit is spent on the invoice at this place.
    UseCredit { place: usize },
    /// Money in suspense is matched with the invoice at this place.
    Match { place: usize },
    /// So many percent of the payment at this place are to go back.
    Refund { place: usize, percent: u64, end: RefundEnd },
    /// The order is given up.
    CancelOrder,
}

/// A small generator of numbers: the same seed gives the same numbers, today and later.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn place(&mut self) -> usize {
        usize::try_from(self.below(16)).unwrap()
    }

    fn refund(&mut self) -> Step {
        let (place, percent) = (self.place(), 1 + self.below(100));
        let end = match self.below(4) {
            0 | 1 => RefundEnd::Paid,
            2 => RefundEnd::Failed,
            _ => RefundEnd::Open,
        };
        Step::Refund { place, percent, end }
    }

    fn share(&mut self) -> Share {
        match self.below(4) {
            0 | 1 => Share::Exact,
            2 => Share::Part(1 + self.below(99)),
            _ => Share::Over(1 + self.below(3_000_000)),
        }
    }
}

/// The price of the order in rupiah, and what happens to it.
pub(crate) fn life(seed: u64, longest: u64) -> (u64, Vec<Step>) {
    let mut numbers = Numbers(seed);
    let price = 100_000 + numbers.below(20_000_000);
    let length = 3 + numbers.below(longest.max(4) - 3);
    let steps = (0..length)
        .map(|_| match numbers.below(100) {
            0..22 => Step::Pay { place: numbers.place(), share: numbers.share() },
            22..40 => {
                let times = 1 + usize::try_from(numbers.below(3)).unwrap();
                Step::Callback { place: numbers.place(), share: numbers.share(), times }
            }
            40..46 => Step::Expire { place: numbers.place() },
            46..58 => Step::Plan { parts: 1 + usize::try_from(numbers.below(12)).unwrap() },
            58..63 => Step::Waive { place: numbers.place() },
            63..66 => Step::CancelPlan,
            66..73 => Step::Reprice { percent: 40 + numbers.below(160) },
            73..77 => Step::Ship,
            77..83 => Step::UseCredit { place: numbers.place() },
            83..88 => Step::Match { place: numbers.place() },
            88..98 => numbers.refund(),
            _ => Step::CancelOrder,
        })
        .collect();
    (price, steps)
}
