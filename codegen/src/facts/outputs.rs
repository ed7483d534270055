//! What step types make: where files and texts stand in their outputs, and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;

use super::StepType;
use super::steps::Named;
use crate::error::Error;
use crate::model::{Content, Kind, Member, Model, Ty};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::setters::Builders;

/// Output → what is found in it, the main thing first.
pub type Outputs = BTreeMap<Named, Vec<Found>>;

/// Something in an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The way to it, such as `epochs[].samples[]`; `[]` stands for each item of a list, `{}` for
    /// each value of a map.
    pub path: String,
    /// What it is.
    pub holds: Holds,
    /// The name of its method; none where a map is on the way.
    pub method: Option<String>,
    /// What the contract says about it.
    pub about: String,
}

/// What stands at a place of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A file of this kind; none where it says its kind itself.
    File(Option<String>),
    /// A link to a file of this kind.
    Link(String),
    /// A text that the step was asked for.
    Text,
    /// A plain value, by its Rust type; `String` for a text that tells something else.
    Plain(&'static str),
}

/// Methods that every handle of a step has.
const TAKEN: [&str; 7] = ["at", "clone", "files", "fmt", "list_at", "name", "output"];

/// The mark of a text that a step was asked for.
const TEXT: &str = "text";

/// Finds what stands in the output of every step type.
pub(crate) fn outputs(
    model: &Model,
    settings: &Builders,
    steps: &[StepType],
    notes: &mut Notes,
) -> Result<Outputs, Error> {
    let Some(file) = model.union(&settings.file) else {
        let at = Pointer::schema(&settings.file);
        let what = "the builders are to know this union of files, which is not there";
        return Err(Error::new(settings.contract.clone(), at, what));
    };
    let kinds = file.variants.iter();
    let kinds = kinds.map(|one| (one.schema.as_str(), Some(one.tag.clone())));
    let search = Search {
        model,
        files: kinds.chain([(settings.file.as_str(), None)]).collect(),
    };
    let mut outputs = Outputs::new();
    for output in steps.iter().filter_map(|step| step.output.as_ref()) {
        let mut places = Vec::new();
        search.walk(
            &output.schema,
            &Way::default(),
            &mut BTreeSet::new(),
            &mut places,
        );
        places.sort_by(|one, other| one.0.cmp(&other.0));
        places.dedup_by(|one, other| one.1.path == other.1.path);
        let mut found: Vec<Found> = places.into_iter().map(|(_, found)| found).collect();
        name(&output.schema, &mut found, notes);
        outputs.insert(output.clone(), found);
    }
    Ok(outputs)
}

/// The order: files first, what is not nested, what must be there, what is of a kind of its own, what
/// is no list, by name.
type Rank = (bool, usize, bool, bool, usize, String);

/// The way to a member.
#[derive(Clone, Default)]
struct Way {
    path: String,
    depth: usize,
    lists: usize,
    must: bool,
}

struct Search<'a> {
    model: &'a Model,
    /// The schemas of files, each with its kind.
    files: BTreeMap<&'a str, Option<String>>,
}

