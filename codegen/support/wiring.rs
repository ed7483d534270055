//! What the lines beside the generated types stand on.

pub(crate) use std::fmt::Debug;

pub(crate) use serde::Serialize;

pub(crate) use super::choice::{Sign, bears, choice};
pub(crate) use super::decode::deserialize;
pub(crate) use super::encode::{Out, Print, same, wired};
pub(crate) use super::extra::Extra;
pub(crate) use super::object::{self, Fixed, Member, Object, object};
pub(crate) use super::open_enum::{UnknownValue, open_enum};
pub(crate) use super::open_number::open_number;
pub(crate) use super::raw_object::RawObject;
pub(crate) use super::read::read;
pub(crate) use super::shared::{self, shared};
pub(crate) use super::tagged::{self, Tag, Tagged, lifted, tagged};
pub(crate) use super::tree::Tree;
pub(crate) use super::wire::{
    Blank, Choice, Constant, Edit, Mut, ReadsItself, Ref, SetInt, SetText, Unfit, View, Wire,
};
