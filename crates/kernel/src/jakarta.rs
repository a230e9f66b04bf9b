//! Days as the workshop lives them: a *day* is a day in Asia/Jakarta (`design.md` section 6).

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Jakarta;

/// The calendar day in Jakarta that `instant` falls on.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&Jakarta).date_naive()
}

/// The instant at which `day` begins in Jakarta.
pub fn day_start(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Jakarta knows no daylight saving, so a midnight there is always exactly one instant; the
    // fallback only keeps this total for dates before the zone was fixed.
    Jakarta
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// `instant` as people in Jakarta write it: `30/06/2025 17:30`.
pub fn display(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Jakarta).format("%d/%m/%Y %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_seven_hours_before_utc() {
        let day = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        assert_eq!(day_start(day).to_rfc3339(), "2025-06-29T17:00:00+00:00");
        assert_eq!(day_of(day_start(day)), day);
    }

    #[test]
    fn late_evening_utc_is_already_tomorrow_in_jakarta() {
        let instant = Utc.with_ymd_and_hms(2025, 6, 29, 17, 0, 0).unwrap();
        assert_eq!(day_of(instant), NaiveDate::from_ymd_opt(2025, 6, 30).unwrap());
        assert_eq!(display(instant), "30/06/2025 00:00");
    }
}
