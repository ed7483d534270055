//! The values that members have: numbers, texts, times, lists, maps, and what may be absent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::wire::{
    Blank, Constant, Edit, Entries, Holder, Items, Mut, Named, Ref, SetInt, SetText, View, Wire,
};

macro_rules! whole {
    ($($number:ty as $view:ident),*) => {$(
        impl Wire for $number {
            fn view(&self) -> View<'_> {
                View::$view((*self).into())
            }

            fn edit(&mut self) -> Edit<'_> {
                Edit::Int(self)
            }
        }

        impl Blank for $number {
            fn blank() -> Self {
                0
            }
        }

        impl Constant for $number {
            const BLANK: Self = 0;
        }

        impl SetInt for $number {
            fn set_int(&mut self, value: i128) -> bool {
                let fits = Self::try_from(value);
                *self = fits.unwrap_or(*self);
                fits.is_ok()
            }
        }
    )*};
}

whole!(i32 as Int, i64 as Int, u32 as UInt, u64 as UInt);

impl Wire for f64 {
    fn view(&self) -> View<'_> {
        View::Float(*self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Float(self)
    }
}

impl Blank for f64 {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl Constant for f64 {
    const BLANK: Self = 0.0;
}

impl Wire for bool {
    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Bool(self)
    }
}

impl Blank for bool {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl Constant for bool {
    const BLANK: Self = false;
}

impl Wire for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Text(self)
    }
}

impl Blank for String {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl Constant for String {
    const BLANK: Self = Self::new();
}

impl SetText for String {
    fn set_text(&mut self, text: std::borrow::Cow<'_, str>) {
        *self = text.into_owned();
    }
}

impl Wire for DateTime<Utc> {
    fn view(&self) -> View<'_> {
        View::Date(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Date(self)
    }
}

impl Blank for DateTime<Utc> {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl Constant for DateTime<Utc> {
    const BLANK: Self = Self::UNIX_EPOCH;
}

impl Wire for Value {
    fn view(&self) -> View<'_> {
        View::Raw(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Raw(self)
    }
}

impl Blank for Value {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl Constant for Value {
    const BLANK: Self = Self::Null;
}

impl<T: Blank> Wire for Option<T> {
    fn view(&self) -> View<'_> {
        match self {
            Some(value) => value.view(),
            None => View::Absent,
        }
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Option(self)
    }
}

impl<T: Blank> Blank for Option<T> {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl<T: Blank> Constant for Option<T> {
    const BLANK: Self = None;
}

impl<T: Blank> Holder for Option<T> {
    fn put(&mut self) -> Mut<'_> {
        self.insert(T::blank())
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn held(&mut self) -> Option<Mut<'_>> {
        match self {
            Some(value) => Some(value),
            None => None,
        }
    }
}

impl<T: Blank> Wire for Box<T> {
    fn view(&self) -> View<'_> {
        (**self).view()
    }

    fn edit(&mut self) -> Edit<'_> {
        (**self).edit()
    }
}

impl<T: Blank> Blank for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
}

impl<T: Blank> Items for Vec<T> {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(Ref<'a>)) {
        for item in self {
            visit(item);
        }
    }
}

impl<T: Blank> Wire for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::List(self)
    }
}

impl<T: Blank> Blank for Vec<T> {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl<T: Blank> Constant for Vec<T> {
    const BLANK: Self = Self::new();
}

impl<T: Blank> Holder for Vec<T> {
    fn put(&mut self) -> Mut<'_> {
        let last = self.len();
        self.push(T::blank());
        &mut self[last]
    }

    fn clear(&mut self) {
        self.clear();
    }
}

impl<T: Blank> Entries for BTreeMap<String, T> {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        for (name, value) in self {
            visit(name, value);
        }
    }
}

impl<T: Blank> Wire for BTreeMap<String, T> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Map(self)
    }
}

impl<T: Blank> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::BLANK
    }
}

impl<T: Blank> Constant for BTreeMap<String, T> {
    const BLANK: Self = Self::new();
}

impl<T: Blank> Named for BTreeMap<String, T> {
    fn put(&mut self, name: &str, read: &mut dyn FnMut(Mut<'_>) -> bool) {
        let mut value = T::blank();
        if read(&mut value) {
            self.insert(name.to_owned(), value);
        }
    }

    fn clear(&mut self) {
        self.clear();
    }
}
