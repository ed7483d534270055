//! The report as text for people and as JSON for machines.

use std::fmt;

use serde_json::{Value, json};

use super::location::Subject;
use super::report::{CaughtUp, Difference, Report};

impl Report {
    /// Returns the report as one JSON document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let explained = self.tolerated.iter().map(|(difference, reason)| {
            let mut value = json!(difference);
            value["reason"] = json!(reason);
            value
        });
        let stale = self
            .stale
            .iter()
            .map(|entry| json!({ "at": entry.at, "change": entry.change, "reason": entry.reason }));
        json!({
            "differences": self.differences,
            "tolerated": explained.collect::<Vec<_>>(),
            "extensions": self.extensions,
            "stale": stale.collect::<Vec<_>>(),
            "caughtUp": self.caught_up,
            "older": self.older,
            "counts": {
                "breaking": self.breaking(),
                "other": self.differences.len() - self.breaking(),
                "tolerated": self.tolerated.len(),
                "extensions": self.extensions.len(),
                "stale": self.stale.len(),
                "caughtUp": self.caught_up.len(),
                "older": self.older.as_ref().map_or(0, |older| older.differences.len()),
            },
        })
    }
}

/// One line for each unexplained difference and each stale entry, then the counts.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut subject: Option<&Subject> = None;
        for difference in &self.differences {
            if subject.is_some_and(|before| *before != difference.at.subject) {
                writeln!(f)?;
            }
            subject = Some(&difference.at.subject);
            line(f, difference)?;
        }
        if subject.is_some() && !(self.stale.is_empty() && self.caught_up.is_empty()) {
            writeln!(f)?;
        }
        for CaughtUp {
            at,
            what,
            mark,
            file,
        } in &self.caught_up
        {
            write!(
                f,
                "- caught up  {at}: {what} is in the vendor's document now; remove its `{mark}`"
            )?;
            place(f, file.as_deref())?;
        }
        for entry in &self.stale {
            let (at, change) = (&entry.at, &entry.change);
            writeln!(
                f,
                "- stale     tolerated `{at}` ({change}) matches no difference; remove it"
            )?;
        }
        if !self.is_clean() {
            writeln!(f)?;
        }
        let breaking = self.breaking();
        write!(
            f,
            "{breaking} breaking, {} other, {} tolerated",
            self.differences.len() - breaking,
            self.tolerated.len(),
        )?;
        for (count, what) in [
            (self.extensions.len(), "known extensions"),
            (self.stale.len(), "stale"),
            (self.caught_up.len(), "caught up"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        if let Some(older) = &self.older {
            let (count, date, newest) = (older.differences.len(), &older.date, &older.newest);
            write!(
                f,
                "\nolder: {count} differences, ours is newer (this document is of {date}, the newest \
                 known one of {newest})"
            )?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let weight = if difference.breaking {
        "breaking"
    } else {
        "other"
    };
    write!(
        f,
        "- {weight:<8}  {}: {}",
        difference.at, difference.message
    )?;
    place(f, difference.file.as_deref())
}

/// Ends a line with the file to edit.
fn place(f: &mut fmt::Formatter<'_>, file: Option<&str>) -> fmt::Result {
    match file {
        Some(file) => writeln!(f, "  [{file}]"),
        None => writeln!(f),
    }
}
