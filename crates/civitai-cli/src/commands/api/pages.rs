//! Pages of a list, followed as the contract says how.

use civitai_api::{NextPage, Operation, Paging};
use serde_json::Value;

use super::Query;
use crate::exit;
use crate::failure::Failure;

/// The most pages that are followed.
const MOST: usize = 10_000;

/// The pages of one call.
#[derive(Debug)]
pub(super) struct Pages {
    paging: Paging,
    /// What asks for the page after the last one; none for the first page.
    next: Option<String>,
    seen: usize,
    items: u64,
}

impl Pages {
    /// The pages of an operation.
    ///
    /// # Errors
    ///
    /// It answers at once.
    pub(super) fn of(operation: &Operation) -> Result<Self, Failure> {
        let Some(paging) = operation.paging else {
            let what = format!("{} answers at once, not in pages", operation.id);
            return Err(Failure::input(what).advise("leave out --all"));
        };
        Ok(Self {
            paging,
            next: None,
            seen: 0,
            items: 0,
        })
    }

    /// The query for the next page.
    pub(super) fn query(&self, asked: &Query) -> Query {
        let mut query = asked.clone();
        if let Some(next) = &self.next {
            query.retain(|(name, _)| name != self.paging.parameter);
            query.push((self.paging.parameter.to_owned(), next.clone()));
        }
        query
    }

    /// Why no more pages are followed though there are some.
    pub(super) fn end(&self) -> Option<Failure> {
        let next = self.next.as_ref().filter(|_| self.seen >= MOST)?;
        let what = format!("{MOST} pages are printed, and there are more");
        let on = format!("go on with {}={next}", self.paging.parameter);
        Some(Failure::new(exit::OPEN, what).advise(on))
    }

    /// Takes in a page; returns its items, and whether there is another page.
    pub(super) fn turn(&mut self, asked: &Query, mut page: Value) -> (Vec<Value>, bool) {
        let member = match self.paging.next {
            NextPage::Member(name) => next(page.get(name), self.paging.parameter),
            _ => None,
        };
        let items = items(&mut page);
        self.seen += 1;
        self.items += items.len() as u64;
        let given = asked
            .iter()
            .find(|(name, _)| name == self.paging.parameter)
            .and_then(|(_, value)| value.parse::<i64>().ok());
        let counted = |first: i64, more: i64| {
            let at = given.unwrap_or(first).saturating_add(more);
            (!items.is_empty()).then(|| at.to_string())
        };
        let next = match self.paging.next {
            NextPage::Member(_) => member,
            NextPage::Number(first) => counted(first, i64::try_from(self.seen).unwrap_or(i64::MAX)),
            NextPage::Offset => counted(0, i64::try_from(self.items).unwrap_or(i64::MAX)),
            // No list of this contract is told by a header.
            _ => None,
        };
        // A service that names the same page again would never come to an end.
        let more = next.is_some() && next != self.next;
        self.next = next;
        (items, more)
    }
}

/// What a reply says of the next page: a cursor, or an address that holds it.
fn next(told: Option<&Value>, parameter: &str) -> Option<String> {
    let text = match told? {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let Ok(address) = reqwest::Url::parse(&text) else {
        return Some(text);
    };
    let mut pairs = address.query_pairs();
    pairs
        .find(|(name, _)| name == parameter)
        .map(|(_, value)| value.into_owned())
}

/// The items of a page: the page itself, or the one list in it.
fn items(page: &mut Value) -> Vec<Value> {
    let list = match page {
        Value::Object(members) => members.values_mut().find(|value| value.is_array()),
        page => Some(page),
    };
    match list.map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_tells_of_the_next_page_is_a_cursor_or_an_address_with_it() {
        for (told, expected) in [
            (json!("abc"), Some("abc")),
            (json!(7), Some("7")),
            (
                json!("https://example.com/list?take=5&cursor=a%20b"),
                Some("a b"),
            ),
            (json!("https://example.com/list"), None),
            (json!(""), None),
            (json!(null), None),
        ] {
            assert_eq!(next(Some(&told), "cursor").as_deref(), expected, "{told}");
        }
        assert_eq!(next(None, "cursor"), None);
    }

    #[test]
    fn a_list_without_an_end_is_left_with_the_words_to_go_on() {
        let all = civitai_api::v2::operation::ALL.iter();
        let mut listed = all.filter_map(|operation| Pages::of(operation).ok());
        let mut pages = listed.find(|one| one.paging.parameter == "cursor").unwrap();
        pages.seen = MOST - 2;
        let page = |next: &str| json!({ "items": [1], "next": next });
        assert!(pages.turn(&Vec::new(), page("a")).1);
        assert!(pages.end().is_none());
        assert!(pages.turn(&Vec::new(), page("b")).1);
        let failure = format!("{:?}", pages.end().unwrap());
        assert!(failure.contains("go on with cursor=b"), "{failure}");
    }
}
