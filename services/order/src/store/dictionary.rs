//! The words of customers' names: which of them a typed word may mean.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};

use super::statement::containing;
use crate::domain::search::{is_close, variants};

/// Words shorter than this are parts of too many others to be looked up.
const LOOKED_UP_FROM: usize = 3;
/// A part of more words than this is looked for in the names themselves.
const MOST_PARTS: usize = 1_000;

const CANDIDATES: &str = "
    SELECT found.word FROM unnest($1) AS wanted (pattern)
    CROSS JOIN LATERAL
        (SELECT word FROM search_words WHERE word LIKE wanted.pattern LIMIT $3) AS found
    UNION
    SELECT word FROM search_word_variants WHERE variant = ANY ($2)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    word: String,
}

/// What one typed word may mean in a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meaning {
    /// As it was typed, folded.
    pub(super) typed: String,
    /// Words it is part of; absent when there are too many to list.
    pub(super) parts: Option<Vec<String>>,
    /// Words it may be a misspelling of, besides those.
    pub(super) close: Vec<String>,
}

impl Meaning {
    /// Whether no name has it as a part.
    pub(super) fn is_no_part(&self) -> bool {
        self.parts.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether no name is meant.
    pub(super) fn is_nothing(&self) -> bool {
        self.is_no_part() && self.close.is_empty()
    }

    /// All words it may mean; absent when there are too many to list.
    pub(super) fn all(&self) -> Option<Vec<String>> {
        self.parts.as_ref().map(|parts| parts.iter().chain(&self.close).cloned().collect())
    }
}

/// The meaning of each of `typed`, which are folded.
pub(super) async fn look_up(
    conn: &mut Connection,
    typed: &[String],
) -> Result<Vec<Meaning>, DbError> {
    let long = |word: &&String| word.chars().count() >= LOOKED_UP_FROM;
    let patterns: Vec<String> = typed.iter().filter(long).map(|word| containing(word)).collect();
    let near: Vec<String> = typed.iter().filter(long).flat_map(|word| variants(word)).collect();
    let most = i64::try_from(MOST_PARTS + 1).unwrap_or(i64::MAX);
    let rows: Vec<Row> = if patterns.is_empty() {
        Vec::new()
    } else {
        diesel::sql_query(CANDIDATES)
            .bind::<Array<Text>, _>(patterns)
            .bind::<Array<Text>, _>(near)
            .bind::<BigInt, _>(most)
            .load(conn)
            .await?
    };
    Ok(typed.iter().map(|word| meaning(word, &rows)).collect())
}

fn meaning(typed: &str, rows: &[Row]) -> Meaning {
    let (parts, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.word.contains(typed));
    let listed = typed.chars().count() >= LOOKED_UP_FROM && parts.len() <= MOST_PARTS;
    let own = |rows: Vec<&Row>| rows.into_iter().map(|row| row.word.clone()).collect();
    let close = others.into_iter().filter(|row| is_close(typed, &row.word)).collect();
    Meaning { typed: typed.to_owned(), parts: listed.then(|| own(parts)), close: own(close) }
}
