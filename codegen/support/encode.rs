//! Writing, comparing and printing: each once for all types, by what a value shows.

use std::fmt;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::object::Fixed;
use super::wire::{Ref, View};

/// A value to be written, in whatever format.
pub(crate) struct Out<'a>(pub(crate) View<'a>);

impl Serialize for Out<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            View::Absent => serializer.serialize_none(),
            View::Bool(value) => serializer.serialize_bool(value),
            View::Int(value) => serializer.serialize_i64(value),
            View::UInt(value) => serializer.serialize_u64(value),
            View::Float(value) => serializer.serialize_f64(value),
            View::Text(value) => serializer.serialize_str(value),
            View::Date(value) => write_date(value, serializer),
            View::Raw(value) => value.serialize(serializer),
            View::List(items) => {
                let mut list = serializer.serialize_seq(None)?;
                let mut result = Ok(());
                items.each(&mut |item| {
                    if result.is_ok() {
                        result = list.serialize_element(&Out(item.view()));
                    }
                });
                result?;
                list.end()
            }
            view @ (View::Map(_) | View::Object(_) | View::Tagged(_)) => {
                let mut map = serializer.serialize_map(None)?;
                let mut result = Ok(());
                view.each(&mut |name, _, view| {
                    if result.is_ok() {
                        result = map.serialize_entry(name, &Out(view));
                    }
                });
                result?;
                map.end()
            }
        }
    }
}

/// Writes a point in time as RFC 3339, with as many digits behind the second as it takes.
///
/// Formatting by a general formatter took as long as all the rest of a reply.
fn write_date<S: Serializer>(date: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let (day, time) = (date.date_naive(), date.time());
    let nanos = time.nanosecond();
    let year = match u32::try_from(day.year()) {
        Ok(year) if year <= 9_999 && nanos < 1_000_000_000 => year,
        // Other years, and leap seconds.
        _ => return date.serialize(serializer),
    };
    let mut text = *b"0000-00-00T00:00:00.000000000Z";
    for (at, number) in [
        (4, year),
        (7, day.month()),
        (10, day.day()),
        (13, time.hour()),
        (16, time.minute()),
        (19, time.second()),
        (29, nanos),
    ] {
        write_digits(&mut text[..at], number);
    }
    let end = match nanos {
        0 => 19,
        nanos if nanos % 1_000_000 == 0 => 23,
        nanos if nanos % 1_000 == 0 => 26,
        _ => 29,
    };
    text[end] = b'Z';
    serializer.serialize_str(std::str::from_utf8(&text[..=end]).unwrap_or_default())
}

/// Writes a number in front of the end.
fn write_digits(text: &mut [u8], mut number: u32) {
    for digit in text.iter_mut().rev() {
        if number == 0 {
            return;
        }
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Makes JSON of a value.
pub(crate) fn to_value(value: Ref<'_>) -> Value {
    // Names are texts and numbers are numbers, so nothing can fail.
    serde_json::to_value(Out(value.view())).unwrap_or_default()
}

macro_rules! has_members {
    () => {
        View::Map(_) | View::Object(_) | View::Tagged(_)
    };
}

/// Whether two values hold the same.
pub(crate) fn same(one: Ref<'_>, other: Ref<'_>) -> bool {
    match (one.view(), other.view()) {
        (View::Absent, View::Absent) => true,
        (View::Bool(one), View::Bool(other)) => one == other,
        (View::Int(one), View::Int(other)) => one == other,
        (View::UInt(one), View::UInt(other)) => one == other,
        (View::Float(one), View::Float(other)) => one == other,
        (View::Text(one), View::Text(other)) => one == other,
        (View::Date(one), View::Date(other)) => one == other,
        (View::Raw(one), View::Raw(other)) => one == other,
        (View::List(one), View::List(other)) => {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            one.each(&mut |item| left.push(item));
            other.each(&mut |item| right.push(item));
            left.len() == right.len()
                && left.iter().zip(right).all(|(one, other)| same(*one, other))
        }
        (one @ has_members!(), other @ has_members!()) => {
            let (one, other) = (members(one), members(other));
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((name, one), (other_name, other))| {
                        *name == other_name && same(*one, other)
                    })
        }
        _ => false,
    }
}

/// Whether a value is what stands for one until it is read.
pub(super) fn is_blank(value: Ref<'_>) -> bool {
    match value.view() {
        View::Absent => true,
        View::Bool(value) => !value,
        View::Int(value) => value == 0,
        View::UInt(value) => value == 0,
        View::Float(value) => value == 0.0,
        View::Text(value) => value.is_empty(),
        View::Date(value) => *value == DateTime::UNIX_EPOCH,
        View::Raw(value) => value.is_null(),
        View::List(items) => {
            let mut is_empty = true;
            items.each(&mut |_| is_empty = false);
            is_empty
        }
        view => {
            let mut is_empty = true;
            view.each(&mut |_, value, _| is_empty &= is_constant(value) || is_blank(value));
            is_empty
        }
    }
}

/// Whether a value is there by itself, since the member can have no other.
fn is_constant(value: Ref<'_>) -> bool {
    let value: &dyn std::any::Any = value;
    value.is::<Fixed>()
}

/// The members of an object by name.
fn members(view: View<'_>) -> Vec<(&str, Ref<'_>)> {
    let mut found = Vec::new();
    view.each(&mut |name, value, _| found.push((name, value)));
    found.sort_by_key(|(name, _)| *name);
    found
}

/// A value to be printed for people.
pub(crate) struct Print<'a>(pub(crate) Ref<'a>);

impl fmt::Debug for Print<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.view() {
            View::Absent => f.write_str("None"),
            View::Bool(value) => value.fmt(f),
            View::Int(value) => value.fmt(f),
            View::UInt(value) => value.fmt(f),
            View::Float(value) => value.fmt(f),
            View::Text(value) => value.fmt(f),
            View::Date(value) => value.fmt(f),
            View::Raw(value) => write!(f, "{value}"),
            View::List(items) => {
                let mut list = f.debug_list();
                items.each(&mut |item| {
                    list.entry(&Print(item));
                });
                list.finish()
            }
            view @ View::Map(_) => {
                let mut map = f.debug_map();
                view.each(&mut |name, value, _| {
                    map.entry(&name, &Print(value));
                });
                map.finish()
            }
            view @ View::Object(object) => {
                let mut members = f.debug_struct(object.shape().0);
                view.each(&mut |name, value, _| {
                    members.field(name, &Print(value));
                });
                members.finish()
            }
            View::Tagged(union) => {
                let (tag, variant) = union.variant();
                let tag = tag.map_or("Raw", |tag| tag.0);
                f.debug_tuple(tag).field(&Print(variant)).finish()
            }
        }
    }
}

/// What replaces the derives of a generated type: reading, writing, comparing and printing go through
/// what it shows.
macro_rules! wired {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                wiring::deserialize(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                wiring::Out(wiring::Wire::view(self)).serialize(serializer)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                wiring::same(self, other)
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                wiring::Print(self).fmt(f)
            }
        }
    };
}

pub(crate) use wired;
