//! Structs: objects with named members.

use super::decode::DecodeError;
use super::encode::to_value;
use super::extra::Extra;
use super::read::{put_entry, read as read_value};
use super::tree::Tree;
use super::wire::{Edit, Mut, Ref, Unfit, View, Visit, Wire};

/// One member of a struct.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name on the wire; empty for the field that takes every member without a field of its own.
    pub(crate) wire: &'static str,
    /// Whether it is always written, and missed in a reply.
    pub(crate) required: bool,
    /// The only value that it can have, which is written where nothing is set.
    pub(crate) fixed: Option<Fixed>,
}

impl Member {
    /// A member that is called as its field is.
    pub(crate) const fn named(field: &'static str) -> Self {
        Self {
            wire: field,
            required: false,
            fixed: None,
        }
    }

    /// The field that takes every member without a field of its own.
    pub(crate) const fn rest(_: &'static str) -> Self {
        Self::named("")
    }

    /// Says what it is called where that is not the name of its field.
    pub(crate) const fn called(self, wire: &'static str) -> Self {
        Self { wire, ..self }
    }

    /// Marks it as required.
    pub(crate) const fn must(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// Gives it the only text that it can have.
    pub(crate) const fn text(self, value: &'static str) -> Self {
        self.only(Fixed::Text(value))
    }

    /// Gives it the only truth that it can have.
    pub(crate) const fn bool(self, value: bool) -> Self {
        self.only(Fixed::Bool(value))
    }

    /// Gives it the only whole number that it can have.
    pub(crate) const fn int(self, value: i64) -> Self {
        self.only(Fixed::Int(value))
    }

    const fn only(self, value: Fixed) -> Self {
        Self {
            fixed: Some(value),
            ..self
        }
    }
}

/// The only value that a member can have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fixed {
    /// A text.
    Text(&'static str),
    /// A truth.
    Bool(bool),
    /// A whole number.
    Int(i64),
}

impl Wire for Fixed {
    fn view(&self) -> View<'_> {
        match self {
            Self::Text(value) => View::Text(value),
            Self::Bool(value) => View::Bool(*value),
            Self::Int(value) => View::Int(*value),
        }
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Fixed
    }
}

/// A generated struct.
pub trait Object: Wire {
    /// The name of the type, and its members, sorted by their names on the wire.
    #[doc(hidden)]
    fn shape(&self) -> (&'static str, &'static [Member]);

    /// What it holds beside them.
    #[doc(hidden)]
    fn extra(&self) -> &Extra;

