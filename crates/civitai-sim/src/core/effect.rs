//! What goes wrong with one reply, in the words of a scenario file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;

/// Something that goes wrong with one request or its reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "fault",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Effect {
    /// A status in place of the service's own.
    Status {
        status: u16,
        /// What `Retry-After` says, as it is: seconds, a date, or nonsense.
        retry_after: Option<String>,
        #[serde(default)]
        page: Page,
        /// Whether the request is carried out all the same.
        #[serde(default)]
        after: bool,
    },
    /// The connection is cut: before anything happens, or in place of the reply.
    Reset {
        #[serde(default)]
        after: bool,
    },
    /// The connection is cut in the middle of the body.
    Truncate,
    /// The status stays, and the body is empty.
    Empty,
    /// The request waits before it is looked at; this is time on the wall.
    SlowAccept { milliseconds: u64 },
    /// The body comes in pieces with pauses between them; this is time on the wall.
    SlowBody { milliseconds: u64 },
    /// The body is packed though nobody asked for it.
    Gzip,
    /// A byte order mark stands before the body.
    Bom,
    /// A header says something else, such as the wrong `content-type`.
    Header { name: String, value: String },
    /// The body is announced as longer than it is, and the connection is cut behind it.
    WrongLength,
    /// The length of the body is not announced.
    NoLength,
    /// Members of a JSON reply are others.
    Edit { edits: Vec<Edit> },
}

/// The body of a status that was put in place of a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Page {
    /// A problem document, as the service sends.
    #[default]
    Problem,
    /// A web page, as a proxy sends.
    Html,
    /// An error document of object storage.
    Xml,
    /// An error in JSON that is no problem document.
    Json,
    /// Nothing.
    Empty,
}

/// A change of a JSON reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Edit {
    /// A JSON pointer, in which `*` stands for every item or member.
    pub(crate) at: String,
    /// What is put there; the member is made where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    pub(crate) set: Option<Value>,
    /// Whether it is taken away.
    #[serde(default)]
    pub(crate) remove: bool,
    /// Whether it becomes a list of itself.
    #[serde(default)]
    pub(crate) wrap: bool,
    /// What is cut off its end, such as the offset of a time.
    pub(crate) cut: Option<String>,
}

/// A `null` that was given is a value to set.
mod given {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(
        value: &Option<Value>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Value>, D::Error> {
        Value::deserialize(from).map(Some)
    }
}

impl Effect {
    /// Whether the request never gets to the service.
    pub(crate) fn stops(&self) -> bool {
        matches!(
            self,
            Self::Status { after: false, .. } | Self::Reset { after: false }
        )
    }

    /// The effect of a fault that was ordered by its name.
    pub(crate) fn of(fault: &Fault) -> Self {
        let status = |status: u16, page, after| Self::Status {
            status,
            retry_after: None,
            page,
            after,
        };
        match fault {
            Fault::Status(code) => status(*code, Page::Problem, false),
            Fault::StatusAfter(code) => status(*code, Page::Problem, true),
            Fault::HtmlPage => status(200, Page::Html, false),
            Fault::Throttled(delay) => Self::Status {
                status: 429,
                retry_after: Some(delay.as_secs().to_string()),
                page: Page::Problem,
                after: false,
            },
            Fault::DropConnection => Self::Reset { after: false },
            Fault::DropReply => Self::Reset { after: true },
            Fault::TruncateBody => Self::Truncate,
            Fault::EmptyBody => Self::Empty,
        }
    }
}

impl Edit {
    /// Changes a reply.
    pub(crate) fn apply(&self, reply: &mut Value) {
        let parts = self.at.split('/').skip(1);
        let parts: Vec<String> = parts
            .map(|part| part.replace("~1", "/").replace("~0", "~"))
            .collect();
        self.walk(reply, &parts);
    }

    fn walk(&self, value: &mut Value, parts: &[String]) {
        let Some((first, rest)) = parts.split_first() else {
            return self.change(value);
        };
        if first == "*" {
            match value {
                Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, rest)),
                Value::Object(members) => members.values_mut().for_each(|one| self.walk(one, rest)),
                _ => {}
            }
            return;
        }
        let is_last = rest.is_empty();
        match value {
            Value::Object(members) if is_last && self.remove => {
                members.remove(first);
            }
            Value::Object(members) if is_last && self.set.is_some() => {
                self.change(members.entry(first.as_str()).or_insert(Value::Null));
            }
            Value::Object(members) => {
                if let Some(member) = members.get_mut(first) {
                    self.walk(member, rest);
                }
            }
            Value::Array(items) => {
                let index = first
                    .parse::<usize>()
                    .ok()
                    .filter(|index| *index < items.len());
                match index {
                    Some(index) if is_last && self.remove => {
                        items.remove(index);
                    }
                    Some(index) => self.walk(&mut items[index], rest),
                    None => {}
                }
            }
            _ => {}
        }
    }

    fn change(&self, value: &mut Value) {
        if let Some(set) = &self.set {
            *value = set.clone();
        }
        if let (Some(cut), Some(text)) = (&self.cut, value.as_str()) {
            *value = text.strip_suffix(cut.as_str()).unwrap_or(text).into();
        }
        if self.wrap {
            *value = Value::Array(vec![value.take()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn edits_reach_every_item_and_make_what_is_not_there() {
        let reply =
            json!({"steps": [{"status": "succeeded"}, {"status": "failed", "at": "10:00Z"}]});
        for (edit, expected) in [
            (
                json!({"at": "/steps/*/status", "set": "dreaming"}),
                json!({"steps": [{"status": "dreaming"}, {"status": "dreaming", "at": "10:00Z"}]}),
            ),
            (
                json!({"at": "/steps/1/at", "cut": "Z"}),
                json!({"steps": [{"status": "succeeded"}, {"status": "failed", "at": "10:00"}]}),
            ),
            (
                json!({"at": "/steps/0", "remove": true}),
                json!({"steps": [{"status": "failed", "at": "10:00Z"}]}),
            ),
            (json!({"at": "/steps", "set": null}), json!({"steps": null})),
            (
                json!({"at": "/steps/0/status", "wrap": true}),
                json!({"steps": [{"status": ["succeeded"]}, {"status": "failed", "at": "10:00Z"}]}),
            ),
            (json!({"at": "/nothing/*/here", "set": 1}), reply.clone()),
        ] {
            let edit: Edit = serde_json::from_value(edit).unwrap();
            let mut edited = reply.clone();
            edit.apply(&mut edited);
            assert_eq!(edited, expected, "{edit:?}");
        }
    }
}
