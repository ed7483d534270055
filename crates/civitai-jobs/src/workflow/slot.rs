//! The members of an input as they are set: required or not, single or many.

use civitai_api::Input;

/// A member of an input, required or not.
pub(super) trait Member<T> {
    fn set(&mut self, value: Input<T>);
}

impl<T> Member<T> for Input<T> {
    fn set(&mut self, value: Input<T>) {
        *self = value;
    }
}

impl<T> Member<T> for Option<Input<T>> {
    fn set(&mut self, value: Input<T>) {
        *self = Some(value);
    }
}

/// A member that holds a list or a map.
#[cfg(any(
    feature = "audio",
    feature = "image",
    feature = "text",
    feature = "training",
    feature = "video"
))]
pub(super) trait Collection<C> {
    /// Adds an item; what was to come from another step is given up for it.
    fn add<T>(&mut self, item: T)
    where
        C: Extend<T>;
}

#[cfg(any(
    feature = "audio",
    feature = "image",
    feature = "text",
    feature = "training",
    feature = "video"
))]
impl<C: Default> Collection<C> for Input<C> {
    fn add<T>(&mut self, item: T)
    where
        C: Extend<T>,
    {
        match self {
            Self::Value(collection) => collection.extend([item]),
            Self::Reference(_) => {
                let mut collection = C::default();
                collection.extend([item]);
                *self = Self::Value(collection);
            }
        }
    }
}

#[cfg(any(
    feature = "audio",
    feature = "image",
    feature = "text",
    feature = "training",
    feature = "video"
))]
impl<C: Default> Collection<C> for Option<Input<C>> {
    fn add<T>(&mut self, item: T)
    where
        C: Extend<T>,
    {
        self.get_or_insert_default().add(item);
    }
}
