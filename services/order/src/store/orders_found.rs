//! What a filter and a search ask of an order, as conditions of a statement over `orders`.

use chrono::Days;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::jakarta;

use super::dictionary::{self, Meaning};
use super::statement::{Bind, Statement, containing};
use crate::domain::filter::Filter;
use crate::domain::search::{Search, Tier, fold};

/// A filter whose words were looked up.
pub(super) struct Wanted<'a> {
    filter: &'a Filter,
    /// Of the search's words.
    meanings: Vec<Meaning>,
    /// Of the words of `customer_name`.
    name: Vec<Meaning>,
}

impl<'a> Wanted<'a> {
    /// Looks the filter's words up.
    pub(super) async fn of(
        conn: &mut Connection,
        filter: &'a Filter,
    ) -> Result<Wanted<'a>, DbError> {
        let searched = filter.search.as_ref().map(|search| search.words.clone());
        let named = filter.customer_name.as_deref().map(fold).unwrap_or_default();
        let mut words = searched.unwrap_or_default();
        let of_search = words.len();
        words.extend(named.split_whitespace().map(str::to_owned));
        let mut meanings =
            if words.is_empty() { Vec::new() } else { dictionary::look_up(conn, &words).await? };
        let name = meanings.split_off(of_search);
        Ok(Wanted { filter, meanings, name })
    }

    /// Adds every condition but the search's, each with AND before it. Deleted orders are out.
    pub(super) fn narrow(&self, statement: &mut Statement) {
        let filter = self.filter;
        statement.then(" deleted_at IS NULL");
        narrow_states(statement, filter);
        if let Some(day) = filter.date_from {
            statement.then(" AND created_at >= ").bind(Bind::Instant(jakarta::day_start(day)));
        }
        if let Some(after) = filter.date_to.and_then(|day| day.checked_add_days(Days::new(1))) {
            statement.then(" AND created_at < ").bind(Bind::Instant(jakarta::day_start(after)));
        }
        if let Some(least) = filter.min_amount {
            statement.then(" AND total_price >= ").bind(Bind::Amount(least.as_decimal()));
        }
        if let Some(most) = filter.max_amount {
            statement.then(" AND total_price <= ").bind(Bind::Amount(most.as_decimal()));
        }
        if let Some(code) = &filter.order_code {
            statement.then(" AND order_code = ").bind(Bind::Text(code.clone()));
        }
        if let Some(since) = filter.since {
            statement.then(" AND updated_at > ").bind(Bind::Instant(since));
        }
        if let Some(customer) = filter.customer_id {
            let id = Bind::Id(customer.as_uuid());
            statement.then(" AND customer_id = ANY (ARRAY(SELECT id FROM customers WHERE id = ");
            statement.bind(id.clone()).then(" OR merged_into = ").bind(id).then("))");
        }
        self.narrow_name(statement);
    }

    /// Adds the condition of `customer_name`, with AND before it.
    pub(super) fn narrow_name(&self, statement: &mut Statement) {
        let Some(name) = &self.filter.customer_name else { return };
        // The words find the rows by index, the whole text says which of them are meant.
        for parts in self.name.iter().filter_map(|meaning| meaning.parts.as_ref()) {
            statement.then(" AND name_words && ").bind(Bind::Texts(parts.clone()));
        }
        statement.then(" AND name_folded LIKE ").bind(Bind::Text(containing(&fold(name))));
    }

    /// The tiers of the search that some order could be in, best first.
    pub(super) fn tiers(&self) -> Vec<Tier> {
        let Some(search) = &self.filter.search else { return Vec::new() };
        Tier::ALL.into_iter().filter(|tier| self.is_possible(search, *tier)).collect()
    }

    fn is_possible(&self, search: &Search, tier: Tier) -> bool {
        let words = !search.words.is_empty();
        match tier {
            Tier::Code => search.code.is_some(),
            Tier::Contact => search.contact.is_some(),
            Tier::NameWords | Tier::NamePart => {
                words && !self.meanings.iter().any(Meaning::is_no_part)
            }
            Tier::Product => words,
            Tier::ContactPart => search.contact_part.is_some(),
            Tier::NameMisspelt => words && !self.meanings.iter().any(Meaning::is_nothing),
        }
    }

    /// Adds the condition of a possible tier. Better tiers are not excluded.
    pub(super) fn met(&self, statement: &mut Statement, tier: Tier) {
        let Some(search) = &self.filter.search else { return };
        let text = |value: &Option<String>| Bind::Text(value.clone().unwrap_or_default());
        match tier {
            Tier::Code => drop(statement.then("order_code = ").bind(text(&search.code))),
            Tier::Contact => {
                statement.then("contact_normalised = ").bind(text(&search.contact));
            }
            Tier::NameWords => {
                statement.then("name_words @> ").bind(Bind::Texts(search.words.clone()));
            }
            Tier::NamePart => {
                each(statement, &self.meanings, |statement, meaning| match &meaning.parts {
                    Some(parts) => {
                        statement.then("name_words && ").bind(Bind::Texts(parts.clone()));
                    }
                    None => like(statement, "name_folded LIKE ", &meaning.typed),
                });
            }
            Tier::Product => each(statement, &search.words, |statement, word| {
                like(statement, "product_folded LIKE ", word);
            }),
            Tier::ContactPart => {
                like(
                    statement,
                    "contact_normalised LIKE ",
                    search.contact_part.as_deref().unwrap_or_default(),
                );
            }
            Tier::NameMisspelt => nearly_named(statement, &self.meanings),
        }
    }

    /// Adds that one of `tiers` is met, in brackets. Tiers that others of them contain are left out.
    pub(super) fn met_any(&self, statement: &mut Statement, tiers: &[Tier]) {
        statement.then("(");
        let mut first = true;
        for tier in tiers.iter().filter(|tier| !is_contained(**tier, tiers)) {
            if !std::mem::take(&mut first) {
                statement.then(" OR ");
            }
            self.met(statement, *tier);
        }
        if first {
            statement.then("false");
        }
        statement.then(")");
    }
}