impl Search<'_> {
    fn walk(
        &self,
        schema: &str,
        way: &Way,
        open: &mut BTreeSet<String>,
        places: &mut Vec<(Rank, Found)>,
    ) {
        if !open.insert(schema.to_owned()) {
            return;
        }
        match self.model.kind(schema) {
            Some(Kind::Struct(made)) => {
                for member in &made.members {
                    self.member(member, way, open, places);
                }
            }
            Some(Kind::Union(union)) => {
                for variant in &union.variants {
                    self.walk(&variant.schema, way, open, places);
                }
            }
            _ => {}
        }
        open.remove(schema);
    }

    fn member(
        &self,
        member: &Member,
        way: &Way,
        open: &mut BTreeSet<String>,
        places: &mut Vec<(Rank, Found)>,
    ) {
        let dot = if way.path.is_empty() { "" } else { "." };
        let mut path = format!("{}{dot}{}", way.path, member.wire);
        let (mut content, mut lists) = (&member.content, way.lists);
        let mark = content.file.as_deref();
        while let Ty::List(inner) | Ty::Map(inner) = &content.ty {
            path.push_str(if matches!(content.ty, Ty::List(_)) {
                "[]"
            } else {
                "{}"
            });
            (content, lists) = (inner, lists + 1);
        }
        let way = Way {
            depth: way.depth + 1,
            must: member.required && (way.must || way.depth == 0),
            lists,
            path,
        };
        let Some(holds) = self.holds(content, mark.or(content.file.as_deref()), &way) else {
            if let Ty::Named(name) = &content.ty {
                self.walk(name, &way, open, places);
            }
            return;
        };
        let is_file = matches!(holds, Holds::File(_) | Holds::Link(_));
        let is_aside = matches!(&holds, Holds::File(Some(kind)) if kind == "draftCache");
        let rank = (
            !is_file,
            way.depth,
            !way.must,
            is_aside,
            way.lists,
            way.path.clone(),
        );
        let about = member.content.about.text.clone();
        let found = Found {
            path: way.path,
            holds,
            method: None,
            about: about.unwrap_or_else(|| format!("The member `{}`.", member.wire)),
        };
        places.push((rank, found));
    }

    fn holds(&self, content: &Content, mark: Option<&str>, way: &Way) -> Option<Holds> {
        if let Ty::Named(name) = &content.ty {
            let kind = self.files.get(name.as_str())?;
            return Some(Holds::File(mark.map(str::to_owned).or(kind.clone())));
        }
        let is_top = way.depth == 1 && way.lists == 0;
        match (&content.ty, mark) {
            (Ty::Text(_), Some(TEXT)) => Some(Holds::Text),
            (Ty::Text(_), Some(kind)) => Some(Holds::Link(kind.to_owned())),
            _ if !is_top => None,
            (Ty::Text(None), _) => Some(Holds::Plain("String")),
            (Ty::Bool, _) => Some(Holds::Plain("bool")),
            (Ty::Int("int32"), _) => Some(Holds::Plain("i32")),
            (Ty::Int("int64"), _) => Some(Holds::Plain("i64")),
            (Ty::Number, _) => Some(Holds::Plain("f64")),
            _ => None,
        }
    }
}

/// Gives everything in an output a name of its own: the last word of its path, and the one before
/// where that is taken.
fn name(schema: &str, all: &mut [Found], notes: &mut Notes) {
    let mut taken: BTreeSet<String> = TAKEN.into_iter().map(str::to_owned).collect();
    for found in all {
        if found.path.contains('{') {
            continue;
        }
        let words: Vec<String> = found.path.split('.').map(word).collect();
        let kind = match &found.holds {
            Holds::File(None) => "file",
            Holds::File(Some(kind)) | Holds::Link(kind) => kind,
            Holds::Text => TEXT,
            Holds::Plain(_) => "value",
        };
        let last = words.last().filter(|word| !word.is_empty());
        let last = last.cloned().unwrap_or_else(|| kind.to_snake_case());
        let before = words.iter().rev().nth(1).filter(|word| !word.is_empty());
        let longer =
            before.map_or_else(|| format!("{last}_value"), |word| format!("{word}_{last}"));
        found.method = [last, longer]
            .into_iter()
            .find(|name| taken.insert(name.clone()));
        if found.method.is_none() {
            let what = format!("has no method for `{}`: its names are taken", found.path);
            notes.guess("builders", Pointer::schema(schema), what);
        }
    }
}

/// A member as part of a name: one of a list, and without what says that it is a file or a link.
pub(crate) fn word(member: &str) -> String {
    let is_list = member.ends_with(['[', ']', '{', '}']);
    let name = member
        .trim_end_matches(['[', ']', '{', '}'])
        .to_snake_case();
    let name = match name.strip_suffix('s').filter(|_| is_list) {
        Some(one) => one.to_owned(),
        None => name,
    };
    let mut words: Vec<&str> = name.split('_').collect();
    while matches!(words.last(), Some(&("blob" | "url"))) {
        words.pop();
    }
    words.join("_")
}
