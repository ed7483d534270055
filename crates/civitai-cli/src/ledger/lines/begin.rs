//! The leave to submit a line, and the record of its submission.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::sync::Arc;

use civitai_jobs::Buzz;

use super::super::db::{Change as _, on};
use super::super::entry::{now, seconds};
use super::super::record::values;
use super::super::{Entry, Ledger, failed};
use crate::failure::Failure;

/// A line that asks for leave.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    pub(crate) run: String,
    pub(crate) line: u32,
    /// What is written down before it is sent.
    pub(crate) entry: Entry,
    /// How long the next submission of the run waits, in milliseconds.
    pub(crate) pause: i64,
}

/// Whether a line may be submitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Leave {
    /// Its record is on disk, and it may go at this time, in milliseconds since 1970.
    Granted(i64),
    /// The run takes no more lines.
    Closed,
    /// It was begun already.
    Begun,
    /// The run has so much, and the price is over what is left of its budget.
    OverBudget(Buzz),
}

/// A run whose row is held, so that no two spend the same Buzz.
struct Claim {
    /// When the next submission may go, in milliseconds since 1970.
    turn: i64,
    budget: Option<Buzz>,
    spent: Buzz,
}

impl Ledger {
    /// Writes the submission of a line down, where the run takes it; when this returns, the record is on disk, and the
    /// price is part of what the run holds, whoever else works on it.
    pub(crate) async fn begin_line(&self, begin: Begin) -> Result<Leave, Failure> {
        let write = |lines| self.begin_lines(lines);
        self.begins.write(begin, write).await
    }

    async fn begin_lines(&self, lines: Vec<Arc<Begin>>) -> Result<Vec<Leave>, Failure> {
        let now_ms = chrono::Utc::now().timestamp_millis();
        let leaves = on!(self, pool => async {
            let mut change = pool.lasting_change().await?;
            let mut runs: BTreeMap<&str, Option<Claim>> = BTreeMap::new();
            let mut leaves = Vec::with_capacity(lines.len());
            for line in &lines {
                let claim = match runs.entry(&line.run) {
                    Slot::Occupied(claim) => claim.into_mut(),
                    Slot::Vacant(slot) => {
                        let hold = sqlx::query_as(
                            "UPDATE runs SET turn = turn WHERE run = $1 AND state = 'open' RETURNING turn, budget",
                        );
                        let held = hold.bind(&line.run).fetch_optional(&mut *change).await?;
                        let held: Option<(i64, Option<f64>)> = held;
                        let mut claim = held.map(|(turn, budget)| Claim {
                            turn,
                            budget: budget.map(Buzz::from_f64),
                            spent: Buzz::default(),
                        });
                        if let Some(claim) = claim.as_mut().filter(|claim| claim.budget.is_some()) {
                            // A statement of its own, which sees what others have written before they let the row go.
                            let spent = sqlx::query_scalar(
                                "SELECT coalesce(sum(cost), 0.0) FROM submissions WHERE run = $1 AND state <> 'refused'",
                            );
                            let spent = spent.bind(&line.run).fetch_one(&mut *change).await?;
                            claim.spent = Buzz::from_f64(spent);
                        }
                        slot.insert(claim)
                    }
                };
                let Some(claim) = claim else {
                    leaves.push(Leave::Closed);
                    continue;
                };
                let price = line.entry.cost.unwrap_or_default();
                if claim.budget.is_some_and(|budget| claim.spent + price > budget) {
                    leaves.push(Leave::OverBudget(claim.spent));
                    continue;
                }
                let begin = sqlx::query(
                    "UPDATE lines SET state = 'begun', key = $3, begun_at = $4
                     WHERE run = $1 AND line = $2 AND state = 'waiting'",
                )
                .bind(&line.run)
                .bind(i64::from(line.line))
                .bind(line.entry.key.to_string())
                .bind(seconds(now()));
                if begin.execute(&mut *change).await?.rows_affected() == 0 {
                    leaves.push(Leave::Begun);
                    continue;
                }
                let of_run = Some((line.run.as_str(), i64::from(line.line)));
                values!(&line.entry, of_run).execute(&mut *change).await?;
                claim.spent += price;
                let turn = claim.turn.max(now_ms);
                claim.turn = turn + line.pause;
                leaves.push(Leave::Granted(turn));
            }
            for (run, claim) in &runs {
                if let Some(claim) = claim {
                    let turn = sqlx::query("UPDATE runs SET turn = $2 WHERE run = $1");
                    turn.bind(*run).bind(claim.turn).execute(&mut *change).await?;
                }
            }
            pool.commit_lasting(change).await?;
            Ok::<_, sqlx::Error>(leaves)
        }.await);
        leaves.map_err(|error| failed(&error))
    }
}
