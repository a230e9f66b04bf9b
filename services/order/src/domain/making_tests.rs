//! No sequence of reports makes more pieces than there are.

use chrono::TimeZone as _;
use proptest::prelude::*;

use super::*;
use crate::domain::garment;

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 6, 30, 8, minute, 0).unwrap()
}

fn making(lots: &[i32], stages: &[&str]) -> Making {
    let lots = (0..).zip(lots).map(|(index, quantity): (i32, _)| Lot {
        item: 1,
        size: format!("U{index}"),
        quantity: *quantity,
    });
    let stages = stages.iter().map(|name| StageWork {
        code: name.to_lowercase(),
        name: (*name).to_owned(),
        due_on: None,
        started_at: None,
        finished_at: None,
        counts: Vec::new(),
    });
    Making::new(lots.collect(), stages.collect())
}

fn done(stage: usize, lot: usize, good: i32, reject: i32) -> Done {
    Done { stage, lot, good, reject }
}

#[test]
fn a_plain_order_is_one_lot_and_a_matrix_one_for_each_size() {
    let plain = lots_of(&Garments::default(), 24);
    assert_eq!(plain, [Lot { item: 1, size: "-".into(), quantity: 24 }]);
    let lots = lots_of(&garment::tests::garments(), 15);
    assert_eq!(lots.len(), 2);
    assert_eq!(lots.iter().map(|lot| lot.quantity).sum::<i32>(), 15);
    let making = Making::new(lots, Vec::new());
    assert_eq!(making.lot_of(None, Some("2xl")), Some(1));
    assert_eq!(making.lot_of(Some(1), None), None, "two sizes could be meant");
    assert_eq!(making.lot_of(Some(2), Some("M")), None);
}

#[test]
fn an_order_goes_through_its_stages() {
    let mut making = making(&[10, 5], &["Potong", "Jahit"]);
    assert_eq!(making.progress(), ProductionStatus::Waiting);
    assert_eq!(making.current(), Some(0));
    making.report(&[done(0, 0, 10, 0), done(0, 1, 3, 0)], at(1)).unwrap();
    assert_eq!((making.progress(), making.current()), (ProductionStatus::InProgress, Some(0)));
    // Sewing may begin with what was cut.
    making.report(&[done(1, 0, 8, 2)], at(2)).unwrap();
    making.report(&[done(0, 1, 2, 0)], at(3)).unwrap();
    assert_eq!(making.current(), Some(1));
    assert_eq!(making.stages()[0].started_at, Some(at(1)));
    assert_eq!(making.stages()[0].finished_at, Some(at(3)));
    // The two rejects are cut again, and sewn.
    making.rework(Rework { stage: 1, lot: 0, back_to: 0, pieces: 2 }, at(4)).unwrap();
    assert_eq!(making.current(), Some(0));
    assert_eq!(making.stages()[0].finished_at, None);
    making.report(&[done(0, 0, 2, 0), done(1, 0, 2, 0), done(1, 1, 5, 0)], at(5)).unwrap();
    assert_eq!((making.progress(), making.current()), (ProductionStatus::Finished, None));
}

#[test]
fn a_report_that_cannot_be_true_says_why_and_changes_nothing() {
    let mut making = making(&[10], &["Potong", "Jahit"]);
    let too_many = making.report(&[done(0, 0, 11, 0)], at(1)).unwrap_err();
    let expected = MakingError::MoreThanReached {
        stage: "Potong".into(),
        size: "U0".into(),
        counted: 11,
        reached: 10,
    };
    assert_eq!(too_many, expected);
    making.report(&[done(0, 0, 6, 1)], at(1)).unwrap();
    let before = making.clone();
    assert!(matches!(
        making.report(&[done(1, 0, 5, 2)], at(2)),
        Err(MakingError::MoreThanReached { counted: 7, reached: 6, .. })
    ));
    assert!(matches!(
        making.report(&[done(0, 0, 1, 0), done(0, 0, 0, -2)], at(2)),
        Err(MakingError::BelowNothing { .. })
    ));
    assert_eq!(making.report(&[done(2, 0, 1, 0)], at(2)), Err(MakingError::Unknown));
    let on = Rework { stage: 0, lot: 0, back_to: 1, pieces: 1 };
    assert_eq!(making.rework(on, at(2)), Err(MakingError::NotBack));
    let none = Rework { stage: 1, lot: 0, back_to: 0, pieces: 1 };
    assert!(matches!(making.rework(none, at(2)), Err(MakingError::BelowNothing { .. })));
    assert_eq!(making, before);
    making.report(&[done(1, 0, 4, 1)], at(2)).unwrap();
    let taken = making.report(&[done(0, 0, -2, 0)], at(3)).unwrap_err();
    assert!(matches!(taken, MakingError::NeededByNext { needed: 5, .. }), "{taken}");
}

