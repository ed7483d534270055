//! Reads the fields of one JSON object and gathers everything that is wrong with them.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::core::air::is_air;
use crate::core::problem::FieldErrors;

/// One JSON object at a path of the request body.
///
/// Null counts as absent, as it does for the service.
pub(crate) struct Fields<'a> {
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(path: impl Into<String>, object: &'a Map<String, Value>) -> Self {
        Self {
            path: path.into(),
            object,
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    pub(crate) fn refuse(&self, name: &str, message: impl Into<String>, errors: &mut FieldErrors) {
        errors
            .entry(self.path_of(name))
            .or_default()
            .push(message.into());
    }

    pub(crate) fn require(&self, name: &str, errors: &mut FieldErrors) {
        if self.value(name).is_none() {
            self.refuse(name, "Is required.", errors);
        }
    }

    pub(crate) fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a str> {
        let value = self.value(name)?;
        if value.as_str().is_none() {
            self.refuse(name, "Must be a string.", errors);
        }
        value.as_str()
    }

    pub(crate) fn air(&self, name: &str, errors: &mut FieldErrors) {
        if let Some(text) = self.text(name, errors)
            && !is_air(text)
        {
            self.refuse(name, format!("`{text}` is not an AIR."), errors);
        }
    }

    pub(crate) fn object(&self, name: &str, errors: &mut FieldErrors) -> Option<Fields<'a>> {
        let value = self.value(name)?;
        let Some(object) = value.as_object() else {
            self.refuse(name, "Must be an object.", errors);
            return None;
        };
        Some(Fields::new(self.path_of(name), object))
    }

    /// The items of a list of objects.
    pub(crate) fn objects(&self, name: &str, errors: &mut FieldErrors) -> Vec<Fields<'a>> {
        let mut objects = Vec::new();
        for (at, item) in self.items(name, errors).iter().enumerate() {
            let name = format!("{name}[{at}]");
            match item.as_object() {
                Some(object) => objects.push(Fields::new(self.path_of(&name), object)),
                None => self.refuse(&name, "Must be an object.", errors),
            }
        }
        objects
    }

    /// The items of a list of texts.
    pub(crate) fn texts(&self, name: &str, errors: &mut FieldErrors) -> Vec<&'a str> {
        let mut texts = Vec::new();
        for (at, item) in self.items(name, errors).iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text),
                None => self.refuse(&format!("{name}[{at}]"), "Must be a string.", errors),
            }
        }
        texts
    }

    fn items(&self, name: &str, errors: &mut FieldErrors) -> &'a [Value] {
        let Some(value) = self.value(name) else {
            return &[];
        };
        let items = value.as_array().map(Vec::as_slice);
        items.unwrap_or_else(|| {
            self.refuse(name, "Must be an array.", errors);
            &[]
        })
    }

    pub(crate) fn entries(&self) -> &'a Map<String, Value> {
        self.object
    }

    pub(crate) fn integer(
        &self,
        name: &str,
        range: RangeInclusive<i64>,
        errors: &mut FieldErrors,
    ) -> Option<i64> {
        let value = self.value(name)?;
        let number = value.as_i64().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = range.into_inner();
            self.refuse(
                name,
                format!("Must be an integer from {least} to {most}."),
                errors,
            );
        }
        number
    }

    pub(crate) fn number(
        &self,
        name: &str,
        range: RangeInclusive<f64>,
        errors: &mut FieldErrors,
    ) -> Option<f64> {
        let value = self.value(name)?;
        let number = value.as_f64().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = range.into_inner();
            self.refuse(
                name,
                format!("Must be a number from {least} to {most}."),
                errors,
            );
        }
        number
    }

    pub(crate) fn one_of(&self, name: &str, values: &[&str], errors: &mut FieldErrors) {
        if let Some(text) = self.text(name, errors)
            && !values.contains(&text)
        {
            let message = format!("`{text}` is none of: {}.", values.join(", "));
            self.refuse(name, message, errors);
        }
    }
}
