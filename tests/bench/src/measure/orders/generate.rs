//! Orders of three years, loaded by COPY: few customers order often, most once; old orders are
//! settled, new ones under way. The same numbers make the same orders.

use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Duration, TimeDelta, Utc};
use tokio::process::Command;

use super::names::{FAMILY, GIVEN, HOUSES, OCCASIONS, PRODUCTS, SYLLABLES};
use crate::measure::Bench;

/// What every order is older than.
const UNTIL: &str = "2026-11-27T10:00:00Z";
const YEARS_DAYS: i64 = 3 * 365;
/// One customer for so many orders.
const ORDERS_OF_A_CUSTOMER: u64 = 5;

/// Off with triggers and indexes, in with the rows, on with them again.
const LOAD: &str = r"
\set ON_ERROR_STOP on
SET search_path = orders, public;
SET maintenance_work_mem = '256MB';
SET client_min_messages = warning;
ALTER TABLE orders DISABLE TRIGGER USER;
ALTER TABLE customers DISABLE TRIGGER USER;
TRUNCATE customers, orders, order_changes, order_rollup, product_rollup, name_rollup, search_words,
    search_word_variants CASCADE;
CREATE TEMP TABLE kept AS
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'orders' AND tablename = 'orders'
      AND indexname NOT IN (SELECT conname FROM pg_constraint);
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM kept LOOP EXECUTE format('DROP INDEX %I', name); END LOOP;
END $$;
\copy customers (id, version, name, phone, email, created_at, updated_at) FROM 'customers.tsv'
\copy orders (id, version, order_code, tracking_token, customer_id, customer_name, contact_information, contact_normalised, product_name, quantity, total_price, payment_type, dp_percent, notification_channel, design_notes, status_order, production_status, paid_amount, money_version, origin, notify, created_at, updated_at) FROM 'orders.tsv'
DO $$ DECLARE def text; BEGIN
    FOR def IN SELECT indexdef FROM kept LOOP EXECUTE def; END LOOP;
END $$;
ALTER TABLE orders ENABLE TRIGGER USER;
ALTER TABLE customers ENABLE TRIGGER USER;
SELECT orders_rebuild_rollups();
SELECT search_learn(array_agg(DISTINCT word))
    FROM (SELECT unnest(name_words) AS word FROM customers) AS said;
VACUUM ANALYZE;
";

