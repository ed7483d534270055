//! From lines to requests: all are read and checked before anything is sent, and what is wrong is told at once.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::asked::Asked;
use super::grid::{Vary, point, size};
use super::input::{MOST, Read, Words};
use crate::failure::Failure;
use crate::ledger::NewLine;
use crate::source::{Links, Source};

/// A line that cannot be run.
#[derive(Debug)]
pub(crate) struct Bad {
    /// The line in the file.
    pub(crate) place: usize,
    pub(crate) why: String,
}

/// What is to be run.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<NewLine>,
    /// All lines that cannot be run.
    pub(crate) bad: Vec<Bad>,
}

impl Plan {
    /// Reads each line at each point of the grid. Lines that ask for the same are one, unless each is to `repeat`.
    pub(crate) fn new(
        read: Vec<Read>,
        grid: &[Vary],
        asked: &mut Asked,
        repeat: bool,
    ) -> Result<Self, Failure> {
        let points = size(grid);
        let count = read.len().saturating_mul(points);
        if count > MOST {
            let what = format!("{count} lines with the grid; {MOST} are taken");
            return Err(Failure::input(what).advise("vary less"));
        }
        let mut plan = Self::default();
        let mut links = Links::default();
        let mut known = HashMap::new();
        for Read { place, words } in read {
            let words = match words {
                Ok(words) => words,
                Err(why) => {
                    plan.bad.push(Bad { place, why });
                    continue;
                }
            };
            for index in 0..points {
                let mut words = words.clone();
                words.extend(point(grid, index));
                match line(asked, words, &mut links) {
                    Ok(mut line) => {
                        let digest = Sha256::digest(line.request.to_string());
                        let number = u32::try_from(plan.lines.len() + 1).unwrap_or(u32::MAX);
                        let first = *known.entry(digest).or_insert(number);
                        line.twin = Some(first).filter(|first| *first != number && !repeat);
                        plan.lines.push(line);
                    }
                    Err(why) => plan.bad.push(Bad { place, why }),
                }
            }
        }
        Ok(plan)
    }

    /// How many lines have their result from another one.
    pub(crate) fn twins(&self) -> usize {
        self.lines.iter().filter(|line| line.twin.is_some()).count()
    }
}

fn line(asked: &mut Asked, words: Words, links: &mut Links) -> Result<NewLine, String> {
    let line = asked.line(&words)?;
    for source in &line.sources {
        let known = links.add_by_content(source);
        known.map_err(|failure| failure.parts().0.to_owned())?;
    }
    let request = line.request(links).map_err(|problems| {
        let text = problems.to_string();
        text.lines().map(str::trim).collect::<Vec<_>>().join("; ")
    })?;
    let mut files = Vec::new();
    for source in &line.sources {
        if let Source::File(path) = source {
            let path = std::path::absolute(path).map_err(|error| error.to_string())?;
            files.push(json!({ "link": links.of(source), "path": path.to_string_lossy() }));
        }
    }
    Ok(NewLine {
        title: line.title,
        words: Value::Object(words),
        request: json!(request),
        sources: Value::Array(files),
        twin: None,
    })
}
