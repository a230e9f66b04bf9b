//! How far an order is made: pieces by stage, item and size.
//!
//! A piece reaches a stage when the stage before it called it good, so no stage can have more good
//! and rejected pieces together than the one before has good ones, and the first no more than were
//! ordered. Rejects wait at their stage until they are sent back; the stages from there on have to
//! make them again. Whatever is reported in whatever order, this holds or the report is refused.

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;

use super::garment::Garments;
use super::production::ProductionStatus;

/// The size of a plain order's pieces.
pub(crate) const PLAIN_SIZE: &str = "-";

/// Pieces of one item and size that are to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lot {
    /// The garment, from 1; 1 for a plain order.
    pub(crate) item: i16,
    /// The size; `-` for a plain order.
    pub(crate) size: String,
    /// How many were ordered.
    pub(crate) quantity: i32,
}

/// What is to be made of an order.
pub(crate) fn lots_of(garments: &Garments, quantity: i32) -> Vec<Lot> {
    if garments.is_plain() {
        return vec![Lot { item: 1, size: PLAIN_SIZE.to_owned(), quantity }];
    }
    let lots = (1_i16..).zip(&garments.items).flat_map(|(number, item)| {
        item.sizes.iter().map(move |line| Lot {
            item: number,
            size: line.size.clone(),
            quantity: line.quantity,
        })
    });
    lots.collect()
}

/// Pieces of one lot that a stage dealt with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Went on, or could.
    pub(crate) good: i32,
    /// Wait to be made again.
    pub(crate) reject: i32,
}

/// One stage of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageWork {
    /// Its name in programs.
    pub(crate) code: String,
    /// Its name for people.
    pub(crate) name: String,
    /// By when it is to be finished.
    pub(crate) due_on: Option<NaiveDate>,
    /// When something was first reported.
    pub(crate) started_at: Option<DateTime<Utc>>,
    /// When it was finished; absent again when pieces were sent back.
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// One for each lot, in the lots' order.
    pub(crate) counts: Vec<Count>,
}

/// How far an order is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Making {
    lots: Vec<Lot>,
    stages: Vec<StageWork>,
}

/// One line of a report: what a stage did with a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// Which stage, from 0.
    pub(crate) stage: usize,
    /// Which lot, from 0.
    pub(crate) lot: usize,
    /// More good pieces; less than nothing corrects.
    pub(crate) good: i32,
    /// More rejects; less than nothing corrects.
    pub(crate) reject: i32,
}

/// Rejects that are sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rework {
    /// Where they lie, from 0.
    pub(crate) stage: usize,
    /// Which lot, from 0.
    pub(crate) lot: usize,
    /// Where they are made again; not after `stage`.
    pub(crate) back_to: usize,
    /// How many, from 1.
    pub(crate) pieces: i32,
}

/// A report that cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum MakingError {
    /// No such stage, or no such lot.
    #[error("no such stage or size")]
    Unknown,
    /// More pieces than reached the stage.
    #[error("stage {stage}, size {size}: {counted} pieces counted, {reached} reached it")]
    MoreThanReached {
        /// The stage's name.
        stage: String,
        /// The lot's size.
        size: String,
        /// Good and rejected pieces with this report.
        counted: i64,
        /// Pieces that the stage before finished, or were ordered.
        reached: i64,
    },
    /// A correction or rework below nothing.
    #[error("stage {stage}, size {size}: fewer than no pieces")]
    BelowNothing {
        /// The stage's name.
        stage: String,
        /// The lot's size.
        size: String,
    },
    /// Pieces taken back that the next stage has dealt with already.
    #[error("stage {stage}, size {size}: the next stage has dealt with {needed} pieces")]
    NeededByNext {
        /// The stage's name.
        stage: String,
        /// The lot's size.
        size: String,
        /// Pieces the next stage counted.
        needed: i64,
    },
    /// Rejects sent to a stage after their own.
    #[error("rejects are sent back, not on")]
    NotBack,
}

impl Making {
    /// Work of `stages` on `lots`. Counts of lots that are not there any more are left out.
    pub(crate) fn new(lots: Vec<Lot>, mut stages: Vec<StageWork>) -> Making {
        for stage in &mut stages {
            stage.counts.resize(lots.len(), Count::default());
        }
        Making { lots, stages }
    }

    /// What is to be made.
    pub(crate) fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// The stages, first to last.
    pub(crate) fn stages(&self) -> &[StageWork] {
        &self.stages
    }

    /// Whether the order has its stages.
    pub(crate) fn is_opened(&self) -> bool {
        !self.stages.is_empty()
    }

