//! Limits of a contract as data: what must be there, types, ranges, lengths, counts, listed values.
//!
//! Patterns of text are no part of it, nor are values that may be of several types.

use std::fmt;

use super::range::{Count, Range};

/// What a contract asks of the values of one schema.
pub struct Limits {
    pub(super) schema: &'static str,
    /// The union whose members these have besides.
    pub(super) base: Option<&'static Self>,
    pub(super) members: &'static [Member],
    pub(super) tag: Option<Tag>,
}

/// The member that names the variant of a union.
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) default: Option<&'static str>,
    pub(super) variants: &'static [(&'static str, &'static Limits)],
}

/// What a contract asks of one member.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

/// What a contract asks of a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// Nothing: any value will do.
    Any,
    /// A number in a range.
    Number(Range),
    /// True or false.
    Flag,
    /// Text of so many characters.
    Text(Count),
    /// One of the listed texts. A service may know more of them than its contract.
    Listed(&'static [&'static str]),
    /// One of the listed numbers.
    Numbers(&'static [f64]),
    /// A list of so many items.
    List {
        /// How many there may be.
        count: Count,
        /// Whether no two may be equal.
        unique: bool,
        /// What is asked of each.
        item: &'static Self,
    },
    /// An object whose members have names of the caller's choice.
    Map(&'static Self),
    /// An object with limits of its own.
    Object(&'static Limits),
}

impl Limits {
    /// Returns the schema's name in the contract.
    pub fn schema(&self) -> &'static str {
        self.schema
    }

    /// Returns the members whose type is known or that must be there. Those of a union are the ones that
    /// all its variants share.
    pub fn members(&self) -> impl Iterator<Item = &'static Member> {
        let lines = std::iter::successors(Some((self.base, self.members)), |(base, _)| {
            base.map(|base| (base.base, base.members))
        });
        lines.flat_map(|(_, members)| members)
    }

    /// Returns what is asked of one member, by its name on the wire.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members().find(|member| member.name == name)
    }

    /// Returns the member that names the variant, where this is a union.
    pub fn tag(&self) -> Option<&'static str> {
        self.tag.as_ref().map(|tag| tag.name)
    }

    /// Returns the tag that counts where none is given, where the union has one.
    pub fn default_tag(&self) -> Option<&'static str> {
        self.tag.as_ref().and_then(|tag| tag.default)
    }

    /// Returns the variants of a union by their tags.
    pub fn variants(&self) -> &'static [(&'static str, &'static Self)] {
        self.tag.as_ref().map_or(&[], |tag| tag.variants)
    }
}

impl fmt::Debug for Limits {
    // Limits may refer to themselves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limits").field(&self.schema).finish()
    }
}

impl Member {
    /// Returns the name on the wire.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it must be there.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Returns what is asked of its value.
    pub fn rule(&self) -> Rule {
        self.rule
    }
}

impl Rule {
    /// Returns the range of a number.
    pub fn range(&self) -> Option<Range> {
        match self {
            Self::Number(range) => Some(*range),
            _ => None,
        }
    }

    /// Returns how long a text may be, or how many items a list may have.
    pub fn count(&self) -> Option<Count> {
        match self {
            Self::Text(count) | Self::List { count, .. } => Some(*count),
            _ => None,
        }
    }

    /// Returns the texts that the contract lists.
    pub fn listed(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Listed(values) => Some(values),
            _ => None,
        }
    }
}
