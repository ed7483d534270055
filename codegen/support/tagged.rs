//! Tagged unions: an object whose tag names its variant.
//!
//! Reading finds the tag, wherever it stands among the members, and goes straight to the one
//! variant; its cost does not grow with their number. Unions nest, each by a tag of its own.

use super::decode::DecodeError;
use super::raw_object::RawObject;
use super::tree::Tree;
use super::wire::{Edit, Mut, Ref, Unfit, View, Visit, Wire};

/// The tag of a variant.
#[derive(Debug)]
pub struct Tag(pub(crate) &'static str);

impl Wire for Tag {
    fn view(&self) -> View<'_> {
        View::Text(self.0)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Fixed
    }
}

/// A generated union.
pub trait Tagged: Wire {
    /// The member that holds the tag, and the tag that counts where none is given.
    #[doc(hidden)]
    fn tag(&self) -> (&'static str, Option<&'static str>);

    /// Makes it the blank variant of a tag, where that is listed.
    #[doc(hidden)]
    fn put_variant(&mut self, tag: &str) -> Option<Mut<'_>>;

    /// Makes it an object as it came.
    #[doc(hidden)]
    fn put_raw(&mut self, object: RawObject);

    /// The tag and the variant; no tag where the contract does not list it.
    #[doc(hidden)]
    fn variant(&self) -> (Option<&'static Tag>, Ref<'_>);

    /// The variant, to be changed.
    #[doc(hidden)]
    fn variant_mut(&mut self) -> Mut<'_>;
}

/// Reads a union: an object always becomes one, raw where its tag is not listed.
pub(crate) fn read(union: &mut dyn Tagged, tree: Tree<'_>) -> Result<(), Unfit> {
    let (name, default) = union.tag();
    let Tree::Object(mut members) = tree else {
        return Err(Unfit::new("an object", tree));
    };
    // Of an object with two tags, the later counts.
    let given = members.iter().rev().find(|(member, _)| member == name);
    let given = given.map(|(_, tag)| tag);
    let tag = match given {
        None | Some(Tree::Null) => default,
        Some(Tree::Text(tag)) => Some(&**tag),
        Some(_) => None,
    };
    if let Some(variant) = tag.and_then(|tag| union.put_variant(tag)) {
        // The union writes the tag itself. Mostly there is one, at the very front.
        while let Some(place) = members.iter().rposition(|(member, _)| member == name) {
            members.remove(place);
        }
        return super::read::read(variant, Tree::Object(members));
    }
    union.put_raw(super::tree::into_map(members).into());
    Ok(())
}

/// Calls `visit` with the tag of each level once, then with the members of the variant.
pub(super) fn each<'a>(union: &'a dyn Tagged, visit: Visit<'_, 'a>) {
    let (tag, variant) = union.variant();
    let Some(tag) = tag else {
        return variant.view().each(visit);
    };
    let (name, _) = union.tag();
    visit(name, tag, View::Text(tag.0));
    variant.view().each(&mut |member, value, view| {
        if member != name {
            visit(member, value, view);
        }
    });
}

/// Returns the tag, or a member of the variant, by its name.
pub(super) fn member<'a>(union: &'a dyn Tagged, name: &str) -> Option<Ref<'a>> {
    let (tag, variant) = union.variant();
    match tag {
        Some(tag) if union.tag().0 == name => Some(tag),
        _ => variant.view().member(name),
    }
}

/// Sets one member of the variant by its name.
pub(super) fn set_member(
    union: &mut dyn Tagged,
    name: &str,
    tree: Tree<'_>,
) -> Result<(), DecodeError> {
    if name == union.tag().0 && union.variant().0.is_some() {
        let what = "names the variant; make another one in place of setting it";
        return Err(DecodeError::at(name, what));
    }
    super::members::set(union.variant_mut(), name, tree)
}

/// Says how a union is read and shown: the member that holds its tag, the tag that counts where there
/// is none, and each tag with its variant. A variant that names what it holds is made of it by `From`.
macro_rules! tagged {
    (
        $name:ident by $member:literal $(or $default:literal)?, else $raw:ident {
            $($(#[$cut:meta])* $tag:literal => $variant:ident $(($holds:ident))?),* $(,)?
        }
    ) => {
        impl wiring::Wire for $name {
            fn view(&self) -> wiring::View<'_> {
                wiring::View::Tagged(self)
            }

            fn edit(&mut self) -> wiring::Edit<'_> {
                wiring::Edit::Tagged(self)
            }
        }

        impl wiring::Constant for $name {
            const BLANK: Self = Self::$raw(wiring::RawObject::EMPTY);
        }

        impl wiring::Blank for $name {
            fn blank() -> Self {
                <Self as wiring::Constant>::BLANK
            }
        }

        impl wiring::Tagged for $name {
            fn tag(&self) -> (&'static str, Option<&'static str>) {
                ($member, wiring::tagged!(@default $($default)?))
            }

            fn put_variant(&mut self, tag: &str) -> Option<wiring::Mut<'_>> {
                let known = match tag {
                    $($(#[$cut])* $tag => {
                        *self = Self::$variant(wiring::Blank::blank());
                        true
                    })*
                    _ => false,
                };
                known.then(|| self.variant_mut())
            }

            fn put_raw(&mut self, object: wiring::RawObject) {
                *self = Self::$raw(object);
            }

            fn variant(&self) -> (Option<&'static wiring::Tag>, wiring::Ref<'_>) {
                match self {
                    $($(#[$cut])* Self::$variant(variant) => (Some(&wiring::Tag($tag)), &**variant),)*
                    Self::$raw(object) => (None, object),
                }
            }

            fn variant_mut(&mut self) -> wiring::Mut<'_> {
                match self {
                    $($(#[$cut])* Self::$variant(variant) => &mut **variant,)*
                    Self::$raw(object) => object,
                }
            }
        }

        impl From<wiring::RawObject> for $name {
            fn from(object: wiring::RawObject) -> Self {
                Self::$raw(object)
            }
        }

        $(wiring::tagged!(@from $(#[$cut])* $name $variant $($holds)?);)*

        wiring::wired!($name);
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    (@from $(#[$cut:meta])* $name:ident $variant:ident) => {};
    (@from $(#[$cut:meta])* $name:ident $variant:ident $holds:ident) => {
        $(#[$cut])*
        impl From<$holds> for $name {
            #[inline]
            fn from(value: $holds) -> Self {
                Self::$variant(Box::new(value))
            }
        }
    };
}

/// Makes unions of what stands deeper in them, by way of the union that holds it.
macro_rules! lifted {
    ($holds:ident by $way:ident => $($union:ident),+ $(,)?) => {$(
        impl From<$holds> for $union {
            #[inline]
            fn from(value: $holds) -> Self {
                Self::from($way::from(value))
            }
        }
    )+};
}

pub(crate) use {lifted, tagged};
