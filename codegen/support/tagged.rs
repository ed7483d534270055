//! Tagged unions: an object whose tag names its variant.
//!
//! Reading finds the tag, wherever it stands among the members, and goes straight to the one
//! variant; its cost does not grow with their number. Unions nest, each by a tag of its own.

use super::decode::DecodeError;
use super::raw_object::RawObject;
use super::tree::Tree;
use super::wire::{MembersMut, Mut, Ref, Unfit, View, Wire};

/// The tag of a variant.
#[derive(Debug)]
pub struct Tag(pub(crate) &'static str);

impl Wire for Tag {
    fn blank() -> Self {
        Self("")
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        Err(Unfit::new("a tag that is written by its union", tree))
    }

    fn view(&self) -> View<'_> {
        View::Text(self.0)
    }
}

/// A generated union.
pub trait Tagged: Wire {
    /// The member that holds the tag.
    #[doc(hidden)]
    fn tag(&self) -> &'static str;

    /// The tag and the variant; no tag where the contract does not list it.
    #[doc(hidden)]
    fn variant(&self) -> (Option<&'static Tag>, Ref<'_>);

    /// The variant, to be changed.
    #[doc(hidden)]
    fn variant_mut(&mut self) -> Mut<'_>;
}

/// Tags and how their variants begin.
pub(crate) type Variants<T> = [(&'static str, fn() -> T)];

/// Reads a union: an object always becomes one, raw where its tag is not listed.
pub(crate) fn read<T: Tagged + From<RawObject>>(
    union: &mut T,
    default: Option<&str>,
    variants: &Variants<T>,
    tree: Tree<'_>,
) -> Result<(), Unfit> {
    let name = union.tag();
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
    let found = tag.and_then(|tag| variants.iter().find(|(listed, _)| *listed == tag));
    let Some((_, begin)) = found else {
        *union = RawObject::from(super::tree::into_map(members)).into();
        return Ok(());
    };
    // The union writes the tag itself.
    members.retain(|(member, _)| member != name);
    *union = begin();
    union.variant_mut().read(Tree::Object(members))
}

/// Calls `visit` with the tag of each level once, then with the members of the variant.
pub(super) fn each<'a>(union: &'a dyn Tagged, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
    let (tag, variant) = union.variant();
    let Some(tag) = tag else {
        return variant.view().each(visit);
    };
    let name = union.tag();
    visit(name, tag);
    variant.view().each(&mut |member, value| {
        if member != name {
            visit(member, value);
        }
    });
}

/// Sets one member of the variant by its name.
pub(super) fn set_member(
    union: &mut dyn Tagged,
    name: &str,
    tree: Tree<'_>,
) -> Result<(), DecodeError> {
    if name == union.tag() && union.variant().0.is_some() {
        let what = "names the variant; make another one in place of setting it";
        return Err(DecodeError::at(name, what));
    }
    match union.variant_mut().members_mut() {
        Some(members) => members.set(name, tree),
        None => Ok(()),
    }
}

impl MembersMut<'_> {
    /// Sets one member by its name.
    pub(super) fn set(self, name: &str, tree: Tree<'_>) -> Result<(), DecodeError> {
        match self {
            Self::Object(object) => super::object::set_member(object, name, tree),
            Self::Tagged(union) => set_member(union, name, tree),
            Self::Raw(members) => {
                members.insert(name.to_owned(), tree.into_value());
                Ok(())
            }
        }
    }
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
            fn blank() -> Self {
                Self::$raw(wiring::RawObject::default())
            }

            fn read(&mut self, tree: wiring::Tree<'_>) -> Result<(), wiring::Unfit> {
                const DEFAULT: &[&str] = &[$($default)?];
                const VARIANTS: &wiring::tagged::Variants<$name> = &[
                    $($(#[$cut])* ($tag, || $name::$variant(wiring::Wire::blank())),)*
                ];
                wiring::tagged::read(self, DEFAULT.first().copied(), VARIANTS, tree)
            }

            fn view(&self) -> wiring::View<'_> {
                wiring::View::Tagged(self)
            }

            fn members_mut(&mut self) -> Option<wiring::MembersMut<'_>> {
                Some(wiring::MembersMut::Tagged(self))
            }
        }

        impl wiring::Tagged for $name {
            fn tag(&self) -> &'static str {
                $member
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
    (@from $(#[$cut:meta])* $name:ident $variant:ident) => {};
    (@from $(#[$cut:meta])* $name:ident $variant:ident $holds:ident) => {
        $(#[$cut])*
        impl From<$holds> for $name {
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
            fn from(value: $holds) -> Self {
                Self::from($way::from(value))
            }
        }
    )+};
}

pub(crate) use {lifted, tagged};
