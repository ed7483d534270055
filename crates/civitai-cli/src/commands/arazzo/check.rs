//! `arazzo check`.

use arazzo_run::{Finding, Report, Severity};
use serde::Serialize;

use super::Check;
use crate::exit;
use crate::failure::Failure;
use crate::screen;

pub(super) fn run(args: &Check) -> Result<(), Failure> {
    let report = args.document.load()?.check();
    let text = if args.json {
        json(&report)?
    } else {
        lines(&report)
    };
    screen::result(text.as_bytes()).map_err(|error| {
        Failure::new(
            exit::NOT_SAVED,
            format!("the findings cannot be written: {error}"),
        )
    })?;
    if report.is_sound() {
        screen::note(&summary(&report));
        return Ok(());
    }
    Err(Failure::new(exit::REFUSED, summary(&report)))
}

fn summary(report: &Report) -> String {
    let count = |severity, name: &str| {
        let count = report.count(severity);
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {name}{plural}")
    };
    let errors = count(Severity::Error, "error");
    format!(
        "{errors}, {}, {}",
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note")
    )
}

fn lines(report: &Report) -> String {
    report
        .findings()
        .iter()
        .map(|finding| screen::one_line(&finding.to_string()) + "\n")
        .collect()
}

#[derive(Serialize)]
struct Line<'a> {
    severity: String,
    rule: &'static str,
    document: &'a str,
    line: Option<usize>,
    pointer: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Finding> for Line<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            severity: finding.severity().to_string(),
            rule: finding.rule().code(),
            document: finding.place().document(),
            line: finding.place().line(),
            pointer: finding.place().pointer(),
            message: finding.message(),
        }
    }
}

fn json(report: &Report) -> Result<String, Failure> {
    let lines: Vec<_> = report.findings().iter().map(Line::from).collect();
    let text = serde_json::to_string_pretty(&lines);
    let text = text.map_err(|error| Failure::system("the findings cannot be written", &error))?;
    Ok(text + "\n")
}
