//! The stages a workshop makes its orders in: the shop's list, and the copy an order keeps.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};

use super::field::{Complaints, line, whole_number};

/// The most stages of one list.
pub(crate) const MAX_STAGES: usize = 20;
/// The board's column of orders whose work has not begun.
pub(crate) const QUEUE: &str = "menunggu";
/// The board's column of orders that are made without stages: staff said so by hand.
pub(crate) const BY_HAND: &str = "diproses";
/// The longest a stage is planned to take.
const MAX_DAYS: i32 = 365;
/// The longest code.
const MAX_CODE: usize = 40;

/// One stage of the shop's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShopStage {
    /// Its name in programs, such as `sablon-bordir`.
    pub(crate) code: String,
    /// Its name for people.
    pub(crate) name: String,
    /// Days it may take; absent when nothing is planned.
    pub(crate) days: Option<i16>,
}

/// One stage as it was sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct StageDraft {
    /// Made of the name when absent.
    pub(crate) code: Option<String>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// Days it may take.
    pub(crate) days: Option<String>,
    /// By when it is to be finished, `YYYY-MM-DD`; only in an order's own list.
    pub(crate) due_on: Option<String>,
}

/// A stage of a list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageInput {
    /// The stage.
    pub(crate) stage: ShopStage,
    /// By when it is to be finished.
    pub(crate) due_on: Option<NaiveDate>,
}

/// Reads a list of stages, first to last.
///
/// # Errors
/// Every complaint there is.
pub(crate) fn read_stages(drafts: &[StageDraft]) -> Result<Vec<StageInput>, Complaints> {
    let mut wrong = Complaints::default();
    if drafts.is_empty() || drafts.len() > MAX_STAGES {
        wrong.add("stages", format!("Harus 1 sampai {MAX_STAGES} tahap."));
        return Err(wrong);
    }
    let mut seen = HashSet::new();
    let mut stages = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let mut complain = |name: &str, message: String| {
            wrong.add_at("stages", format!("[{index}].{name}"), message);
        };
        let stage = read_stage(draft, &mut complain);
        if let Some(stage) = stage {
            if seen.insert(stage.stage.code.clone()) {
                stages.push(stage);
            } else {
                complain("code", format!("Kode {} sudah dipakai.", stage.stage.code));
            }
        }
    }
    if wrong.is_empty() { Ok(stages) } else { Err(wrong) }
}

fn read_stage(draft: &StageDraft, complain: &mut impl FnMut(&str, String)) -> Option<StageInput> {
    let name = line(draft.name.as_deref().unwrap_or_default(), 2, 60)
        .map_err(|message| complain("name", message))
        .ok();
    let code = match (draft.code.as_deref().map(str::trim), &name) {
        (Some(code), _) if !code.is_empty() => read_code(code),
        (_, Some(name)) => read_code(&slug(name)),
        (_, None) => return None,
    };
    let code = code.map_err(|message| complain("code", message)).ok();
    let days = match draft.days.as_deref() {
        None => Ok(None),
        Some(text) => whole_number(text, 0, MAX_DAYS).map(Some),
    };
    let days = days.map_err(|message| complain("days", message)).ok();
    let due_on = match draft.due_on.as_deref() {
        None => Ok(None),
        Some(text) => read_day(text).map(Some),
    };
    let due_on = due_on.map_err(|message| complain("due_on", message)).ok();
    let days = days?.and_then(|days| i16::try_from(days).ok());
    Some(StageInput { stage: ShopStage { code: code?, name: name?, days }, due_on: due_on? })
}

/// A day as `YYYY-MM-DD`.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn read_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_not_a_day| "Harus berupa tanggal YYYY-MM-DD.".to_owned())
}

fn read_code(code: &str) -> Result<String, String> {
    let formed = !code.is_empty()
        && code.len() <= MAX_CODE
        && code.split('-').all(|word| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
    if !formed {
        return Err("Harus huruf kecil, angka, dan tanda hubung, paling banyak 40.".to_owned());
    }
    if code == QUEUE || code == BY_HAND {
        return Err(format!("Kode {code} sudah dipakai oleh papan produksi."));
    }
    Ok(code.to_owned())
}

/// A code made of a name: `Sablon / Bordir` becomes `sablon-bordir`.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-").chars().take(MAX_CODE).collect::<String>().trim_end_matches('-').to_owned()
}

/// By when each stage is to be finished when work begins on `today`: one after the other. A stage
/// without a plan, and all after it, have no day.
pub(crate) fn due_days(stages: &[ShopStage], today: NaiveDate) -> Vec<Option<NaiveDate>> {
    let mut day = Some(today);
    let mut due = Vec::with_capacity(stages.len());
    for stage in stages {
        let days = stage.days.and_then(|days| u64::try_from(days).ok());
        day = day.zip(days).and_then(|(day, days)| day.checked_add_days(Days::new(days)));
        due.push(day);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(name: &str) -> StageDraft {
        StageDraft { name: Some(name.to_owned()), ..StageDraft::default() }
    }

    fn complaints(drafts: &[StageDraft]) -> Vec<String> {
        let errors = read_stages(drafts).unwrap_err().into_errors();
        errors.into_iter().map(|error| format!("{}{}", error.field, error.path)).collect()
    }

    #[test]
    fn a_code_is_made_of_the_name() {
        let stages = read_stages(&[draft("Potong"), draft("Sablon / Bordir"), draft("QC")]);
        let codes: Vec<_> = stages.unwrap().into_iter().map(|one| one.stage.code).collect();
        assert_eq!(codes, ["potong", "sablon-bordir", "qc"]);
    }

    #[test]
    fn bad_lists_say_where() {
        assert_eq!(complaints(&[]), ["stages"]);
        assert_eq!(complaints(&vec![draft("Potong"); 21]), ["stages"]);
        assert_eq!(complaints(&[draft("Potong"), draft("potong")]), ["stages[1].code"]);
        assert_eq!(
            complaints(&[draft("Menunggu"), draft("P")]),
            ["stages[0].code", "stages[1].name"]
        );
        let odd = StageDraft {
            code: Some("Jahit Rapi".into()),
            days: Some("-1".into()),
            due_on: Some("besok".into()),
            ..draft("Jahit")
        };
        assert_eq!(complaints(&[odd]), ["stages[0].code", "stages[0].days", "stages[0].due_on"]);
        // A name without a letter makes no code.
        assert_eq!(complaints(&[draft("裁断")]), ["stages[0].code"]);
    }

    #[test]
    fn days_add_up_until_one_is_not_planned() {
        let stage = |days| ShopStage { code: "a".into(), name: "A".into(), days };
        let today = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        let day = |day| NaiveDate::from_ymd_opt(2025, 7, day);
        let stages = [stage(Some(2)), stage(Some(1)), stage(None), stage(Some(4))];
        assert_eq!(due_days(&stages, today), [day(2), day(3), None, None]);
    }
}
