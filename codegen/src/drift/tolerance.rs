//! Which differences `[[tolerate]]` entries explain, and which entries explain nothing.

use super::report::{Change, Difference, Report};
use crate::error::{Error, Faults};
use crate::overrides::{Overrides, Tolerated};
use crate::pointer::Pointer;

/// The entries of one contract.
pub(super) struct Tolerances<'a>(&'a [Tolerated]);

impl<'a> Tolerances<'a> {
    /// Takes the entries, refusing a kind of change that does not exist.
    pub(super) fn of(overrides: &'a Overrides) -> Result<Self, Error> {
        let words = [Change::Missing, Change::Extra, Change::Changed].map(Change::word);
        let mut faults = Faults::default();
        for entry in &overrides.tolerated {
            if !words.contains(&entry.change.as_str()) {
                let what = format!(
                    "the tolerated `{}` has the change `{}`; write one of {}",
                    entry.at,
                    entry.change,
                    words.join(", "),
                );
                faults.push(("overrides".to_owned(), Pointer::root()), what);
            }
        }
        faults.into_result()?;
        Ok(Self(&overrides.tolerated))
    }

    /// Makes the report of everything found.
    pub(super) fn sort_out(self, found: Vec<Difference>) -> Report {
        let mut report = Report::default();
        let mut used = vec![false; self.0.len()];
        for difference in found {
            let at = difference.at.to_string();
            let mut reason = None;
            for (entry, used) in self.0.iter().zip(&mut used) {
                if entry.change == difference.change.word() && covers(&entry.at, &at) {
                    *used = true;
                    reason.get_or_insert_with(|| entry.reason.clone());
                }
            }
            match reason {
                Some(reason) => report.tolerated.push((difference, reason)),
                None => report.differences.push(difference),
            }
        }
        let unused = self.0.iter().zip(used).filter(|(_, used)| !used);
        report.stale = unused.map(|(entry, _)| entry.clone()).collect();
        report
    }
}

/// An entry covers its own place and what is inside it; with a `*` behind, whatever begins so.
fn covers(entry: &str, at: &str) -> bool {
    match entry.strip_suffix('*') {
        Some(beginning) => at.starts_with(beginning),
        None => at
            .strip_prefix(entry)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '.'])),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn entries_cover_their_place_and_what_is_inside_it() {
        assert!(covers("schema Job", "schema Job"));
        assert!(covers("schema Job", "schema Job.cost"));
        assert!(covers(
            "operation GET /jobs",
            "operation GET /jobs param id"
        ));
        assert!(!covers("schema Job", "schema JobStatus"));
        assert!(!covers("operation GET /jobs", "operation GET /jobs/{id}"));
        assert!(covers("schema Job*", "schema JobStatus.cost"));
    }
}
