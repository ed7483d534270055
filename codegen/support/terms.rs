//! The words that generated limits are written in: `must("width", whole(64, 2048))`.

pub(crate) use super::limits::{Limits, Rule};
use super::limits::{Member, Tag};
use super::range::Count;
pub(crate) use super::range::Range;

/// Any value.
pub(crate) const ANY: Rule = Rule::Any;
/// True or false.
pub(crate) const FLAG: Rule = Rule::Flag;
/// Any text.
pub(crate) const TEXT: Rule = Rule::Text(Count::new(0, None));
/// Any whole number.
pub(crate) const WHOLE: Rule = Rule::Number(Range::INTEGER);
/// Any number.
pub(crate) const NUMBER: Rule = Rule::Number(Range::NUMBER);
/// What holds of a variant without limits.
pub(crate) static FREE: Limits = limits("", &[]);

/// The limits of a schema.
pub(crate) const fn limits(schema: &'static str, members: &'static [Member]) -> Limits {
    Limits {
        schema,
        base: None,
        members,
        tag: None,
    }
}

impl Limits {
    /// Adds the members that every variant of a union has.
    pub(crate) const fn within(mut self, union: &'static Self) -> Self {
        self.base = Some(union);
        self
    }

    /// Makes a union of it, whose tag must be there.
    pub(crate) const fn by(
        mut self,
        name: &'static str,
        variants: &'static [(&'static str, &'static Self)],
    ) -> Self {
        self.tag = Some(Tag {
            name,
            default: None,
            variants,
        });
        self
    }

    /// Makes a union of it, whose tag may be absent.
    pub(crate) const fn by_or(
        mut self,
        name: &'static str,
        default: &'static str,
        variants: &'static [(&'static str, &'static Self)],
    ) -> Self {
        self.tag = Some(Tag {
            name,
            default: Some(default),
            variants,
        });
        self
    }
}

/// A member that must be there.
pub(crate) const fn must(name: &'static str, rule: Rule) -> Member {
    Member {
        name,
        required: true,
        rule,
    }
}

/// A member that may be there.
pub(crate) const fn may(name: &'static str, rule: Rule) -> Member {
    Member {
        name,
        required: false,
        rule,
    }
}

/// A whole number in a range.
pub(crate) const fn whole(least: i64, most: i64) -> Rule {
    Rule::Number(Range::INTEGER.from(least as f64).to(most as f64))
}

/// A number in a range.
pub(crate) const fn number(least: f64, most: f64) -> Rule {
    Rule::Number(Range::NUMBER.from(least).to(most))
}

/// Text of at least so many characters.
pub(crate) const fn text_from(least: usize) -> Rule {
    Rule::Text(Count::new(least, None))
}

/// Text of so many characters.
pub(crate) const fn text(least: usize, most: usize) -> Rule {
    Rule::Text(Count::new(least, Some(most)))
}

/// A list of any length.
pub(crate) const fn each(item: &'static Rule) -> Rule {
    list(0, None, item)
}

/// A list of so many items.
pub(crate) const fn list(least: usize, most: Option<usize>, item: &'static Rule) -> Rule {
    let (count, unique) = (Count::new(least, most), false);
    Rule::List {
        count,
        unique,
        item,
    }
}

/// A list that holds no item twice.
pub(crate) const fn set(least: usize, most: Option<usize>, item: &'static Rule) -> Rule {
    let (count, unique) = (Count::new(least, most), true);
    Rule::List {
        count,
        unique,
        item,
    }
}

/// A map.
pub(crate) const fn map(value: &'static Rule) -> Rule {
    Rule::Map(value)
}

/// An object with limits of its own.
pub(crate) const fn object(limits: &'static Limits) -> Rule {
    Rule::Object(limits)
}

/// One of some texts.
pub(crate) const fn one_of(values: &'static [&'static str]) -> Rule {
    Rule::Listed(values)
}