/// Replaces all orders by `size` new ones.
///
/// # Errors
/// When the files cannot be written or PostgreSQL refuses them.
pub(super) async fn load(bench: &Bench, size: u64) -> Result<()> {
    let folder = bench.system.scratch();
    let until: DateTime<Utc> = UNTIL.parse()?;
    let customers = (size / ORDERS_OF_A_CUSTOMER).max(1);
    write_customers(&folder.join("customers.tsv"), customers, until)?;
    write_orders(&folder.join("orders.tsv"), size, customers, until)?;
    std::fs::write(folder.join("load.sql"), LOAD)?;
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--file=load.sql"])
        .arg(bench.system.database_url()?)
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("psql could not be run")?;
    if !output.status.success() {
        bail!("loading failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn write_customers(path: &std::path::Path, count: u64, until: DateTime<Utc>) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let since = until - Duration::days(YEARS_DAYS + 1);
    for number in 0..count {
        let (phone, email) = match contact(number) {
            (true, email) => ("\\N".to_owned(), email),
            (false, phone) => (phone, "\\N".to_owned()),
        };
        let (id, name) = (id_of(1, number), name_of(number));
        writeln!(file, "{id}\t1\t{name}\t{phone}\t{email}\t{since}\t{since}")?;
    }
    file.flush().context("customers could not be written")
}

fn write_orders(
    path: &std::path::Path,
    size: u64,
    customers: u64,
    until: DateTime<Utc>,
) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let span = YEARS_DAYS * 86_400;
    for number in 0..size {
        let mut dice = Dice::of(number.wrapping_add(7_000_000_000));
        // The shop grows: later days have more orders. Rows come in the order of time.
        let share = root_per_million(number * 1_000_000 / size);
        let age = span - span * i64::try_from(share)? / 1_000_000;
        let created = until - TimeDelta::seconds(age + dice.signed(40));
        let order = Order::drawn(&mut dice, age / 86_400);
        let customer = skewed(&mut dice, customers);
        let (is_email, contact) = contact(customer);
        let channel = if is_email { "email" } else { "whatsapp" };
        let updated = created + TimeDelta::hours(dice.signed(200).min(age / 3_600));
        let code = code(created, number);
        writeln!(
            file,
            "{}\t3\t{code}\t{:032x}\t{}\t{}\t{contact}\t{contact}\t{}\t{}\t{}\t{}\t{}\t{channel}\t\t{}\t{}\t{}\t{}\tpublic\tt\t{created}\t{updated}",
            id_of(2, number),
            number,
            id_of(1, customer),
            name_of(customer),
            order.product,
            order.quantity,
            order.total,
            order.payment_type,
            order.dp_percent,
            order.status,
            order.production,
            order.paid,
            u8::from(order.paid > 0),
        )?;
    }
    file.flush().context("orders could not be written")
}

/// What differs from order to order.
struct Order {
    product: String,
    quantity: u64,
    total: u64,
    payment_type: &'static str,
    dp_percent: &'static str,
    status: &'static str,
    production: &'static str,
    paid: u64,
}

impl Order {
    fn drawn(dice: &mut Dice, age_days: i64) -> Order {
        let product = dice.one_of(&PRODUCTS);
        let product = if dice.below(100) < 35 {
            format!("{product} {} {}", dice.one_of(&OCCASIONS), dice.below(400))
        } else {
            product.to_owned()
        };
        let quantity = 12 + dice.below(12) * dice.below(40);
        let total = quantity * (45 + dice.below(120)) * 1_000;
        let is_deposit = dice.below(10) < 7;
        let (status, production) = state(dice, age_days);
        let paid = match status {
            "lunas" => total,
            "dp_dibayar" | "pengerjaan_selesai" | "menunggu_pelunasan" => total * 6 / 10,
            _ => 0,
        };
        let (payment_type, dp_percent) = if is_deposit { ("dp", "60") } else { ("full", "\\N") };
        Order { product, quantity, total, payment_type, dp_percent, status, production, paid }
    }
}

/// Old orders are settled or given up, with very few left over; those of the last weeks are under
/// way.
fn state(dice: &mut Dice, age_days: i64) -> (&'static str, &'static str) {
    let draw = dice.below(10_000);
    if age_days > 45 {
        return match draw {
            0..=8 => ("lunas", "menunggu"),
            9..=8_999 => ("lunas", "dikirim"),
            9_000..=9_899 => ("dibatalkan", "dibatalkan"),
            _ => ("menunggu_pelunasan", "selesai"),
        };
    }
    match draw {
        0..=799 => ("menunggu_link", "menunggu"),
        800..=2_299 => ("link_dibuat", "menunggu"),
        2_300..=5_499 => ("dp_dibayar", "diproses"),
        5_500..=6_299 => ("pengerjaan_selesai", "selesai"),
        6_300..=7_299 => ("menunggu_pelunasan", "selesai"),
        7_300..=9_499 => ("lunas", "dikirim"),
        _ => ("dibatalkan", "dibatalkan"),
    }
}

/// A customer's name: the first names are common, the further ones rarer and rarer.
fn name_of(customer: u64) -> String {
    let mut dice = Dice::of(customer.wrapping_add(1_000_000_000));
    if customer == 40 {
        return "Quenzarino Wijaya".to_owned();
    }
    match dice.below(100) {
        0..=79 => format!("{} {}", common(&mut dice, &GIVEN), common(&mut dice, &FAMILY)),
        80..=87 => {
            let (first, second) = (common(&mut dice, &GIVEN), common(&mut dice, &GIVEN));
            format!("{first} {second} {}", common(&mut dice, &FAMILY))
        }
        88..=93 => format!("{} {}", common(&mut dice, &GIVEN), rare(&mut dice)),
        _ => format!("{} {} {}", dice.one_of(&HOUSES), rare(&mut dice), dice.below(60) + 1),
    }
}

/// The earlier in the list the more common.
fn common(dice: &mut Dice, words: &[&'static str]) -> &'static str {
    let length = u64::try_from(words.len()).unwrap_or(1);
    let at = dice.below(length) * dice.below(length) / length;
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or("Budi")
}

fn rare(dice: &mut Dice) -> String {
    let syllables = 2 + dice.below(3);
    let word: String = (0..syllables).map(|_| dice.one_of(&SYLLABLES)).collect();
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Whether it is an address, and which; every seventh customer has one.
fn contact(customer: u64) -> (bool, String) {
    if customer.is_multiple_of(7) {
        (true, format!("pelanggan{customer}@contoh.co.id"))
    } else {
        (false, format!("62811{customer:08}"))
    }
}

/// Few customers order much: the cube of a share prefers the first.
fn skewed(dice: &mut Dice, customers: u64) -> u64 {
    let share = u128::from(dice.below(1_000_000));
    let cube = share * share * share * u128::from(customers) / 1_000_000_000_000_000_000;
    u64::try_from(cube).unwrap_or(0).min(customers.saturating_sub(1))
}

/// `ORD-`, the day, and four letters of the number: unique within 1.6 million.
fn code(created: DateTime<Utc>, number: u64) -> String {
    const LETTERS: [char; 36] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H',
        'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
    ];
    let day = konveksi_kernel::jakarta::day_of(created);
    let mut tail = String::new();
    for power in [46_656, 1_296, 36, 1] {
        let at = usize::try_from(number / power % 36).unwrap_or(0);
        tail.extend(LETTERS.get(at));
    }
    format!("ORD-{}-{tail}", day.format("%Y%m%d"))
}

fn id_of(kind: u64, number: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128((u128::from(kind) << 96) | u128::from(number))
}

/// A whole square root, of a million parts.
fn root_per_million(per_million: u64) -> u64 {
    (per_million * 1_000_000).isqrt()
}

/// Numbers that look drawn and are always the same (`SplitMix64`).
struct Dice(u64);

impl Dice {
    const fn of(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn signed(&mut self, end: u64) -> i64 {
        i64::try_from(self.below(end)).unwrap_or(0)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let length = u64::try_from(words.len()).unwrap_or(1).max(1);
        let at = usize::try_from(self.below(length)).unwrap_or(0);
        words.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_make_the_same_orders() {
        assert_eq!(name_of(17), name_of(17));
        assert_eq!(contact(14), (true, "pelanggan14@contoh.co.id".to_owned()));
        assert_eq!(contact(17), (false, "6281100000017".to_owned()));
        let mut dice = Dice::of(1);
        assert!((0..1_000).all(|_| skewed(&mut dice, 100) < 100));
    }

    #[test]
    fn codes_differ_and_have_our_form() {
        let at = "2025-06-30T10:00:00Z".parse().unwrap();
        assert_eq!(code(at, 0), "ORD-20250630-0000");
        assert_eq!(code(at, 1_000_000), "ORD-20250630-LFLS");
    }
}
