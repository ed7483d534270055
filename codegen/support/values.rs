//! The values that members have: numbers, texts, times, lists, maps, and what may be absent.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::encode::to_value;
use super::tree::Tree;
use super::wire::{Entries, Items, MembersMut, Ref, Unfit, View, Wire};

macro_rules! whole {
    ($($number:ty as $view:ident),*) => {$(
        impl Wire for $number {
            fn blank() -> Self {
                0
            }

            fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
                let read = match &tree {
                    Tree::Int(value) => Self::try_from(*value).ok(),
                    Tree::UInt(value) => Self::try_from(*value).ok(),
                    Tree::Float(value) => whole(*value).and_then(|value| Self::try_from(value).ok()),
                    _ => None,
                };
                match read {
                    Some(value) => *self = value,
                    None => return Err(Unfit::new(concat!("a whole number (", stringify!($number), ")"), tree)),
                }
                Ok(())
            }

            fn view(&self) -> View<'_> {
                View::$view((*self).into())
            }
        }
    )*};
}

whole!(i32 as Int, i64 as Int, u32 as UInt, u64 as UInt);

/// Some services write `3.0` where they mean 3.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let fits = value.fract() == 0.0 && value.abs() <= EXACT;
    #[allow(clippy::cast_possible_truncation, reason = "just looked at")]
    fits.then_some(value as i64)
}

impl Wire for f64 {
    fn blank() -> Self {
        0.0
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "the contract asks for any number"
    )]
    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        *self = match tree {
            Tree::Int(value) => value as Self,
            Tree::UInt(value) => value as Self,
            Tree::Float(value) => value,
            other => return Err(Unfit::new("a number", other)),
        };
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Float(*self)
    }
}

impl Wire for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let Tree::Bool(value) = tree else {
            return Err(Unfit::new("a boolean", tree));
        };
        *self = value;
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }
}

impl Wire for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let Tree::Text(value) = tree else {
            return Err(Unfit::new("a text", tree));
        };
        *self = value.into_owned();
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Wire for DateTime<Utc> {
    fn blank() -> Self {
        Self::UNIX_EPOCH
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let date = match &tree {
            Tree::Text(text) => date(text),
            _ => None,
        };
        match date {
            Some(date) => *self = date,
            None => return Err(Unfit::new("a point in time (RFC 3339)", tree)),
        }
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Date(self)
    }
}

/// A time without an offset is one of UTC.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let exact = DateTime::parse_from_rfc3339(text).map(|date| date.with_timezone(&Utc));
    let bare = || {
        let bare = text.trim().trim_end_matches(['Z', 'z']);
        let forms = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
        ];
        let read = |form: &&str| NaiveDateTime::parse_from_str(bare, form).ok();
        forms.iter().find_map(read).map(|date| date.and_utc())
    };
    exact.ok().or_else(bare)
}

impl Wire for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        *self = tree.into_value();
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Raw(self)
    }

    fn members_mut(&mut self) -> Option<MembersMut<'_>> {
        self.as_object_mut().map(MembersMut::Raw)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        if matches!(tree, Tree::Null) {
            *self = None;
            return Ok(());
        }
        let mut value = T::blank();
        let read = value.read(tree);
        let keep = read.as_ref().map_or_else(|unfit| unfit.partly, |()| true);
        *self = keep.then_some(value);
        read
    }

    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, T::view)
    }

    fn members_mut(&mut self) -> Option<MembersMut<'_>> {
        self.as_mut()?.members_mut()
    }
}

impl<T: Wire> Wire for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        (**self).read(tree)
    }

    fn view(&self) -> View<'_> {
        (**self).view()
    }

    fn members_mut(&mut self) -> Option<MembersMut<'_>> {
        (**self).members_mut()
    }
}

impl<T: Wire> Items for Vec<T> {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(Ref<'a>)) {
        self.iter().for_each(|item| visit(item));
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    /// An item that does not fit is blank; the others are read.
    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let Tree::List(items) = tree else {
            return Err(Unfit::new("a list", tree));
        };
        let mut unfit = Vec::new();
        self.clear();
        self.reserve_exact(items.len());
        for (index, tree) in items.into_iter().enumerate() {
            let mut item = T::blank();
            if let Err(found) = item.read(tree) {
                unfit.push((index, found));
            }
            self.push(item);
        }
        let whole = || self.iter().map(|item| to_value(item)).collect();
        gather(unfit, whole)
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

/// Makes one fault of those of a list.
fn gather(unfit: Vec<(usize, Unfit)>, whole: impl FnOnce() -> Vec<Value>) -> Result<(), Unfit> {
    let Some((index, first)) = unfit.first() else {
        return Ok(());
    };
    let (place, what) = (
        format!("[{index}]{}", joined(&first.place)),
        first.what.clone(),
    );
    let mut raw = whole();
    for (index, unfit) in unfit {
        raw[index] = unfit.raw;
    }
    Err(Unfit {
        place,
        what,
        raw: Value::Array(raw),
        partly: true,
    })
}

/// A place below another: `[0]` stays, `name` gets its dot.
pub(super) fn joined(place: &str) -> String {
    match place {
        "" => String::new(),
        place if place.starts_with('[') => place.to_owned(),
        place => format!(".{place}"),
    }
}

impl<T: Wire> Entries for BTreeMap<String, T> {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        self.iter().for_each(|(name, value)| visit(name, value));
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    /// An entry that does not fit is left out, unless a part of it does; the others are read.
    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let Tree::Object(members) = tree else {
            return Err(Unfit::new("an object", tree));
        };
        self.clear();
        let mut unfit: Vec<(String, Unfit)> = Vec::new();
        for (name, tree) in members {
            let mut value = T::blank();
            let read = value.read(tree);
            if read.as_ref().map_or_else(|unfit| unfit.partly, |()| true) {
                self.insert(name.clone().into_owned(), value);
            }
            if let Err(found) = read {
                unfit.push((name.into_owned(), found));
            }
        }
        let Some((name, first)) = unfit.first() else {
            return Ok(());
        };
        let (place, what) = (
            format!("{name}{}", joined(&first.place)),
            first.what.clone(),
        );
        let entries = self.iter();
        let mut raw: serde_json::Map<String, Value> = entries
            .map(|(name, value)| (name.clone(), to_value(value)))
            .collect();
        raw.extend(unfit.into_iter().map(|(name, unfit)| (name, unfit.raw)));
        Err(Unfit {
            place,
            what,
            raw: Value::Object(raw),
            partly: true,
        })
    }

    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn read_entry(&mut self, name: &str, tree: Tree<'_>) -> Result<(), Unfit> {
        let mut value = T::blank();
        value.read(tree)?;
        self.insert(name.to_owned(), value);
        Ok(())
    }
}
