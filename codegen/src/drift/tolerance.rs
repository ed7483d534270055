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
            if difference.extension.is_some() {
                report.extensions.push(difference);
                continue;
            }
            let at = difference.at.to_string();
            let mut reason = None;
            for (entry, used) in self.0.iter().zip(&mut used) {
                let says = entry
                    .says
                    .as_ref()
                    .is_none_or(|says| *says == difference.message);
                if says && entry.change == difference.change.word() && covers(&entry.at, &at) {
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

/// An entry covers its own place and what is inside it; with a `*` it covers what fits, the star
/// standing for anything.
fn covers(entry: &str, at: &str) -> bool {
    let mut parts = entry.split('*');
    let Some(mut rest) = parts
        .next()
        .and_then(|beginning| at.strip_prefix(beginning))
    else {
        return false;
    };
    if !entry.contains('*') {
        return rest.is_empty() || rest.starts_with([' ', '.']);
    }
    let parts: Vec<&str> = parts.collect();
    let (end, inner) = parts.split_last().unwrap_or((&"", &[]));
    for part in inner {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(end)
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
        assert!(covers("operation * body", "operation PUT /jobs body"));
        assert!(covers(
            "operation * /v1/*/body",
            "operation PUT /v1/jobs/body"
        ));
        assert!(!covers("operation * body", "operation PUT /body param id"));
        assert!(!covers("operation * x * body", "operation PUT /jobs body"));
    }
}
