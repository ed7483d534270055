//! Ids that a client makes up, such as the key of a submission: another run has others, and means the same.

use std::collections::HashMap;
use std::ops::Range;

/// The length of an id such as `0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d`.
const LENGTH: usize = 36;
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// The ids in a text, in small letters, from left to right.
pub(super) fn ids(text: &str) -> Vec<String> {
    let found = places(text).into_iter();
    found
        .map(|place| text[place].to_ascii_lowercase())
        .collect()
}

/// The text with other ids where `change` has one.
pub(super) fn replace(text: &str, change: &HashMap<String, String>) -> String {
    if change.is_empty() {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    for place in places(text) {
        let id = &text[place.clone()];
        let other = change.get(&id.to_ascii_lowercase());
        replaced += &text[at..place.start];
        replaced += other.map_or(id, String::as_str);
        at = place.end;
    }
    replaced + &text[at..]
}

fn places(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at + LENGTH <= bytes.len() {
        let is_apart = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if is_apart && is_id(&bytes[at..at + LENGTH]) && ends(bytes, at + LENGTH) {
            found.push(at..at + LENGTH);
            at += LENGTH;
        } else {
            at += 1;
        }
    }
    found
}

fn is_id(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| {
        if DASHES.contains(&at) {
            *byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    })
}

fn ends(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d";
    const OTHER: &str = "11111111-1111-4111-a111-111111111111";

    #[test]
    fn ids_are_found_and_replaced_wherever_they_stand() {
        let text = format!("/a/{ONE}?key={}&x=0{ONE}ä", ONE.to_ascii_uppercase());
        assert_eq!(ids(&text), [ONE, ONE]);
        let change = HashMap::from([(ONE.to_owned(), OTHER.to_owned())]);
        assert_eq!(
            replace(&text, &change),
            format!("/a/{OTHER}?key={OTHER}&x=0{ONE}ä")
        );
        assert_eq!(ids("0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8"), [""; 0]);
    }
}