    /// Calls `visit` with the values of its members, in the order of the table.
    #[doc(hidden)]
    fn fields<'a>(&'a self, visit: &mut dyn FnMut(&[Ref<'a>]));

    /// Calls `visit` with the values of its members, to be set.
    #[doc(hidden)]
    fn slots(&mut self, visit: &mut dyn FnMut(&mut [Mut<'_>], &mut Extra));
}

/// Splits the field that takes every other member from a table.
fn named(table: &'static [Member]) -> (&'static [Member], bool) {
    match table {
        [named @ .., Member { wire: "", .. }] => (named, true),
        named => (named, false),
    }
}

fn find(named: &[Member], name: &str) -> Option<usize> {
    named.binary_search_by(|member| member.wire.cmp(name)).ok()
}

/// The most members of a table that are looked at one by one.
const SHORT: usize = 32;

/// Finds a member, from a place in the table on: services keep an order, so that a member mostly stands close behind
/// the one before it, and lengths tell names apart faster than a search by halves does.
fn find_from(named: &[Member], name: &str, place: usize) -> Option<usize> {
    if named.len() > SHORT {
        return find(named, name);
    }
    let (before, behind) = named.split_at(place.min(named.len()));
    let in_part = |members: &[Member]| members.iter().position(|member| member.wire == name);
    let found = in_part(behind).map(|index| before.len() + index);
    found.or_else(|| in_part(before))
}

/// Reads a struct. An object always becomes one: what does not fit is kept beside it.
pub(crate) fn read(object: &mut dyn Object, tree: Tree<'_>) -> Result<(), Unfit> {
    let Tree::Object(members) = tree else {
        return Err(Unfit::new("an object", tree));
    };
    let (type_name, table) = object.shape();
    let (table, has_rest) = named(table);
    let mut members = Some(members);
    object.slots(&mut |slots, extra| {
        let mut seen = Seen::default();
        let mut place = 0;
        for (name, tree) in members.take().into_iter().flatten() {
            match find_from(table, &name, place) {
                Some(index) => {
                    place = index + 1;
                    if seen.has(index) {
                        // Of two members with one name, the later counts.
                        extra.forget(index);
                    }
                    seen.add(index);
                    set(
                        type_name,
                        (index, &table[index]),
                        &mut *slots[index],
                        extra,
                        tree,
                    );
                }
                None if has_rest => {
                    if let Err(unfit) = rest(&mut *slots[table.len()], &name, tree) {
                        let misfit = extra.keep_stray(&name, unfit);
                        tracing::warn!(r#type = type_name, %misfit, "not what the contract says");
                    }
                }
                None => {
                    extra.insert(name, tree.into_value());
                }
            }
        }
        for (index, member) in table.iter().enumerate() {
            if seen.has(index) {
                continue;
            }
            if member.required {
                extra.keep_missing(index, member, &*slots[index]);
                tracing::warn!(
                    r#type = type_name,
                    member = member.wire,
                    "missing in a reply"
                );
            } else if member.fixed.is_some() {
                extra.keep_unsaid(index);
            }
        }
    });
    Ok(())
}

fn set(
    type_name: &'static str,
    (index, member): (usize, &'static Member),
    slot: Mut<'_>,
    extra: &mut Extra,
    tree: Tree<'_>,
) {
    let is_null = matches!(tree, Tree::Null);
    let read = if is_null && member.required && member.fixed.is_some() {
        Err(Unfit::new("the one value that it can have", tree))
    } else {
        read_value(slot, tree)
    };
    match read {
        Ok(()) => {
            if is_null && !member.required && matches!(slot.view(), View::Absent) {
                extra.keep_null(index, member);
            }
        }
        Err(unfit) => {
            let misfit = extra.keep_misfit((index, member), Some(unfit), slot);
            tracing::warn!(r#type = type_name, %misfit, "not what the contract says");
        }
    }
}

/// Reads a member into the field that takes every other member.
fn rest(field: Mut<'_>, name: &str, tree: Tree<'_>) -> Result<(), Unfit> {
    match field.edit() {
        Edit::Map(map) => put_entry(map, name, tree, false),
        _ => Err(Unfit::new("a map", tree)),
    }
}

/// The members that an object had, up to as many as any contract has.
#[derive(Default)]
struct Seen([u64; 8]);

impl Seen {
    fn add(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    fn has(&self, index: usize) -> bool {
        let word = self.0.get(index / 64);
        word.is_none_or(|word| word >> (index % 64) & 1 == 1)
    }
}

/// Calls `visit` with the members of a struct, as they are written.
pub(super) fn each<'a>(object: &'a dyn Object, visit: Visit<'_, 'a>) {
    let ((_, table), extra) = (object.shape(), object.extra());
    object.fields(&mut |fields| {
        for (index, (member, field)) in table.iter().zip(fields).enumerate() {
            if !extra.is_plain()
                && let Some(instead) = extra.instead(index, *field)
            {
                if let Some(raw) = instead {
                    visit(member.wire, raw, View::Raw(raw));
                }
                continue;
            }
            match shown((index, member), *field, extra) {
                Some((_, View::Map(map))) if member.wire.is_empty() => {
                    map.each(&mut |name, value| visit(name, value, value.view()));
                }
                Some((value, view)) => visit(member.wire, value, view),
                None => {}
            }
        }
        if extra.is_plain() {
            return;
        }
        let (named, has_rest) = named(table);
        let is_in_rest = |name| has_rest && fields[named.len()].view().member(name).is_some();
        for (name, value) in extra.iter() {
            // A field that is set counts for more than a member of its name.
            let field = find(named, name).map(|index| (index, fields[index].view()));
            match field {
                None if is_in_rest(name) => {}
                None => visit(name, value, View::Raw(value)),
                Some((index, View::Absent)) if !named[index].required && !extra.is_null(index) => {
                    visit(name, value, View::Raw(value));
                }
                Some(_) => {}
            }
        }
    });
}

static NULL: serde_json::Value = serde_json::Value::Null;

/// What is written of a field: nothing where it is absent and may be, null, or the only value that it can have.
fn shown<'a>(
    (index, member): (usize, &'static Member),
    field: Ref<'a>,
    extra: &Extra,
) -> Option<(Ref<'a>, View<'a>)> {
    match field.view() {
        View::Absent if (member.required && member.fixed.is_none()) || extra.is_null(index) => {
            Some((&NULL, View::Absent))
        }
        View::Absent => {
            let fixed = member.fixed.as_ref();
            let fixed = fixed.filter(|_| !extra.is_missing(index))?;
            Some((fixed, fixed.view()))
        }
        view => Some((field, view)),
    }
}

/// Returns one member of a struct, as it is written: by its place where nothing is kept beside the fields.
pub(super) fn member<'a>(object: &'a dyn Object, name: &str) -> Option<Ref<'a>> {
    let ((_, table), extra) = (object.shape(), object.extra());
    let place = find_from(named(table).0, name, 0).filter(|_| extra.is_plain());
    let Some(index) = place else {
        return View::Object(object).find(name);
    };
    let mut found = None;
    object.fields(&mut |fields| found = shown((index, &table[index]), fields[index], extra));
    found.map(|(value, _)| value)
}

/// Sets one member by its name. A value that does not fit changes nothing.
pub(super) fn set_member(
    object: &mut dyn Object,
    name: &str,
    tree: Tree<'_>,
) -> Result<(), DecodeError> {
    let (table, has_rest) = named(object.shape().1);
    let (mut tree, mut result) = (Some(tree), Ok(()));
    object.slots(&mut |slots, extra| {
        let Some(tree) = tree.take() else { return };
        let read = match find(table, name) {
            Some(index) => replace((index, &table[index]), &mut *slots[index], extra, tree),
            None if has_rest => {
                let read = rest(&mut *slots[table.len()], name, tree);
                if read.is_ok() {
                    extra.forget_stray(name);
                }
                read
            }
            None => {
                extra.insert(name, tree.into_value());
                Ok(())
            }
        };
        result = read.map_err(|unfit| DecodeError::of(name, &unfit));
    });
    result
}

/// Puts a value in the place of another, which stays where the new one does not fit.
fn replace(
    (index, member): (usize, &'static Member),
    slot: Mut<'_>,
    extra: &mut Extra,
    tree: Tree<'_>,
) -> Result<(), Unfit> {
    let (is_null, before) = (matches!(tree, Tree::Null), to_value(slot));
    if let Err(unfit) = read_value(slot, tree) {
        // It was written by the same type, so it fits.
        let _fits = read_value(slot, Tree::from(before));
        return Err(unfit);
    }
    extra.forget(index);
    if is_null && !member.required && matches!(slot.view(), View::Absent) {
        extra.keep_null(index, member);
    }
    Ok(())
}

/// Says how a struct is read and shown: its fields, with their names on the wire where those differ.
/// `must` behind a name marks a member that is required, `=` the only value of one; `..` before the last field, that it takes every
/// other member.
macro_rules! object {
    ($name:ident {
        $($field:ident $(: $wire:literal)? $(= $kind:ident $value:literal)? $($required:ident)?),*
        $(,)? $(..$rest:ident $(,)?)?
    }) => {
        impl wiring::Wire for $name {
            fn view(&self) -> wiring::View<'_> {
                wiring::View::Object(self)
            }

            fn edit(&mut self) -> wiring::Edit<'_> {
                wiring::Edit::Object(self)
            }
        }

        impl wiring::Constant for $name {
            const BLANK: Self = Self {
                $($field: wiring::Constant::BLANK,)*
                $($rest: wiring::Constant::BLANK,)?
                extra: wiring::Extra::NONE,
            };
        }

        impl wiring::Blank for $name {
            fn blank() -> Self {
                <Self as wiring::Constant>::BLANK
            }
        }

        impl wiring::Object for $name {
            fn shape(&self) -> (&'static str, &'static [wiring::Member]) {
                const MEMBERS: &[wiring::Member] = &[
                    $(wiring::Member::named(stringify!($field))
                        $(.called($wire))? $(.$kind($value))? $(.$required())?,)*
                    $(wiring::Member::rest(stringify!($rest)),)?
                ];
                (stringify!($name), MEMBERS)
            }

            fn extra(&self) -> &wiring::Extra {
                &self.extra
            }

            fn fields<'a>(&'a self, visit: &mut dyn FnMut(&[wiring::Ref<'a>])) {
                visit(&[$(&self.$field,)* $(&self.$rest,)?]);
            }

            fn slots(&mut self, visit: &mut dyn FnMut(&mut [wiring::Mut<'_>], &mut wiring::Extra)) {
                visit(&mut [$(&mut self.$field,)* $(&mut self.$rest,)?], &mut self.extra);
            }
        }

        wiring::wired!($name);
    };
}

pub(crate) use object;