/// Adds what is asked of the states and the way to pay, with AND before each.
pub(super) fn narrow_states(statement: &mut Statement, filter: &Filter) {
    let words = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect();
    if !filter.status.is_empty() {
        let states = filter.status.iter().map(|status| status.as_wire()).collect();
        statement.then(" AND status_order = ANY (").bind(Bind::Texts(words(states))).then(")");
    }
    if !filter.production_status.is_empty() {
        let states = filter.production_status.iter().map(|status| status.as_wire()).collect();
        statement.then(" AND production_status = ANY (").bind(Bind::Texts(words(states))).then(")");
    }
    if !filter.payment_type.is_empty() {
        let kinds = filter.payment_type.iter().map(|kind| kind.as_wire()).collect();
        statement.then(" AND payment_type = ANY (").bind(Bind::Texts(words(kinds))).then(")");
    }
}

/// Adds what is asked of each item, joined with AND, in brackets.
pub(super) fn each<T>(statement: &mut Statement, items: &[T], ask: impl Fn(&mut Statement, &T)) {
    statement.then("(");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            statement.then(" AND ");
        }
        ask(statement, item);
    }
    statement.then(")");
}

/// Adds that each word is part of the name or one of its words misspelt. Also for customers, whose
/// columns have the same names.
pub(super) fn nearly_named(statement: &mut Statement, meanings: &[Meaning]) {
    each(statement, meanings, |statement, meaning| {
        if let Some(all) = meaning.all() {
            statement.then("name_words && ").bind(Bind::Texts(all));
        } else {
            like(statement, "(name_folded LIKE ", &meaning.typed);
            statement.then(" OR name_words && ").bind(Bind::Texts(meaning.close.clone()));
            statement.then(")");
        }
    });
}

/// Adds a condition that ends in LIKE, and what is to be part of the text.
pub(super) fn like(statement: &mut Statement, begin: &'static str, part: &str) {
    statement.then(begin).bind(Bind::Text(containing(part)));
}

/// Whether what `tier` finds is found by another of `tiers` as well.
fn is_contained(tier: Tier, tiers: &[Tier]) -> bool {
    match tier {
        Tier::NameWords => tiers.contains(&Tier::NamePart) || tiers.contains(&Tier::NameMisspelt),
        Tier::NamePart => tiers.contains(&Tier::NameMisspelt),
        Tier::Code | Tier::Contact | Tier::Product | Tier::ContactPart | Tier::NameMisspelt => {
            false
        }
    }
}
