//! How long decoding and encoding take, against `serde_json::Value` and plain progenitor's types.

use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use super::bed::Bed;
use super::fixture::{self, STEPS, Tags};
use super::say;
use super::table::{Bound, Quantity, Row};

/// Of decoding a page: the most against untagged types.
const AGAINST_BASELINE: f64 = 0.2;

/// The most against plain JSON.
fn against_value(does: &str, what: &str, order: &str) -> Option<Bound> {
    let most = match (does, what, order) {
        ("decode", "page", "first") => 1.0,
        ("decode", "page", _) => 1.1,
        ("decode", ..) => 1.25,
        ("encode", "page", _) => 1.15,
        _ => return None,
    };
    Some(Bound::Ratio(most))
}

/// One line of the harness.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    file: String,
    who: String,
    /// Nanoseconds.
    decode: u64,
    /// Nanoseconds.
    encode: u64,
    bytes: u64,
    /// Whether every union found its variant.
    typed: bool,
    /// Whether what was encoded is what was decoded.
    whole: bool,
    error: Option<String>,
}

/// Times both directions of a workflow and of a page, with tags first and last.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    measure(bed, notes).unwrap_or_else(|error| vec![Row::missing("decode and encode", &error)])
}

fn measure(bed: &Bed, notes: &mut Vec<String>) -> anyhow::Result<Vec<Row>> {
    say("building the harness (optimised, with all features)");
    for step in STEPS {
        let workflow = fixture::workflow(0, &[step]);
        bed.write(
            &format!("probe/{step}.json"),
            &fixture::write(&workflow, Tags::First),
        )?;
    }
    let probed = harness(bed, "probe", "probe")?;
    anyhow::ensure!(
        probed
            .iter()
            .all(|line| line.who != "ours" || (line.typed && line.whole)),
        "ours does not decode every step to typed variants, or loses something: {probed:?}"
    );
    let (able, said) = able(&probed);
    notes.push(said);
    write_fixtures(bed, "all", &STEPS)?;
    say("decoding and encoding");
    let all = harness(bed, "time", "all")?;
    let shared = if able == STEPS {
        all.clone()
    } else if able.is_empty() {
        Vec::new()
    } else {
        write_fixtures(bed, "able", &able)?;
        say("decoding and encoding what plain progenitor's types can");
        harness(bed, "time", "able")?
    };
    let subset = (able != STEPS).then(|| format!(" ({} only)", able.join(", ")));
    let mut rows = Vec::new();
    for what in ["page", "workflow"] {
        for order in ["first", "last"] {
            let file = format!("{what}-{order}");
            let name = match what {
                "page" => format!("a page of {} workflows, tags {order}", fixture::PAGE),
                _ => format!("a workflow, tags {order}"),
            };
            let pairs: [Pair; 2] = [
                ("decode", |line| line.decode),
                ("encode", |line| line.encode),
            ];
            for (does, time) in pairs {
                rows.push(row(
                    format!("{does} {name}"),
                    &all,
                    &file,
                    time,
                    "value",
                    against_value(does, what, order),
                ));
                let measure = format!("{does} {name}{}", subset.as_deref().unwrap_or_default());
                rows.push(row(
                    measure,
                    &shared,
                    &file,
                    time,
                    "baseline",
                    ((does, what) == ("decode", "page")).then_some(Bound::Ratio(AGAINST_BASELINE)),
                ));
            }
        }
    }
    let bytes = |file: &str| {
        all.iter()
            .find(|line| line.file == file)
            .map_or(0, |line| line.bytes)
    };
    notes.push(format!(
        "A workflow has {} steps with 16 images and a video, {} bytes; a page {} bytes. Ours is decoded as the \
         client does it, keeping the path for errors.",
        STEPS.len(),
        Quantity::Count(bytes("workflow-first")),
        Quantity::Count(bytes("page-first")),
    ));
    Ok(rows)
}

/// A direction and its time.
type Pair = (&'static str, fn(&Line) -> u64);

fn row(
    measure: String,
    lines: &[Line],
    file: &str,
    time: fn(&Line) -> u64,
    peer: &'static str,
    bound: Option<Bound>,
) -> Row {
    let of = |who: &str| match lines
        .iter()
        .find(|line| line.file == file && line.who == who)
    {
        Some(Line {
            error: Some(error), ..
        }) => Err(error.clone()),
        Some(line) => Ok(Quantity::Time(Duration::from_nanos(time(line)))),
        None => Err("it can decode none of the steps".to_owned()),
    };
    let shown = match peer {
        "value" => "serde_json::Value",
        "baseline" => "plain v2",
        other => other,
    };
    Row {
        measure,
        ours: of("ours"),
        peer: Some((shown, of(peer))),
        bound,
    }
}

/// The steps that the baseline decodes, and what there is to say about it.
fn able(probed: &[Line]) -> (Vec<&'static str>, String) {
    let of = |step: &str| {
        probed
            .iter()
            .find(|line| line.file == step && line.who == "baseline")
    };
    let able: Vec<&str> = STEPS
        .into_iter()
        .filter(|step| of(step).is_some_and(|line| line.error.is_none()))
        .collect();
    let mut said = format!(
        "Plain progenitor's types decode {} of {} steps",
        able.len(),
        STEPS.len()
    );
    for step in STEPS {
        match of(step) {
            Some(Line {
                error: Some(error), ..
            }) => said.push_str(&format!("; not {step}: {error}")),
            Some(line) if !line.whole => said.push_str(&format!("; {step} comes back changed")),
            _ => {}
        }
    }
    (able, said + ".")
}

fn write_fixtures(bed: &Bed, folder: &str, steps: &[&str]) -> anyhow::Result<()> {
    for (order, tags) in [("first", Tags::First), ("last", Tags::Last)] {
        let workflow = fixture::write(&fixture::workflow(0, steps), tags);
        bed.write(&format!("{folder}/workflow-{order}.json"), &workflow)?;
        bed.write(
            &format!("{folder}/page-{order}.json"),
            &fixture::write(&fixture::page(steps), tags),
        )?;
    }
    Ok(())
}

fn harness(bed: &Bed, does: &str, folder: &str) -> anyhow::Result<Vec<Line>> {
    let folder = bed.folder.join(folder);
    let folder = folder
        .to_str()
        .context("the target folder has a name that is no text")?;
    bed.run(&bed.folder.join("codec"), "codec", &[does, folder])
}