/// Anything the floor can say.
#[derive(Debug, Clone)]
enum Said {
    Reports(Vec<Done>),
    Back(Rework),
}

const STAGES: usize = 4;
const LOTS: usize = 3;

fn said() -> impl Strategy<Value = Said> {
    let line = (0..=STAGES, 0..=LOTS, -6_i32..14, -3_i32..5)
        .prop_map(|(stage, lot, good, reject)| Done { stage, lot, good, reject });
    let back = (0..STAGES, 0..LOTS, 0..STAGES, 1_i32..5)
        .prop_map(|(stage, lot, back_to, pieces)| Rework { stage, lot, back_to, pieces });
    prop_oneof![
        4 => proptest::collection::vec(line, 1..4).prop_map(Said::Reports),
        1 => back.prop_map(Said::Back),
    ]
}

proptest! {
    #[test]
    fn counts_never_exceed_the_stage_before_whatever_is_said(
        said in proptest::collection::vec(said(), 0..60),
    ) {
        let mut making = making(&[12, 7, 1], &["Potong", "Sablon", "Jahit", "QC"]);
        for (minute, said) in (0_u32..).zip(&said) {
            let before = making.clone();
            let taken = match said {
                Said::Reports(lines) => making.report(lines, at(minute % 60)),
                Said::Back(rework) => making.rework(*rework, at(minute % 60)),
            };
            if taken.is_err() {
                prop_assert_eq!(&making, &before, "a refused report changes nothing");
            }
            for stage in 0..STAGES {
                for lot in 0..LOTS {
                    let count = making.count(stage, lot).unwrap();
                    prop_assert!(count.good >= 0 && count.reject >= 0);
                    prop_assert!(
                        i64::from(count.good) + i64::from(count.reject)
                            <= making.reached(stage, lot)
                    );
                }
                prop_assert_eq!(
                    making.stages()[stage].finished_at.is_some(),
                    making.is_finished(stage)
                );
            }
            // Finished means that every piece ordered came through the last stage.
            let through = (0..LOTS).all(|lot| {
                i64::from(making.count(STAGES - 1, lot).unwrap().good) == making.reached(0, lot)
            });
            prop_assert_eq!(making.progress() == ProductionStatus::Finished, through);
        }
    }

    #[test]
    fn rework_only_moves_pieces_back(
        cut in 1_i32..20,
        rejected in 1_i32..20,
        back_to in 0_usize..3,
    ) {
        prop_assume!(rejected <= cut);
        let mut making = making(&[20], &["Potong", "Sablon", "Jahit"]);
        making.report(&[done(0, 0, cut, 0), done(1, 0, cut, 0)], at(0)).unwrap();
        making.report(&[done(2, 0, cut - rejected, rejected)], at(1)).unwrap();
        let rework = Rework { stage: 2, lot: 0, back_to, pieces: rejected };
        making.rework(rework, at(2)).unwrap();
        let lines: Vec<Done> = (back_to..3).map(|stage| done(stage, 0, rejected, 0)).collect();
        making.report(&lines, at(3)).unwrap();
        for stage in 0..3 {
            prop_assert_eq!(making.count(stage, 0).unwrap(), Count { good: cut, reject: 0 });
        }
    }
}
