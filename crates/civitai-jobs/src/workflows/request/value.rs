//! Values of a step's input: given, or known only once another step has run.

use std::fmt;
use std::marker::PhantomData;

use civitai_api::{Input, Reference};
use serde::Serialize;

use super::references::Origin;

/// What a value is for: [`Image`], [`Text`], `i32`, …; kinds do not mix.
pub trait Kind: sealed::Sealed {
    /// What a value of this kind is in JSON.
    type Value: Clone + fmt::Debug + PartialEq + Serialize;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident;)*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $kind {}

            impl sealed::Sealed for $kind {}

            impl Kind for $kind {
                type Value = String;
            }

            impl From<&str> for Source<$kind> {
                fn from(value: &str) -> Self {
                    Self(Input::Value(value.to_owned()))
                }
            }

            impl From<String> for Source<$kind> {
                fn from(value: String) -> Self {
                    Self(Input::Value(value))
                }
            }

            impl From<&String> for Source<$kind> {
                fn from(value: &String) -> Self {
                    Self(Input::Value(value.clone()))
                }
            }

            impl From<&crate::StoredBlob> for Source<$kind> {
                fn from(value: &crate::StoredBlob) -> Self {
                    Self(Input::Value(value.url().to_owned()))
                }
            }

            impl From<url::Url> for Source<$kind> {
                fn from(value: url::Url) -> Self {
                    Self(Input::Value(value.into()))
                }
            }
        )*
    };
}

kinds! {
    /// The kind of images: a link, a data URL or base64 text.
    Image;
    /// The kind of videos: a link.
    Video;
    /// The kind of sound files: a link.
    Audio;
    /// The kind of texts, such as prompts.
    Text;
    /// The kind of trained models: a link to the file.
    Model;
    /// The kind of three-dimensional models: a link to the file.
    Model3d;
    /// The kind of archives of files: a link.
    Archive;
    /// The kind of what a draft of a video leaves behind for the final one: a link.
    DraftCache;
    /// What can be looked at: an [`Image`] or a [`Video`].
    Visual;
    /// What can be listened to: an [`Audio`] or a [`Video`].
    Sound;
}

macro_rules! plain_kinds {
    ($($kind:ty),*) => {
        $(
            impl sealed::Sealed for $kind {}

            impl Kind for $kind {
                type Value = $kind;
            }

            impl From<$kind> for Source<$kind> {
                fn from(value: $kind) -> Self {
                    Self(Input::Value(value))
                }
            }
        )*
    };
}

plain_kinds!(bool, f64, i32, i64);
#[cfg(any(feature = "image", feature = "media"))]
plain_kinds!(civitai_api::v2::types::ImageGenOutputFormat);

/// A value for a step's input, given or [deferred](Deferred).
#[derive(Clone, PartialEq)]
pub struct Source<K: Kind>(Input<K::Value>);

impl<K: Kind> Source<K> {
    /// The value as the types of the contract have it.
    #[must_use]
    pub fn into_input(self) -> Input<K::Value> {
        self.0
    }
}

impl<K: Kind> fmt::Debug for Source<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K: Kind> From<Deferred<K>> for Source<K> {
    fn from(value: Deferred<K>) -> Self {
        Self(value.to_input())
    }
}

/// What is of one kind is of a wider one, too.
macro_rules! widen {
    ($($narrow:ident to $wide:ident),*) => {
        $(impl From<Deferred<$narrow>> for Source<$wide> {
            fn from(value: Deferred<$narrow>) -> Self {
                Self(Input::Reference(value.reference()))
            }
        })*
    };
}

widen!(
    Image to Visual, Video to Visual, Audio to Sound, Video to Sound, i32 to i64, i32 to f64,
    i64 to f64
);

// A whole number where the wire has a wider one.
impl From<i32> for Source<i64> {
    fn from(value: i32) -> Self {
        Self(Input::Value(value.into()))
    }
}

impl From<u32> for Source<i64> {
    fn from(value: u32) -> Self {
        Self(Input::Value(value.into()))
    }
}

impl From<i32> for Source<f64> {
    fn from(value: i32) -> Self {
        Self(Input::Value(value.into()))
    }
}

/// A value that is known only once the workflow runs: from the output of a step, or an argument.
///
/// It comes from a [`StepHandle`](super::StepHandle) or from
/// [`WorkflowRequest::argument`](super::WorkflowRequest::argument), and goes into a step of the
/// same workflow.
pub struct Deferred<K> {
    origin: Origin,
    path: Option<String>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Deferred<K> {
    pub(super) fn new(origin: Origin, path: String) -> Self {
        Self {
            origin,
            path: Some(path),
            kind: PhantomData,
        }
    }

    /// The item of a list, or what it holds.
    pub(super) fn item(origin: Origin, within: Option<String>) -> Self {
        Self {
            origin,
            path: within,
            kind: PhantomData,
        }
    }

    /// Refers to a value by the name of its step and its path, such as `hero` and
    /// `output.images[0].url`, where there is no handle.
    ///
    /// That there is such a step is checked before the workflow is sent; that it makes such a value
    /// is not.
    pub fn named(step: impl Into<String>, path: impl Into<String>) -> Self {
        Self::new(Origin::Named(step.into()), path.into())
    }

    /// Returns the value for a member of a type of the contract, which knows no kinds.
    ///
    /// What stands there as the source becomes the name of a step only in
    /// [`WorkflowRequest::to_template`](super::WorkflowRequest::to_template).
    #[must_use]
    pub fn to_input(&self) -> Input<K::Value> {
        Input::Reference(self.reference())
    }

    /// Returns where the value is found: `output.images[0].url`; empty where all of its source is meant.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or_default()
    }

    fn reference(&self) -> Reference {
        Reference {
            source: self.origin.to_source(),
            path: self.path.clone(),
        }
    }
}

impl<K> Clone for Deferred<K> {
    fn clone(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            path: self.path.clone(),
            kind: PhantomData,
        }
    }
}

impl<K> fmt::Debug for Deferred<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Deferred({} {})",
            self.origin,
            self.path.as_deref().unwrap_or_default()
        )
    }
}

/// A file that the service keeps has an AIR as well.
impl From<&crate::Air> for Source<Archive> {
    fn from(file: &crate::Air) -> Self {
        Self(Input::Value(file.to_string()))
    }
}
