//! Pictures painted when they are asked for, and kept for a while.

use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;

use crate::core::lock::lock;
use crate::core::paint::Picture;

/// Pictures that are kept, so that a range does not paint anew.
const KEPT: usize = 16;

/// The pictures painted last, by the name of their file.
#[derive(Debug, Default)]
pub(crate) struct Gallery(Mutex<VecDeque<(String, Bytes)>>);

impl Gallery {
    /// A picture as a PNG, painted if it is none of those that are kept; nothing where it cannot be.
    pub(crate) async fn picture(&self, name: &str, picture: Picture) -> Option<Bytes> {
        if let Some((_, file)) = lock(&self.0).iter().find(|(kept, _)| kept == name) {
            return Some(file.clone());
        }
        let painting = tokio::task::spawn_blocking(move || picture.paint());
        let Ok(Ok(file)) = painting.await else {
            return None;
        };
        let (file, mut kept) = (Bytes::from(file), lock(&self.0));
        kept.truncate(KEPT - 1);
        kept.push_front((name.to_owned(), file.clone()));
        Some(file)
    }
}
