//! What is asked of the list, and the same as plain SQL.

/// One question.
#[derive(Clone, Copy)]
pub(super) struct Case {
    /// What it is.
    pub(super) name: &'static str,
    /// The list that is asked.
    pub(super) path: &'static str,
    /// Its query.
    pub(super) query: &'static str,
    /// What it is measured against.
    pub(super) target: Target,
    /// It needs so many orders to have its page.
    pub(super) least_orders: u64,
}

/// What a case is measured against.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// Orders: what the figures may take, in milliseconds, and the filter as plain SQL.
    Orders { figures_ms: u64, plain: &'static str },
    /// Nothing is promised.
    Nothing,
}

const ORDERS: &str = "/api/v1/admin/orders/";
/// Roll-ups answer.
const BY_ROLLUP: u64 = 50;
/// The orders are counted.
const BY_COUNTING: u64 = 400;

const fn rollup(name: &'static str, query: &'static str, plain: &'static str) -> Case {
    let target = Target::Orders { figures_ms: BY_ROLLUP, plain };
    Case { name, path: ORDERS, query, target, least_orders: 0 }
}

const fn counted(name: &'static str, query: &'static str, plain: &'static str) -> Case {
    let target = Target::Orders { figures_ms: BY_COUNTING, plain };
    Case { name, path: ORDERS, query, target, least_orders: 0 }
}

const fn deep(case: Case) -> Case {
    Case { least_orders: 100_000, ..case }
}

const fn deepest(case: Case) -> Case {
    Case { least_orders: 1_000_000, ..case }
}

/// All of them. The generator makes sure of the rare ones.
pub(super) static CASES: &[Case] = &[
    rollup("list, page 1", "page=1", "true"),
    deep(rollup("list, page 1,000", "page=1000", "true")),
    deepest(rollup("list, page 40,000", "page=40000", "true")),
    rollup("status=lunas", "status=lunas", "status_order = 'lunas'"),
    deep(rollup("status=lunas, page 1,000", "status=lunas&page=1000", "status_order = 'lunas'")),
    rollup("status=dibatalkan", "status=dibatalkan", "status_order = 'dibatalkan'"),
    rollup(
        "two states",
        "status=dp_dibayar,pengerjaan_selesai",
        "status_order IN ('dp_dibayar', 'pengerjaan_selesai')",
    ),
    rollup(
        "production_status=diproses",
        "production_status=diproses",
        "production_status = 'diproses'",
    ),
    rollup("payment_type=full", "payment_type=full", "payment_type = 'full'"),
    rollup(
        "a rare combination of states",
        "status=lunas&production_status=menunggu&payment_type=full",
        "status_order = 'lunas' AND production_status = 'menunggu' AND payment_type = 'full'",
    ),
    rollup(
        "one month",
        "date_from=2025-03-01&date_to=2025-03-31",
        "created_at >= '2025-02-28T17:00:00Z' AND created_at < '2025-03-31T17:00:00Z'",
    ),
    rollup(
        "one year and a state",
        "status=lunas&date_from=2025-01-01&date_to=2025-12-31",
        "status_order = 'lunas' AND created_at >= '2024-12-31T17:00:00Z' AND created_at < '2025-12-31T17:00:00Z'",
    ),
    counted(
        "amount, wide",
        "min_amount=1000000&max_amount=10000000",
        "total_price BETWEEN 1000000 AND 10000000",
    ),
    deep(counted(
        "amount, wide, page 1,000",
        "min_amount=1000000&max_amount=10000000&page=1000",
        "total_price BETWEEN 1000000 AND 10000000",
    )),
    counted(
        "amount, narrow",
        "min_amount=12000000&max_amount=12020000",
        "total_price BETWEEN 12000000 AND 12020000",
    ),
    counted("since yesterday", "since=2026-11-26T00:00:00Z", "updated_at > '2026-11-26T00:00:00Z'"),
    counted("by total", "ordering=-total_price&min_amount=1", "total_price >= 1"),
    counted("customer_name=", "customer_name=wijaya", "customer_name ILIKE '%wijaya%'"),
    counted(
        "the spec's example, of this year",
        "status=dp_dibayar&date_from=2026-01-01&date_to=2026-12-31&min_amount=1000000&max_amount=10000000",
        "status_order = 'dp_dibayar' AND created_at >= '2025-12-31T17:00:00Z' AND created_at < '2026-12-31T17:00:00Z' AND total_price BETWEEN 1000000 AND 10000000",
    ),
    counted("search: common name", "search=budi", "customer_name ILIKE '%budi%'"),
    counted("search: name with a typo", "search=bdui", "customer_name ILIKE '%budi%'"),
    counted("search: two typos", "search=sntosp", "customer_name ILIKE '%santoso%'"),
    counted(
        "search: two words, exchanged and misspelt",
        "search=wijya+sitti",
        "customer_name ILIKE '%siti%' AND customer_name ILIKE '%wijaya%'",
    ),
    counted("search: rare name", "search=quenzarino", "customer_name ILIKE '%quenzarino%'"),
    counted("search: code", "search=ord-20231128-0000", "order_code = 'ORD-20231128-0000'"),
    counted(
        "search: phone, any spelling",
        "search=%2B62+811-0000-0017",
        "contact_normalised = '6281100000017'",
    ),
    counted(
        "search: part of a phone",
        "search=1100000017",
        "contact_normalised LIKE '%1100000017%'",
    ),
    counted(
        "search: e-mail",
        "search=pelanggan14%40contoh.co.id",
        "contact_normalised = 'pelanggan14@contoh.co.id'",
    ),
    counted("search: common product", "search=kaos", "product_name ILIKE '%kaos%'"),
    deep(counted(
        "search: common product, page 1,000",
        "search=kaos&page=1000",
        "product_name ILIKE '%kaos%'",
    )),
    counted("search: rare product", "search=jas+almamater", "product_name ILIKE '%jas almamater%'"),
    counted(
        "search with a state",
        "search=budi&status=dp_dibayar",
        "customer_name ILIKE '%budi%' AND status_order = 'dp_dibayar'",
    ),
    counted(
        "common product with a state",
        "search=kaos&status=lunas",
        "product_name ILIKE '%kaos%' AND status_order = 'lunas'",
    ),
    Case {
        name: "customers, page 1",
        path: "/api/v1/admin/customers/",
        query: "page=1",
        target: Target::Nothing,
        least_orders: 0,
    },
    Case {
        name: "customers: name with a typo",
        path: "/api/v1/admin/customers/",
        query: "search=bdui",
        target: Target::Nothing,
        least_orders: 0,
    },
    Case {
        name: "production board",
        path: "/api/v1/admin/production/board/",
        query: "page_size=20",
        target: Target::Nothing,
        least_orders: 0,
    },
];
