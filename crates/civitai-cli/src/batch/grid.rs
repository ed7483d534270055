//! A grid of values: `--vary seed=1..10 --vary steps=20,30`.

use serde_json::Value;

use super::input::{MOST, Words};

/// A name with the values that it takes in turn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vary {
    name: String,
    values: Vec<Value>,
}

impl Vary {
    /// Reads `NAME=A..B`, `NAME=A,B,C`, or `NAME=[...]` with a list of JSON.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let expected = "expected a name, `=` and values, such as seed=1..10 or steps=20,30";
        let (name, values) = text.split_once('=').ok_or(expected)?;
        let values = match range(values)? {
            Some(values) => values,
            None if values.starts_with('[') => {
                serde_json::from_str(values).map_err(|error| format!("no list of JSON: {error}"))?
            }
            None => values.split(',').map(|value| value.trim().into()).collect(),
        };
        if name.is_empty() || values.is_empty() || values.iter().any(|value| value == "") {
            return Err(expected.to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            values,
        })
    }
}

/// The numbers from one to another, both counted in.
fn range(text: &str) -> Result<Option<Vec<Value>>, String> {
    let Some((first, last)) = text.split_once("..") else {
        return Ok(None);
    };
    let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) else {
        return Ok(None);
    };
    let count = last
        .checked_sub(first)
        .and_then(|span| usize::try_from(span).ok());
    match count.and_then(|span| span.checked_add(1)) {
        Some(count) if count <= MOST => Ok(Some((first..=last).map(Value::from).collect())),
        Some(count) => Err(format!("{count} values; {MOST} are taken")),
        None => Err("the first number is larger than the last".to_owned()),
    }
}

/// How many points the grid has.
pub(crate) fn size(grid: &[Vary]) -> usize {
    let sizes = grid.iter().map(|vary| vary.values.len());
    sizes.fold(1, usize::saturating_mul)
}

/// The words at a point of the grid; the last name changes fastest.
pub(crate) fn point(grid: &[Vary], mut index: usize) -> Words {
    let mut words = Words::new();
    for vary in grid.iter().rev() {
        let count = vary.values.len();
        words.insert(vary.name.clone(), vary.values[index % count].clone());
        index /= count;
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_grid_is_every_value_with_every_other() {
        let grid = ["seed=1..2", "steps=20, 30"].map(|text| Vary::read(text).unwrap());
        assert_eq!(size(&grid), 4);
        let points: Vec<_> = (0..4)
            .map(|index| Value::from(point(&grid, index)))
            .collect();
        let expected = [(1, "20"), (1, "30"), (2, "20"), (2, "30")];
        let expected = expected.map(|(seed, steps)| json!({ "seed": seed, "steps": steps }));
        assert_eq!(points, expected);
    }

    #[test]
    fn values_are_ranges_lists_and_json() {
        let values = |text| Vary::read(text).unwrap().values;
        assert_eq!(values("seed=-1..1"), [json!(-1), json!(0), json!(1)]);
        assert_eq!(
            values("prompt=[\"a, b\", \"c\"]"),
            [json!("a, b"), json!("c")]
        );
        assert_eq!(values("prompt=up..down"), [json!("up..down")]);
        for wrong in [
            "seed",
            "=1",
            "seed=",
            "seed=1,,2",
            "seed=9..1",
            "seed=1..999999999",
            "a=[1",
        ] {
            assert!(Vary::read(wrong).is_err(), "{wrong}");
        }
    }
}
