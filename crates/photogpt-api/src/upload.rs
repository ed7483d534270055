//! Pictures to train on, checked before anything is sent.

use std::fmt;

use crate::operations::UploadImageForm;
use crate::types::Image;
use crate::{Client, Error, FilePart, ResponseValue};

/// The largest picture, in bytes: a request holds 20 MB.
pub const LARGEST: usize = 20 * 1000 * 1000;
/// How many pictures a training takes.
pub const PICTURES: std::ops::RangeInclusive<usize> = 12..=20;
/// Kinds of file: the ending, the bytes it begins with and where they stand.
const KINDS: [(&str, usize, &[u8]); 5] = [
    ("jpg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("webp", 8, b"WEBP"),
    ("heic", 4, b"ftypheic"),
    ("heic", 4, b"ftypmif1"),
];

/// A picture that the service takes.
#[derive(Clone, Debug)]
pub struct Picture {
    bytes: bytes::Bytes,
    ending: &'static str,
}

/// Why a picture or a set of them is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureError {
    /// It is no jpg, webp, png or heic.
    Kind,
    /// It is larger than [`LARGEST`].
    TooLarge(usize),
    /// A training takes [`PICTURES`].
    Count(usize),
}

impl Picture {
    /// Takes the bytes of a picture, whatever it is called.
    ///
    /// # Errors
    ///
    /// It is of another kind, or too large.
    pub fn new(bytes: impl Into<bytes::Bytes>) -> Result<Self, PictureError> {
        let bytes = bytes.into();
        if bytes.len() > LARGEST {
            return Err(PictureError::TooLarge(bytes.len()));
        }
        let begins = |(_, at, start): &&(&str, usize, &[u8])| {
            bytes.get(*at..).is_some_and(|rest| rest.starts_with(start))
        };
        let kind = KINDS.iter().find(begins).ok_or(PictureError::Kind)?;
        Ok(Self {
            ending: kind.0,
            bytes,
        })
    }

    /// Checks that there are as many pictures as a training takes.
    ///
    /// # Errors
    ///
    /// There are fewer or more.
    pub fn check(pictures: &[Self]) -> Result<(), PictureError> {
        match PICTURES.contains(&pictures.len()) {
            true => Ok(()),
            false => Err(PictureError::Count(pictures.len())),
        }
    }
}

impl Client {
    /// Uploads a picture for a model to be trained on.
    ///
    /// # Errors
    ///
    /// The service refuses: it takes 20 pictures for a model at most.
    pub async fn add_picture(
        &self,
        model_id: &str,
        picture: &Picture,
    ) -> Result<ResponseValue<Image>, Error> {
        let data = serde_json::json!({ "modelID": model_id, "type": "modelInput" });
        let file = FilePart::named(format!("picture.{}", picture.ending), picture.bytes.clone());
        self.upload_image(UploadImageForm::new(data.to_string(), file))
            .await
    }
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind => f.write_str("the picture is no jpg, png, webp or heic"),
            Self::TooLarge(bytes) => {
                write!(f, "the picture has {bytes} bytes; {LARGEST} are the most")
            }
            Self::Count(count) => {
                let (least, most) = (PICTURES.start(), PICTURES.end());
                write!(
                    f,
                    "there are {count} pictures; a training takes {least} to {most}"
                )
            }
        }
    }
}

impl std::error::Error for PictureError {}
