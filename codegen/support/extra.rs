//! What an object holds beside its typed members: members that the contract does not know, explicit
//! nulls, and values that did not fit.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::decode::join;
use super::encode::{is_blank, to_value};
use super::object::Member;
use super::wire::{Ref, Unfit};

/// The members of an object that its type does not name. They are kept as they came and written back;
/// one that is put in is sent.
///
/// It takes two words of memory where there is nothing to keep.
#[derive(Clone, Default)]
pub struct Extra {
    /// The typed members that came as null.
    nulls: Bits,
    /// The typed members that were missing.
    missing: Bits,
    kept: Option<Box<Kept>>,
}

#[derive(Clone, Default)]
struct Kept {
    members: BTreeMap<String, Value>,
    misfits: Vec<(Place, Kind)>,
}

/// A bit for each of the first typed members, by its place in the table.
#[derive(Clone, Copy, Default)]
struct Bits(u32);

impl Bits {
    /// Whether there is a bit for this place.
    fn holds(index: usize) -> bool {
        index < 32
    }

    fn set(&mut self, index: usize) {
        self.0 |= 1 << index;
    }

    fn clear(&mut self, index: usize) {
        if Self::holds(index) {
            self.0 &= !(1 << index);
        }
    }

    fn has(self, index: usize) -> bool {
        Self::holds(index) && self.0 >> index & 1 == 1
    }
}

/// Which member a value did not fit.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    /// One of the table, by its place there.
    Field(usize),
    /// One of those without a field of their own, by its name.
    Rest(String),
}

/// A typed member whose value is not what the contract says.
#[derive(Clone)]
struct Kind {
    what: Misfit,
    /// The value as it came; none where the member was missing.
    raw: Option<Value>,
    /// The value that stands in for it: while the member still has it, what came is written.
    stands_in: Value,
}

/// A value of a reply that is not what the contract says. The typed member holds what stands in for
/// it: nothing where it is an option, else an empty value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    path: String,
    what: String,
}

impl Misfit {
    pub(super) fn new(path: String, what: String) -> Self {
        Self { path, what }
    }

    /// Returns the path of the member, such as `items[0].createdAt`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong, such as `expected a text, found a whole number`.
    pub fn what(&self) -> &str {
        &self.what
    }

    pub(super) fn below(&self, place: &str) -> Self {
        Self::new(join(place, &self.path), self.what.clone())
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.what)
    }
}

impl Extra {
    /// Nothing kept.
    pub(crate) const NONE: Self = Self {
        nulls: Bits(0),
        missing: Bits(0),
        kept: None,
    };

    /// Returns a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.kept.as_ref()?.members.get(name)
    }

    /// Sets a member, and returns what it was before.
    ///
    /// A name that the type has a field for counts while the field is not set: null says "nothing",
    /// where the field could only be left out.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.kept().members.insert(name.into(), value.into())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.get(name).cloned();
        self.forget_stray(name);
        removed
    }

    /// Returns the members by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let kept = self.kept.as_deref().into_iter();
        kept.flat_map(|kept| {
            kept.members
                .iter()
                .map(|(name, value)| (name.as_str(), value))
        })
    }

    /// Whether no member is kept.
    pub fn is_empty(&self) -> bool {
        self.kept
            .as_ref()
            .is_none_or(|kept| kept.members.is_empty())
    }

    /// Whether there is nothing at all, so that the typed members are the whole object.
    pub(super) fn is_plain(&self) -> bool {
        self.nulls.0 == 0 && self.missing.0 == 0 && self.kept.is_none()
    }

    /// Remembers that a member was missing. Of what is missing nothing is kept but that.
    pub(super) fn keep_missing(&mut self, index: usize, member: &Member, stands_in: Ref<'_>) {
        if Bits::holds(index) {
            self.missing.set(index);
        } else {
            self.keep_misfit((index, member), None, stands_in);
        }
    }

    /// Remembers that a member that has one value only was not there, so that it is not written either.
    pub(super) fn keep_unsaid(&mut self, index: usize) {
        if Bits::holds(index) {
            self.missing.set(index);
        }
    }

    /// Whether a member was missing.
    pub(super) fn is_missing(&self, index: usize) -> bool {
        self.missing.has(index)
    }

    pub(super) fn misfits(&self) -> impl Iterator<Item = &Misfit> {
        let kept = self.kept.as_deref().into_iter();
        kept.flat_map(|kept| kept.misfits.iter().map(|(_, kind)| &kind.what))
    }

    /// Remembers that an option came as null.
    pub(super) fn keep_null(&mut self, index: usize, member: &Member) {
        if Bits::holds(index) {
            self.nulls.set(index);
        } else {
            self.insert(member.wire, Value::Null);
        }
    }

    pub(super) fn is_null(&self, index: usize) -> bool {
        self.nulls.has(index)
    }

    /// Keeps a value that did not fit, or remembers that there was none.
    pub(super) fn keep_misfit(
        &mut self,
        (index, member): (usize, &Member),
        unfit: Option<Unfit>,
        stands_in: Ref<'_>,
    ) -> &Misfit {
        let (what, raw) = match unfit {
            Some(unfit) => {
                let path = join(member.wire, &unfit.place);
                (Misfit::new(path, unfit.what), Some(unfit.raw))
            }
            None => (
                Misfit::new(member.wire.to_owned(), "is missing".to_owned()),
                None,
            ),
        };
        let stands_in = to_value(stands_in);
        let misfits = &mut self.kept().misfits;
        misfits.retain(|(other, _)| *other != Place::Field(index));
        misfits.push((
            Place::Field(index),
            Kind {
                what,
                raw,
                stands_in,
            },
        ));
        &misfits[misfits.len() - 1].1.what
    }

    /// Keeps a value that does not fit what every member without a field of its own holds.
    pub(super) fn keep_stray(&mut self, name: &str, unfit: Unfit) -> &Misfit {
        let path = join(name, &unfit.place);
        self.insert(name, unfit.raw);
        let place = Place::Rest(name.to_owned());
        let misfits = &mut self.kept().misfits;
        misfits.retain(|(other, _)| *other != place);
        let kind = Kind {
            what: Misfit::new(path, unfit.what),
            raw: None,
            stands_in: Value::Null,
        };
        misfits.push((place, kind));
        &misfits[misfits.len() - 1].1.what
    }

    /// Forgets such a value, since the member has a new one.
    pub(super) fn forget_stray(&mut self, name: &str) {
        if let Some(kept) = &mut self.kept {
            kept.members.remove(name);
            kept.misfits
                .retain(|(place, _)| !matches!(place, Place::Rest(other) if other == name));
        }
    }

    /// Forgets what is known of a typed member, since it has a new value.
    pub(super) fn forget(&mut self, index: usize) {
        self.nulls.clear(index);
        self.missing.clear(index);
        if let Some(kept) = &mut self.kept {
            kept.misfits
                .retain(|(other, _)| *other != Place::Field(index));
        }
    }

    /// Returns what is written in place of a typed member: what came, while the member still has what
    /// stands in for it.
    pub(super) fn instead(&self, index: usize, value: Ref<'_>) -> Option<Option<&Value>> {
        if self.is_missing(index) && is_blank(value) {
            return Some(None);
        }
        let kept = self.kept.as_ref()?;
        let mut misfits = kept.misfits.iter();
        let (_, kind) = misfits.find(|(other, _)| *other == Place::Field(index))?;
        (to_value(value) == kind.stands_in).then_some(kind.raw.as_ref())
    }

    fn kept(&mut self) -> &mut Kept {
        self.kept.get_or_insert_default()
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
