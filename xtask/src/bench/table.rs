//! The table: a measure, its peer's, their ratio, and the bound that was set for it.

use std::fmt;
use std::time::Duration;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What is measured.
    pub(super) measure: String,
    /// Ours, or why there is none.
    pub(super) ours: Result<Quantity, String>,
    /// What ours is compared with, and its quantity, or why there is none.
    pub(super) peer: Option<(&'static str, Result<Quantity, String>)>,
    /// What was set for it.
    pub(super) bound: Option<Bound>,
}

/// A measured quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quantity {
    /// A number of things.
    Count(u64),
    /// A time.
    Time(Duration),
}

/// The most that may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    /// Of the quantity itself.
    Most(Quantity),
    /// Of its ratio to the peer's.
    Ratio(f64),
}

impl Row {
    /// What stands in place of rows that could not be measured.
    pub(super) fn missing(measure: &str, error: &anyhow::Error) -> Self {
        Self {
            measure: measure.to_owned(),
            ours: Err(format!("{error:#}")),
            peer: None,
            bound: None,
        }
    }

    /// Ours divided by the peer's, where both were measured.
    pub(super) fn ratio(&self) -> Option<f64> {
        let ours = self.ours.as_ref().ok()?;
        let (_, theirs) = self.peer.as_ref()?;
        let theirs = theirs.as_ref().ok()?.amount();
        (theirs > 0.0).then(|| ours.amount() / theirs)
    }

    /// Whether the bound holds, where there is one and it could be told.
    pub(super) fn holds(&self) -> Option<bool> {
        match self.bound? {
            Bound::Most(most) => Some(self.ours.as_ref().ok()?.amount() <= most.amount()),
            Bound::Ratio(most) => Some(self.ratio()? <= most),
        }
    }

    /// Whether something could not be measured.
    pub(super) fn is_missing(&self) -> bool {
        self.ours.is_err() || self.peer.as_ref().is_some_and(|(_, peer)| peer.is_err())
    }
}

impl Quantity {
    fn amount(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Time(time) => time.as_secs_f64(),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => {
                let digits = count.to_string();
                for (index, digit) in digits.chars().enumerate() {
                    if index > 0 && (digits.len() - index) % 3 == 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{digit}")?;
                }
                Ok(())
            }
            Self::Time(time) => {
                let seconds = time.as_secs_f64();
                match seconds {
                    1.0.. => write!(f, "{seconds:.2} s"),
                    0.001.. => write!(f, "{:.2} ms", seconds * 1e3),
                    _ => write!(f, "{:.1} µs", seconds * 1e6),
                }
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Most(most) => write!(f, "≤ {most}"),
            Self::Ratio(most) => write!(f, "≤ {most:.2} ×"),
        }
    }
}

/// Writes the table, its columns aligned, and below it why something could not be measured.
pub(super) fn render(rows: &[Row]) -> String {
    let head = [
        "measure", "ours", "against", "theirs", "ratio", "must", "holds",
    ];
    let mut lines = vec![head.map(str::to_owned)];
    let mut reasons = String::new();
    for row in rows {
        let mut shown = |value: &Result<Quantity, String>, who: &str| match value {
            Ok(quantity) => quantity.to_string(),
            Err(reason) => {
                reasons.push_str(&format!("\n{}, {who}: not measured: {reason}", row.measure));
                "?".to_owned()
            }
        };
        let (peer, theirs) = match &row.peer {
            Some((peer, theirs)) => ((*peer).to_owned(), shown(theirs, peer)),
            None => Default::default(),
        };
        let or_nothing = Option::unwrap_or_default;
        lines.push([
            row.measure.clone(),
            shown(&row.ours, "ours"),
            peer,
            theirs,
            or_nothing(row.ratio().map(|ratio| format!("{ratio:.3}"))),
            or_nothing(row.bound.map(|bound| bound.to_string())),
            or_nothing(
                row.holds()
                    .map(|holds| if holds { "yes" } else { "NO" }.to_owned()),
            ),
        ]);
    }
    let mut widths = [0; 7];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let rule = widths.map(|width| "-".repeat(width));
    lines.insert(1, rule);
    let mut out = String::new();
    for line in &lines {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(column, (cell, width))| match column {
                // Numbers stand under each other by their last digit.
                1 | 3..=5 => format!("{cell:>width$}"),
                _ => format!("{cell:<width$}"),
            })
            .collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out + &reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: u64, theirs: u64, bound: Bound) -> Row {
        Row {
            measure: "lines".to_owned(),
            ours: Ok(Quantity::Count(ours)),
            peer: Some(("plain", Ok(Quantity::Count(theirs)))),
            bound: Some(bound),
        }
    }

    #[test]
    fn a_bound_is_the_most_that_holds() {
        let most = |count| Bound::Most(Quantity::Count(count));
        let cases = [
            (row(50, 100, Bound::Ratio(0.5)), Some(0.5), Some(true)),
            (row(51, 100, Bound::Ratio(0.5)), Some(0.51), Some(false)),
            (row(50, 100, most(50)), Some(0.5), Some(true)),
            (row(51, 100, most(50)), Some(0.51), Some(false)),
            // Nothing to divide by: a bound on the ratio cannot be told, one on ours can.
            (row(51, 0, Bound::Ratio(0.5)), None, None),
            (row(51, 0, most(50)), None, Some(false)),
        ];
        for (row, ratio, holds) in cases {
            assert_eq!((row.ratio(), row.holds()), (ratio, holds), "{row:?}");
        }
    }

    #[test]
    fn what_was_not_measured_is_said_and_holds_nothing() {
        let mut row = row(1, 2, Bound::Ratio(1.0));
        row.peer = Some(("plain", Err("it does not compile".to_owned())));
        assert!(row.is_missing());
        assert_eq!((row.ratio(), row.holds()), (None, None));
        let text = render(&[row]);
        assert!(
            text.contains("lines, plain: not measured: it does not compile"),
            "{text}"
        );
    }

    #[test]
    fn quantities_read_well() {
        let time = |nanoseconds| Quantity::Time(Duration::from_nanos(nanoseconds));
        let cases = [
            (Quantity::Count(7), "7"),
            (Quantity::Count(99_305), "99,305"),
            (Quantity::Count(3_172_195), "3,172,195"),
            (time(17_500_000_000), "17.50 s"),
            (time(12_340_000), "12.34 ms"),
            (time(41_900), "41.9 µs"),
        ];
        for (quantity, text) in cases {
            assert_eq!(quantity.to_string(), text);
        }
    }

    #[test]
    fn columns_are_aligned() {
        let text = render(&[
            row(1, 22_222, Bound::Ratio(0.5)),
            row(333, 4, Bound::Ratio(0.5)),
        ]);
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    }
}