    /// Where the stage with this code is.
    pub(crate) fn stage_of(&self, code: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.code == code)
    }

    /// Where the lot of this item and size is. What is not said is understood when only one lot
    /// can be meant.
    pub(crate) fn lot_of(&self, item: Option<i16>, size: Option<&str>) -> Option<usize> {
        let mut fitting = self.lots.iter().enumerate().filter(|(_, lot)| {
            item.is_none_or(|item| lot.item == item)
                && size.is_none_or(|size| lot.size.eq_ignore_ascii_case(size))
        });
        let (found, _) = fitting.next()?;
        fitting.next().is_none().then_some(found)
    }

    /// Pieces that reached a stage: good ones of the stage before, else what was ordered.
    pub(crate) fn reached(&self, stage: usize, lot: usize) -> i64 {
        let before = stage.checked_sub(1).and_then(|before| self.count(before, lot));
        let ordered = self.lots.get(lot).map_or(0, |lot| lot.quantity);
        i64::from(before.map_or(ordered, |count| count.good))
    }

    /// What a stage counted of a lot.
    pub(crate) fn count(&self, stage: usize, lot: usize) -> Option<Count> {
        self.stages.get(stage).and_then(|stage| stage.counts.get(lot)).copied()
    }

    /// Whether anything was counted at any stage.
    pub(crate) fn is_begun(&self) -> bool {
        let mut counts = self.stages.iter().flat_map(|stage| &stage.counts);
        counts.any(|count| *count != Count::default())
    }

    /// Whether a stage finished every piece.
    pub(crate) fn is_finished(&self, stage: usize) -> bool {
        let every = |work: &StageWork| {
            self.lots.iter().zip(&work.counts).all(|(lot, count)| count.good >= lot.quantity)
        };
        self.stages.get(stage).is_some_and(every)
    }

    /// The first stage that has not finished every piece; absent when all have, and before the
    /// order has stages.
    pub(crate) fn current(&self) -> Option<usize> {
        (0..self.stages.len()).find(|stage| !self.is_finished(*stage))
    }

    /// What the counts say about production as a whole.
    pub(crate) fn progress(&self) -> ProductionStatus {
        if !self.is_begun() {
            ProductionStatus::Waiting
        } else if self.current().is_none() {
            ProductionStatus::Finished
        } else {
            ProductionStatus::InProgress
        }
    }

    /// Takes reports, all of them or none.
    ///
    /// # Errors
    /// [`MakingError`]; nothing is changed then.
    pub(crate) fn report(
        &mut self,
        reports: &[Done],
        at: DateTime<Utc>,
    ) -> Result<(), MakingError> {
        self.all_or_nothing(at, |making| {
            reports.iter().try_for_each(|done| {
                let count = making.count_mut(done.stage, done.lot)?;
                count.good = count.good.saturating_add(done.good);
                count.reject = count.reject.saturating_add(done.reject);
                Ok(())
            })
        })
    }

    /// Sends rejects back: the stages from there on lose them, and make them again.
    ///
    /// # Errors
    /// [`MakingError`]; nothing is changed then.
    pub(crate) fn rework(&mut self, rework: Rework, at: DateTime<Utc>) -> Result<(), MakingError> {
        if rework.back_to > rework.stage {
            return Err(MakingError::NotBack);
        }
        self.all_or_nothing(at, |making| {
            let rejects = making.count_mut(rework.stage, rework.lot)?;
            rejects.reject = rejects.reject.saturating_sub(rework.pieces);
            for stage in rework.back_to..rework.stage {
                let count = making.count_mut(stage, rework.lot)?;
                count.good = count.good.saturating_sub(rework.pieces);
            }
            Ok(())
        })
    }

    fn all_or_nothing(
        &mut self,
        at: DateTime<Utc>,
        work: impl FnOnce(&mut Making) -> Result<(), MakingError>,
    ) -> Result<(), MakingError> {
        let mut tried = self.clone();
        work(&mut tried)?;
        tried.check(self)?;
        tried.stamp(self, at);
        *self = tried;
        Ok(())
    }

    /// Whether the counts can be true. `before` tells a stage that took too much from one that
    /// gave back what the next had used.
    fn check(&self, before: &Making) -> Result<(), MakingError> {
        for (stage, work) in self.stages.iter().enumerate() {
            for (lot, count) in work.counts.iter().enumerate() {
                let size = || self.lots.get(lot).map_or_else(String::new, |lot| lot.size.clone());
                if count.good < 0 || count.reject < 0 {
                    return Err(MakingError::BelowNothing {
                        stage: work.name.clone(),
                        size: size(),
                    });
                }
                let counted = i64::from(count.good) + i64::from(count.reject);
                let reached = self.reached(stage, lot);
                if counted <= reached {
                    continue;
                }
                let earlier = stage.checked_sub(1).and_then(|earlier| self.stages.get(earlier));
                return Err(match earlier {
                    Some(earlier) if before.reached(stage, lot) > reached => {
                        MakingError::NeededByNext {
                            stage: earlier.name.clone(),
                            size: size(),
                            needed: counted,
                        }
                    }
                    Some(_) | None => MakingError::MoreThanReached {
                        stage: work.name.clone(),
                        size: size(),
                        counted,
                        reached,
                    },
                });
            }
        }
        Ok(())
    }

    /// Notes when stages began and ended.
    fn stamp(&mut self, before: &Making, at: DateTime<Utc>) {
        let finished: Vec<bool> =
            (0..self.stages.len()).map(|stage| self.is_finished(stage)).collect();
        for ((work, old), finished) in self.stages.iter_mut().zip(&before.stages).zip(finished) {
            if work.counts != old.counts {
                work.started_at = work.started_at.or(Some(at));
            }
            let ended = || work.finished_at.or(Some(at)).filter(|_| work.started_at.is_some());
            work.finished_at = if finished { ended() } else { None };
        }
    }

    fn count_mut(&mut self, stage: usize, lot: usize) -> Result<&mut Count, MakingError> {
        let stage = self.stages.get_mut(stage).ok_or(MakingError::Unknown)?;
        stage.counts.get_mut(lot).ok_or(MakingError::Unknown)
    }
}

#[cfg(test)]
#[path = "making_tests.rs"]
mod tests;
