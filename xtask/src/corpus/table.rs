//! The table, and below it what is wrong.

use std::fmt::Write as _;

use super::documents::Found;
use super::one::Made;

/// So many messages of a document are listed that came back another way.
const SHOWN: usize = 12;

/// Renders the rows, the sums, and every fault with its document.
pub(super) fn render(rows: &[(Found, Made)]) -> String {
    let mut out = String::from(
        "| document | operations | parameters | members | media types | any JSON | losses, faults, guesses | in silence | lines | s | MiB | check | round trip |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut wrong = String::new();
    let mut sums = Made::default();
    for (document, made) in rows {
        let name = &document.name;
        if let Some(why) = &made.refused {
            let _infallible = writeln!(out, "| {name} | refused |");
            let _infallible = writeln!(wrong, "{name}: refused: {why}");
            continue;
        }
        let _infallible = writeln!(out, "{}", row(name, made));
        for (sum, count) in sums.counts.iter_mut().zip(made.counts) {
            *sum = (sum.0 + count.0, sum.1 + count.1);
        }
        for (sum, count) in sums.notes.iter_mut().zip(made.notes) {
            *sum += count;
        }
        if let Some(trips) = &made.trips {
            let sum = sums.trips.get_or_insert_default();
            sum.made += trips.made;
            sum.same += trips.same;
            for what in trips.wrong.iter().take(SHOWN) {
                let _infallible = writeln!(wrong, "{name}: came back another way: {what}");
            }
            if trips.wrong.len() > SHOWN {
                let _infallible =
                    writeln!(wrong, "{name}: … and {} more", trips.wrong.len() - SHOWN);
            }
        }
        sums.any += made.any;
        sums.lines += made.lines;
        sums.seconds += made.seconds;
        sums.mebibytes = sums.mebibytes.max(made.mebibytes);
        for what in &made.unsaid {
            sums.unsaid.push(String::new());
            let _infallible = writeln!(wrong, "{name}: lost in silence: {what}");
        }
        if let Some(first) = made.checked.as_ref().and_then(|said| said.first.as_ref()) {
            let _infallible = writeln!(wrong, "{name}: {first}");
        }
    }
    let made = rows
        .iter()
        .filter(|(_, made)| made.refused.is_none())
        .count();
    let compiled = rows.iter().filter(|(_, made)| made.compiles()).count();
    let tried = rows
        .iter()
        .filter(|(_, made)| made.checked.is_some())
        .count();
    let _infallible = writeln!(out, "{}", row("all", &sums));
    let _infallible = writeln!(
        out,
        "\n{made} of {} documents made a crate; {compiled} of {tried} checked crates compile without a warning.",
        rows.len(),
    );
    if !wrong.is_empty() {
        let _infallible = write!(out, "\n{wrong}");
    }
    out
}

fn row(name: &str, made: &Made) -> String {
    let counts = made.counts.map(|(declared, held)| {
        if declared == held {
            held.to_string()
        } else {
            format!("{held} of {declared}")
        }
    });
    let [losses, faults, guesses, _] = made.notes;
    let memory = made
        .mebibytes
        .map_or_else(|| "?".to_owned(), |peak| peak.to_string());
    let checked = match &made.checked {
        None => "-".to_owned(),
        Some(said) if said.is_clean() => "ok".to_owned(),
        Some(said) => format!("{} errors, {} warnings", said.errors, said.warnings),
    };
    let trips = made.trips.as_ref().map_or_else(
        || "-".to_owned(),
        |trips| format!("{} of {}", trips.same, trips.made),
    );
    format!(
        "| {name} | {} | {} | {losses}, {faults}, {guesses} | {} | {} | {:.2} | {memory} | {checked} | {trips} |",
        counts.join(" | "),
        made.any,
        made.unsaid.len(),
        made.lines,
        made.seconds,
    )
}
